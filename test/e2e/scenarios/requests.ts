import assert from 'node:assert/strict'
import { usageOf, type Workload } from '../../../scripts/summary/price.ts'
import { table } from '../../../scripts/terminal/table.ts'
import type { Scenario, World } from '../scenario.ts'

const ROWS = 50
const NOTHING: Workload = { files: 0, bytes: 0, large: 0, items: 0, passes: 0, idle: 0, listed: 0 }

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
]

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
