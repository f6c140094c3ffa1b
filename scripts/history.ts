import { readCommit, readLog } from '../functions/log/read.ts'
import { command, options, wholeNumber } from './command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from './open-lake.ts'
import { table } from './text.ts'

const USAGE = 'npm run history -- [--lake DIR | --stage NAME] [--last N]'

await command(async () => {
  const { values } = options(USAGE, { ...ANY_LAKE_OPTIONS, last: { type: 'string', default: '50' } })
  const { store, layout } = await openAnyLake(values)
  const { state } = await readLog(store, layout)
  const rows: unknown[][] = []
  for (
    let version = Math.max(0, state.version + 1 - wholeNumber('last', values.last));
    version <= state.version;
    version++
  ) {
    const commit = await readCommit(store, layout, version)
    if (!commit) continue
    const { operation, batch, committedAt } = commit
    const head = [version, committedAt.slice(0, 19), operation, batch]
    if (commit.operation === 'abandon') {
      rows.push([...head, ...Array(9).fill(null)])
      continue
    }
    const { read, filtered, nullKey, unmatched, matched, written } = commit.rows
    const parked = commit.parked.reduce((sum, file) => sum + file.rows, 0)
    const files = commit.bronze.length
    rows.push([...head, files, read, filtered, nullKey, unmatched, matched, written, parked, commit.quarantined.length])
  }
  const header = [
    'version',
    'committed',
    'operation',
    'batch',
    'files',
    'read',
    'filtered',
    'no key',
    'unmatched',
    'matched',
  ]
  console.log(table([...header, 'written', 'parked', 'quarantined'], rows))
})
