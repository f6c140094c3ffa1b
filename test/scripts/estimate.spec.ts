import assert from 'node:assert/strict'
import { BrokenLog } from '../../functions/base/errors.ts'
import { estimateBackfill } from '../../scripts/commands/backfill/estimate.ts'
import { priceOf, usageOf } from '../../scripts/summary/price.ts'
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

  it('leaves out batches that had nothing but files in quarantine, unless one is named', async () => {
    const settings = { caps, ignoreSparkMetadata: false }
    await world.run()
    await world.store.put('bronze/reviews/bad.parquet', new TextEncoder().encode('no rows'))
    const { done } = await world.run()
    const { work, batches } = await estimateBackfill(world, { reprocess: { all: true } }, settings)
    assert.deepEqual([work.passes, batches.length, batches.includes(done[0] ?? '')], [2, 2, false])
    const named = await estimateBackfill(world, { reprocess: { batches: [...done] } }, settings)
    assert.deepEqual(named.batches, done)
  })

  it('does not take the files of a lost log for new ones', async () => {
    await world.run()
    for await (const { key } of world.store.list(world.layout.log)) await world.store.delete(key)
    const estimate = estimateBackfill(world, { prefix: 'bronze/reviews/' }, { caps, ignoreSparkMetadata: false })
    await assert.rejects(estimate, BrokenLog)
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
