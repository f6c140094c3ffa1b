import assert from 'node:assert/strict'
import { findRubbish, removeRubbish } from '../../functions/maintain/vacuum.ts'
import { Crash } from '../support/faulty-store.ts'
import { World } from '../support/world.ts'

const DAY = 86_400_000
const REPROCESS = { reprocess: { from: '2000-01-01', to: '2100-01-01' } }

type Workers = ReturnType<World['workers']>['workers']
/** An invocation that is still going on somewhere, though nobody waits for it any more. */
interface Zombie {
  readonly worker: keyof Workers
  readonly payload: unknown
}

/** Runs an execution and keeps every invocation of it; `dies` lets it end before its commit. */
async function haunt(world: World, dies: boolean, input: object = {}): Promise<Zombie[]> {
  const zombies: Zombie[] = []
  const { workers, store } = world.workers(world.store)
  const recorded = Object.fromEntries(
    Object.entries(workers).map(([name, work]) => [
      name,
      async (payload: unknown) => {
        zombies.push({ worker: name as keyof Workers, payload })
        if (dies && name === 'commit') throw new Crash('died before its commit')
        return work(payload)
      },
    ]),
  ) as Workers
  const run = world.runWith(recorded, store, { ...input })
  if (dies) await assert.rejects(run, Crash)
  else await run
  return zombies
}

async function visible(world: World) {
  return { silver: await world.silver(), parked: await world.parked(), settled: await world.settled() }
}

async function vacuum(world: World): Promise<void> {
  const { store, layout, now } = world
  const options = { store, layout, now, olderThan: DAY, executions: { isRunning: async () => false } }
  for (const found of await findRubbish(options)) await removeRubbish(found, options)
}

/** What happens to the lake while the zombies are about. */
const MOMENTS: [string, (world: World) => Promise<unknown>][] = [
  ['after another run has joined the same files', world => world.run()],
  [
    'after parked rows were taken in',
    async world => {
      await world.addCustomers('late', [{ customer_id: '2', customer_name: 'two' }])
      await world.run()
    },
  ],
  ['after everything was written again', world => world.run(REPROCESS)],
  [
    'after vacuum has removed what they wrote',
    async world => {
      world.now += 2 * DAY
      await vacuum(world)
    },
  ],
  [
    'after a bronze file has changed and was taken anew',
    async world => {
      await world.addReviews('a', [{ review_id: 'a1', customer_id: '1', stars: 4 }])
      await world.run({ reprocess: { changed: true } })
    },
  ],
]

describe('zombies', () => {
  for (const dies of [true, false]) {
    it(`of an attempt that was ${dies ? 'never' : ''} committed change nothing that anyone sees, at any later moment`, async () => {
      const world = new World()
      await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
      await world.addReviews('a', [
        { review_id: 'a1', customer_id: '1', stars: 5 },
        { review_id: 'a2', customer_id: '2', stars: 5 },
      ])
      await world.addReviews('b', [{ review_id: 'b1', customer_id: '1', stars: 5 }])
      const zombies = await haunt(world, dies)
      assert.deepEqual(new Set(zombies.map(({ worker }) => worker)).size, dies ? 4 : 5)
      let calls = 0
      for (const [moment, happen] of MOMENTS) {
        await happen(world)
        const before = await visible(world)
        for (const order of [zombies, [...zombies].reverse()]) {
          for (const { worker, payload } of order) {
            const { workers } = world.workers(world.store) // cold ones: nothing is remembered
            await workers[worker](payload).catch((error: Error) =>
              assert.match(error.name, /^(PlanExpired|ObjectMissing)$/),
            )
            assert.deepEqual(await visible(world), before, `${worker} ${moment}`)
            calls++
          }
        }
        await world.run()
        assert.deepEqual(await visible(world), before, `a run ${moment}`)
      }
      console.log(`      ${calls} late invocations changed nothing`)
    })
  }

  it('that refresh set an old location last, and the next run sets it right', async () => {
    const world = new World()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    await world.addReviews('a', [{ review_id: 'a1', customer_id: '1', stars: 5 }])
    await world.run()
    const [old] = [...world.catalog.partitions.values()]
    assert(old)
    world.sql = world.sql.replace('c.customer_name', "concat(c.customer_name, '!') AS customer_name")
    await world.run(REPROCESS)
    const now = await world.silver()
    await world.catalog.setPartitions([{ ...old, replaced: true }]) // a statement that was long under way
    assert.notDeepEqual(await world.silver(), now)
    await world.run()
    assert.deepEqual(await world.silver(), now)
  })
})
