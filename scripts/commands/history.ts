import type { BatchCommit } from '../../functions/log/commit.ts'
import { needCommit } from '../../functions/log/read.ts'
import { readWholeLog } from '../../functions/planning/whole-log.ts'
import { defineCommand, wholeNumber } from '../command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../open-lake.ts'
import { table } from '../table.ts'
import { print } from '../terminal/print.ts'

const COUNTS = ['files', 'read', 'filtered', 'no key', 'unmatched', 'matched', 'written', 'parked', 'quarantined']

export default defineCommand(
  {
    purpose: 'Shows the commits, newest last: their files, and what became of the rows.',
    options: {
      ...ANY_LAKE_OPTIONS,
      last: { type: 'string', default: '50', value: 'N', help: 'how many commits' },
    },
  },
  async values => {
    const last = wholeNumber('last', values.last)
    const { store, layout } = await openAnyLake(values)
    const { state } = (await readWholeLog(store, layout)).log
    if (state.version < 0) return print('the log is empty: no run has committed anything yet')
    const rows: unknown[][] = []
    for (let version = Math.max(0, state.version + 1 - last); version <= state.version; version++) {
      const commit = await needCommit(store, layout, version)
      const { operation, batch, committedAt } = commit
      const counts = commit.operation === 'abandon' ? COUNTS.map(() => null) : countsOf(commit)
      rows.push([version, committedAt.slice(0, 19), operation, batch, ...counts])
    }
    print(table(['version', 'committed', 'operation', 'batch', ...COUNTS], rows))
  },
)

/** The numbers of COUNTS. */
function countsOf({ bronze, rows, parked, quarantined }: BatchCommit): number[] {
  const { read, filtered, nullKey, unmatched, matched, written } = rows
  const waiting = parked.reduce((sum, file) => sum + file.rows, 0)
  return [bronze.length, read, filtered, nullKey, unmatched, matched, written, waiting, quarantined.length]
}
