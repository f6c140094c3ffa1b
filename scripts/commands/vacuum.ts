import { connectS3 } from '../../functions/runtime/s3.ts'
import { defineCommand, UsageError } from '../command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../open-lake.ts'
import { keptVersions } from '../stage/kept-versions.ts'
import { table } from '../table.ts'
import { print } from '../terminal/print.ts'
import { bytes, many } from '../text.ts'
import { findRubbish, type Rubbish, removeRubbish } from '../upkeep/vacuum.ts'

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

export default defineCommand(
  {
    purpose:
      'Removes what nobody can need any more: attempts that were never committed, locations that were replaced, plans of ' +
      'settled batches, customers snapshots that no commit will use again, and files that a killed run was writing.',
    options: {
      ...ANY_LAKE_OPTIONS,
      'older-than': { type: 'string', default: '24h', value: 'AGE', help: 'how old it must be: 30m, 24h, 7d' },
      'dry-run': { type: 'boolean', default: false, help: 'only say what would go' },
    },
  },
  async values => {
    const olderThan = age(values['older-than'])
    const lake = await openAnyLake(values)
    const vacuum = { ...lake, now: Date.now(), olderThan }
    const found = await findRubbish(vacuum)
    if (found.length === 0) return print('nothing to remove')
    const rows = found.map(({ kind, batch, attempt, keys, bytes: size }) => [
      kind,
      batch,
      attempt,
      keys.length,
      bytes(size),
    ])
    print(table(['what', 'batch', 'attempt', 'objects', 'size'], rows))
    if (values['dry-run']) return print(`dry run: ${total(found)} would go`)
    const removed: Rubbish[] = []
    for (const each of found) if (await removeRubbish(each, vacuum)) removed.push(each)
    print(`removed ${total(removed)}`)
    const kept =
      'stage' in lake ? await keptVersions(connectS3(), lake.stage.bucket, lake.layout.roots.silver) : undefined
    if (kept !== undefined) print(kept)
  },
)

function total(found: readonly Rubbish[]): string {
  const objects = found.reduce((sum, { keys }) => sum + keys.length, 0)
  return `${many(objects, 'object')}, ${bytes(found.reduce((sum, each) => sum + each.bytes, 0))}`
}

/** Milliseconds of `30m`, `24h` or `7d`. */
function age(text: string): number {
  const [, number, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? []
  const scale = UNITS[unit]
  if (number === undefined || scale === undefined)
    throw new UsageError(`--older-than must be like 30m, 24h or 7d, not ${text}`)
  return Number(number) * scale
}
