import assert from 'node:assert/strict'
import type { Json } from '../../functions/adapters/step-functions/distributed-map.ts'
import { Crash, crashAt, Faults } from '../support/faulty-store.ts'
import { type Review, SQL, World } from '../support/world.ts'

const review = (id: string, customer: string | null, stars = 5): Review => ({
  review_id: id,
  customer_id: customer,
  stars,
})
const customer = (id: string, name = `name of ${id}`) => ({ customer_id: id, customer_name: name })

/** A life of a lake: what is put into it, and the runs in between. */
const STEPS: readonly { readonly prepare: (world: World) => Promise<void>; readonly input: () => Json }[] = [
  {
    // three batches of at most two files; rows that are matched, filtered, without key, unmatched; a file that is none
    prepare: async world => {
      await world.addCustomers('c', [customer('1'), customer('2'), customer('2', 'twice')])
      await world.addReviews('a', [review('a1', '1'), review('a2', '2'), review('a3', '8'), review('a4', null)])
      await world.addReviews('b', [review('b1', '1', 1), review('b2', '9'), review('b3', '2')])
      await world.addReviews('c', [review('c1', '1')])
      await world.addReviews('e', [review('e1', '9'), review('e2', '7')])
      await world.store.put('bronze/reviews/d.parquet', new TextEncoder().encode('no Parquet at all'))
    },
    input: () => ({}),
  },
  {
    // customers come: parked rows are joined, some wait on
    prepare: async world => {
      await world.addCustomers('late', [customer('9')])
      await world.addReviews('f', [review('f1', '9'), review('f2', '6')])
    },
    input: () => ({}),
  },
  {
    // everything is written again with another query
    prepare: async world => {
      world.sql = SQL.replace('r.stars > 1', 'r.stars > 0')
    },
    input: () => ({ reprocess: { from: '2000-01-01', to: '2100-01-01' } }),
  },
  {
    // the last customers come
    prepare: world => world.addCustomers('last', [customer('6'), customer('8')]),
    input: () => ({}),
  },
]

async function outcome(world: World) {
  return {
    silver: await world.silver(),
    parked: await world.parked(),
    settled: await world.settled(),
    spark: await world.spark(),
  }
}

/** Lives through the steps from one on; the first run of it is made to fail, and then repeated as it is. */
async function live(world: World, from: number, faults?: Faults): Promise<void> {
  for (const [i, { prepare, input }] of STEPS.entries()) {
    if (i < from) continue
    if (i > from || !faults) await prepare(world)
    if (i === from && faults) await world.run(input(), { faults }).catch(error => assert(error instanceof Crash, error))
    await world.run(input())
  }
}

describe('a run that dies', () => {
  it('is made good by the next one, at whichever operation it died, before or after its effect', async () => {
    const undisturbed = new World({ maxFilesPerBatch: 2 })
    await live(undisturbed, 0)
    const expected = await outcome(undisturbed)
    const ids = expected.silver.map(row => JSON.parse(row).review_id)
    assert.deepEqual(ids, ['a1', 'a2', 'a2', 'a3', 'b1', 'b2', 'b3', 'b3', 'c1', 'e1', 'f1', 'f2'])
    assert.deepEqual(expected.parked, ['e2'])
    assert.deepEqual(expected.spark, expected.silver)
    let cases = 0
    const before = new World({ maxFilesPerBatch: 2 })
    for (const [at, { prepare, input }] of STEPS.entries()) {
      await prepare(before)
      const counter = new Faults(() => undefined)
      await before.clone().run(input(), { faults: counter })
      for (let k = 1; k <= counter.count; k++) {
        for (const when of ['before', 'after'] as const) {
          const world = before.clone()
          await live(world, at, crashAt(k, when))
          assert.deepEqual(await outcome(world), expected, `step ${at}, operation ${k} of ${counter.count}, ${when}`)
          cases++
        }
      }
      await before.run(input())
    }
    console.log(`      crash matrix: ${cases} of ${cases} deaths were made good`)
  })
})
