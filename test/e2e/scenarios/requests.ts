import assert from 'node:assert/strict'
import { usageOf, type Workload } from '../../../scripts/summary/price.ts'
import { table } from '../../../scripts/terminal/table.ts'
import type { Scenario, World } from '../scenario.ts'

const ROWS = 50
const NOTHING: Workload = { files: 0, bytes: 0, large: 0, items: 0, passes: 0, idle: 0, listed: 0 }

/** Milliseconds that each call of AWS takes longer, to count those that wait for each other. */
const LATENCY = 300
/** Calls in sequence of a pass before they were made side by side (docs/scale.md). */
const BEFORE = 71

/** What an execution asks of AWS, counted, beside what scripts/summary/price.ts reckons with. */
export const requests: readonly Scenario[] = [
  {
    name: 'requests are counted, and no more than the price estimate says',
    run: async world => {
      const { pipeline } = world
      const rows: unknown[][] = []
      const measure = async (what: string, work: Partial<Workload>) => {
        const counted = await countRun(world)
        const { gets, puts } = usageOf({ ...NOTHING, ...work }, { join: 1769, other: 1024 })
        const reckoned = [Math.ceil(gets), Math.ceil(puts)]
        const [read, written] = [counted.GET + counted.HEAD, counted.PUT + counted.LIST]
        rows.push([what, counted.GET, counted.HEAD, counted.LIST, counted.PUT, counted.athena, ...reckoned])
        assert(read <= gets && written <= puts, `${what}: ${read} and ${written}, the estimate has ${reckoned}`)
      }
      await measure('nothing new', { idle: 1 })
      for (const files of [1, 10, 100]) {
        for (let i = 0; i < files; i++) await pipeline.addReviews(`counted-${files}-${i}`, ROWS)
        await measure(`${files} small`, { files, items: 1, passes: 1, listed: 1 })
      }
      await pipeline.addReviews('counted-large', 60_000)
      await measure('1 large', { files: 1, large: 1, items: 1, passes: 1, listed: 1 })
      return table(['files', 'GET', 'HEAD', 'LIST', 'PUT, POST', 'Athena', 'GETs reckoned', 'PUTs reckoned'], rows)
    },
  },
  {
    name: `calls in sequence of a pass with one small file, by ${LATENCY} ms more for every call`,
    run: async world => {
      await workersOf(world, 'sequence-warm', 0)
      const quick = await workersOf(world, 'sequence-quick', 0)
      const slow = await workersOf(world, 'sequence-slow', LATENCY / 1000)
      const calls = [...quick].map(([worker, time]) => [worker, ((slow.get(worker) ?? 0) - time) / LATENCY] as const)
      const sum = calls.reduce((all, [, each]) => all + each, 0)
      const rows = [...calls, ['together', sum] as const].map(([worker, each]) => [worker, each.toFixed(1)])
      assert(sum * 2 <= BEFORE, `${sum} calls, ${BEFORE} before`)
      return `${table(['worker', 'calls in sequence'], rows)}\n${BEFORE} before`
    },
  },
]

/** How long each worker takes for a pass with one small file, in milliseconds, when every call takes `seconds` longer. */
async function workersOf({ pipeline, emulator }: World, name: string, seconds: number): Promise<Map<string, number>> {
  await pipeline.addReviews(name, ROWS)
  if (seconds > 0) {
    const services = ['s3', 'athena', 'glue', 'states'] as const
    const delay = { match: '*', do: 'delay' as const, seconds, times: 1_000_000 }
    await emulator.inject(...services.map(service => ({ service, ...delay })))
  }
  const since = Date.now()
  await pipeline.run()
  if (seconds > 0) await emulator.heal()
  const times = new Map<string, number>()
  for (const worker of ['plan', 'loadDimensions', 'join', 'commit', 'refresh']) {
    const [line] = await pipeline.logLines(worker, since)
    times.set(worker, Number(line?.milliseconds))
  }
  return times
}

/** Runs an execution and counts its requests to S3 as S3 charges for them, and the statements for Athena. */
async function countRun({ pipeline, emulator }: World) {
  await emulator.requests()
  await pipeline.run()
  const counts = { GET: 0, HEAD: 0, LIST: 0, PUT: 0, athena: 0 }
  for (const { service, operation } of await emulator.requests()) {
    if (operation === 'StartQueryExecution') counts.athena++
    if (service !== 's3') continue
    const kind = operation.startsWith('List')
      ? 'LIST'
      : operation.startsWith('Get')
        ? 'GET'
        : operation.startsWith('Head')
          ? 'HEAD'
          : 'PUT'
    counts[kind]++
  }
  return counts
}
