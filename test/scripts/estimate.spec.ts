import assert from 'node:assert/strict'
import { estimateBackfill } from '../../scripts/backfill/estimate.ts'
import { priceOf, usageOf } from '../../scripts/price.ts'
import { World } from '../support/world.ts'

const caps = { maxFilesPerBatch: 2, maxBytesPerBatch: 1e9 }

describe('estimateBackfill()', () => {
  let world: World
  beforeEach(async () => {
    world = new World()
    world.maxFilesPerBatch = 2
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'Ann' }])
    for (const name of ['2024/a', '2024/b', '2024/c', '2025/d']) {
      await world.addReviews(name, [{ review_id: name, customer_id: '1', stars: 5 }])
    }
  })

  it('says what a run then does, and writes nothing', async () => {
    const before = [...world.store.objects.keys()]
    const { work } = await estimateBackfill(
      world,
      { prefix: 'bronze/reviews/2024/' },
      { caps, ignoreSparkMetadata: false },
    )
    assert.deepEqual([work.files, work.items, work.passes, work.listed], [3, 2, 2, 3])
    assert.deepEqual([...world.store.objects.keys()], before)
    const state = await world.run({ prefix: 'bronze/reviews/2024/' })
    assert.equal(state.done.length, work.passes)
    const left = await estimateBackfill(world, { prefix: 'bronze/reviews/' }, { caps, ignoreSparkMetadata: false })
    assert.equal(left.work.files, 1)
  })

  it('names the batches that would be written again, with their files', async () => {
    await world.run()
    const range = { from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' }
    const { work, batches } = await estimateBackfill(world, { reprocess: range }, { caps, ignoreSparkMetadata: false })
    assert.deepEqual([work.files, work.passes, batches.length], [4, 2, 2])
  })
})

describe('priceOf()', () => {
  const memory = { join: 1769, other: 1024 }
  const nothing = { files: 0, bytes: 0, large: 0, items: 0, passes: 0, idle: 0, listed: 0 }

  it('is nothing for nothing, and grows with each thing that is done', () => {
    assert.equal(priceOf(usageOf(nothing, memory)), 0)
    const some = { files: 10, bytes: 1e9, large: 2, items: 4, passes: 1, idle: 1, listed: 5000 }
    const usd = priceOf(usageOf(some, memory))
    for (const name of ['files', 'bytes', 'large', 'items', 'passes', 'idle', 'listed'] as const) {
      const more = { ...some, [name]: some[name] * 2 }
      assert(priceOf(usageOf(more, memory)) > usd, name)
    }
    assert(priceOf(usageOf(some, { ...memory, join: 3538 })) > usd)
  })
})
