import assert from 'node:assert/strict'
import { S3Store } from '../../functions/adapters/s3/s3-store.ts'
import type { Store } from '../../functions/lake/store.ts'
import { Random } from '../../scripts/demo/random.ts'
import { type InjectedFault, type S3Server, startS3 } from '../support/s3-server.ts'
import { World } from '../support/world.ts'

const RUNS = 50
/** The share of requests that go wrong. */
const RATE = 0.05
/** The share of faults that are an outage: so many requests after it fail as well, more than calls at the same time are tried again. */
const OUTAGES = 0.02
const OUTAGE = 60
/** What an execution may end with when S3 keeps failing. Anything else would be a bug. */
const CLEAR = new Set(['StoreUnavailable'])

/** The ways in which S3 and the network fail; for a write also: it took effect, and nobody was told. */
const FAULTS: readonly [InjectedFault, ...InjectedFault[]] = [
  { kind: 'status', when: 'before', status: 500, code: 'InternalError' },
  { kind: 'status', when: 'before', status: 503, code: 'SlowDown' },
  { kind: 'status', when: 'after', status: 500, code: 'InternalError' },
  { kind: 'status', when: 'after', status: 503, code: 'ServiceUnavailable' },
  { kind: 'reset', when: 'before' },
  { kind: 'reset', when: 'after' }, // the SDK tries again and gets 412 for its own success
  { kind: 'truncate', when: 'after' },
  { kind: 'status', when: 'before', status: 409, code: 'ConditionalRequestConflict' },
]

describe('a run on an S3 that fails', () => {
  let server: S3Server
  before(async () => {
    server = await startS3()
  })
  after(() => server.close())

  it('gives what an undisturbed one gives, or a clear failure that the next run makes good', async () => {
    let injected = 0
    let failures = 0
    const expected = await outcome(await live(server, 'calm', undefined))
    assert.equal(expected.silver.length, 8)
    for (let seed = 1; seed <= RUNS; seed++) {
      const random = new Random(seed)
      let down = 0
      const world = await live(server, `run-${seed}`, async run => {
        server.inject = method => {
          if (down > 0) {
            down--
            injected++
            return { kind: 'status', when: 'before', status: 503, code: 'SlowDown' }
          }
          if (!random.chance(RATE)) return undefined
          if (random.chance(OUTAGES)) down = OUTAGE
          const fault = random.pick(FAULTS)
          const conflict = fault.status === 409
          if (conflict && method !== 'PUT') return undefined // only conditional writes conflict
          injected++
          return fault
        }
        try {
          await run()
        } catch (error) {
          assert(error instanceof Error && CLEAR.has(error.name), error instanceof Error ? error.stack : String(error))
          failures++
        } finally {
          server.inject = () => undefined
        }
        await run()
      })
      assert.deepEqual(await outcome(world), expected, `seed ${seed}`)
    }
    assert(injected > RUNS)
    assert(failures > 0)
    console.log(`      ${RUNS} runs with ${injected} faults: ${failures} clear failures, all made good`)
  })
})

async function outcome(world: World<Store>) {
  return { silver: await world.silver(), parked: await world.parked(), settled: await world.settled() }
}

/** Two runs on a bucket of its own: one that appends and parks, one that takes parked rows in. */
async function live(
  server: S3Server,
  bucket: string,
  around: ((run: () => Promise<unknown>) => Promise<void>) | undefined,
): Promise<World<Store>> {
  server.bucket(bucket)
  const world = new World<Store>({ store: new S3Store(server.client(), bucket), maxFilesPerBatch: 3 })
  const review = (id: string, customer: string) => ({ review_id: id, customer_id: customer, stars: 5 })
  const step = async () => {
    const run = () => world.run()
    if (around) await around(run)
    else await run()
  }
  await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
  for (const name of ['a', 'b', 'c', 'd'])
    await world.addReviews(name, [review(`${name}1`, '1'), review(`${name}2`, name === 'd' ? '3' : '2')])
  await step()
  await world.addCustomers('d', [{ customer_id: '2', customer_name: 'two' }])
  await world.addReviews('e', [review('e1', '2')])
  await step()
  return world
}
