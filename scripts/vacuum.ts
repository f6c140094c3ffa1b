import { command, options, UsageError } from './command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from './open-lake.ts'
import { bytes, count, table } from './text.ts'
import { findRubbish, type Rubbish, removeRubbish } from './upkeep/vacuum.ts'

const USAGE = 'npm run vacuum -- [--lake DIR | --stage NAME] [--older-than 24h] [--dry-run]'
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

await command(async () => {
  const { values } = options(USAGE, {
    ...ANY_LAKE_OPTIONS,
    'older-than': { type: 'string', default: '24h' },
    'dry-run': { type: 'boolean', default: false },
  })
  const lake = await openAnyLake(values)
  const vacuum = { ...lake, now: Date.now(), olderThan: age(values['older-than']) }
  const found = await findRubbish(vacuum)
  if (found.length === 0) return console.log('nothing to remove')
  const rows = found.map(({ kind, batch, attempt, keys, bytes: size }) => [
    kind,
    batch,
    attempt,
    keys.length,
    bytes(size),
  ])
  console.log(table(['what', 'batch', 'attempt', 'objects', 'size'], rows))
  if (values['dry-run']) return console.log(`dry run: ${total(found)} would go`)
  const removed: Rubbish[] = []
  for (const each of found) if (await removeRubbish(each, vacuum)) removed.push(each)
  console.log(`removed ${total(removed)}`)
})

function total(found: readonly Rubbish[]): string {
  const objects = found.reduce((sum, { keys }) => sum + keys.length, 0)
  return `${count(objects)} objects, ${bytes(found.reduce((sum, each) => sum + each.bytes, 0))}`
}

/** Milliseconds of `30m`, `24h` or `7d`. */
function age(text: string): number {
  const [, number, unit = ''] = /^(\d+)([mhd])$/.exec(text) ?? []
  const scale = UNITS[unit]
  if (number === undefined || scale === undefined)
    throw new UsageError(`--older-than must be like 30m, 24h or 7d, not ${text}`)
  return Number(number) * scale
}
