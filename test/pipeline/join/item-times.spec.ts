import assert from 'node:assert/strict'
import { nativeCodecs } from '../../../functions/adapters/codecs.ts'
import type { Store } from '../../../functions/lake/store.ts'
import { needCommit } from '../../../functions/log/read.ts'
import { makeCodecs } from '../../../functions/parquet/pages/codecs.ts'
import { createJoin } from '../../../functions/pipeline/join/worker.ts'
import { type ItemResult, readResult } from '../../../functions/protocol/result.ts'
import { World } from '../../support/world.ts'

const READ = 1000
const WRITE = 10
const JOIN = 1

/** Joins three files on a store whose reads and writes take time, as the lookup does; what the item's result says. */
async function joinSlowly(): Promise<{ readonly result: ItemResult; readonly reads: number }> {
  const world = new World()
  await world.addCustomers('c', [{ customer_id: '1', customer_name: 'Ann' }])
  for (const name of ['a', 'b', 'c']) {
    await world.addReviews(name, [
      { review_id: `${name}1`, customer_id: '1', stars: 5 },
      { review_id: `${name}2`, customer_id: '2', stars: 4 },
    ])
  }
  let now = Date.UTC(2026, 10, 24)
  let reads = 0
  const slow: Store = new Proxy<Store>(world.store, {
    get: (store, name) => {
      if (name === 'get')
        return async (...asked: Parameters<Store['get']>) => {
          const isOfItem = /^bronze|\.snapshot$/.test(asked[0])
          if (isOfItem) now += READ
          if (isOfItem) reads++
          return store.get(...asked)
        }
      if (name === 'writer')
        return (...asked: Parameters<Store['writer']>) => {
          const writer = store.writer(...asked)
          const write = writer.write.bind(writer)
          writer.write = async bytes => {
            now += WRITE
            await write(bytes)
          }
          return writer
        }
      const value = Reflect.get(store, name)
      return typeof value === 'function' ? value.bind(store) : value
    },
  })
  const dependencies = {
    ...{ store: slow, layout: world.layout, codecs: makeCodecs(nativeCodecs), clock: () => now },
    progress: () => {
      now += JOIN
    },
  }
  const { workers, store } = world.workers(world.store)
  await world.runWith({ ...workers, join: createJoin(() => dependencies).handler }, store)
  const commit = await needCommit(world.store, world.layout, 0)
  assert(commit.operation === 'append')
  const result = await readResult(world.store, world.layout.silverFile(commit, 0))
  assert(result)
  return { result, reads }
}

describe('the times in the result of an item', () => {
  it('say how long it read, joined and wrote, and add up to the whole', async () => {
    const { result, reads } = await joinSlowly()
    assert(result.times?.spent)
    const { opened, written, spent } = result.times
    assert(reads >= 4 && opened >= 4 * READ)
    assert.deepEqual([spent.read, spent.join], [reads * READ, 3 * JOIN])
    assert(spent.write > 0 && spent.write % WRITE === 0)
    assert.equal(spent.read + spent.join + spent.write, written)
  })
})
