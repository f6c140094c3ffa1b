import assert from 'node:assert/strict'
import {
  type CatalogTable,
  catalogKey,
  LocalCatalog,
  readCatalog,
} from '../../../functions/adapters/duckdb/local-catalog.ts'
import { readLog } from '../../../functions/log/read.ts'
import { compactLake } from '../../../functions/maintain/compact/compact.ts'
import { faultyStore, Meanwhile } from '../../support/faulty-store.ts'
import { codecs } from '../../support/joining.ts'
import { World } from '../../support/world.ts'

const DAY = 86_400_000
const encode = (text: string) => new TextEncoder().encode(text)

/** A lake of two batches, one of them written again, and the catalog of a directory beside it. */
async function lake() {
  const world = new World({ maxFilesPerBatch: 1 })
  await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
  for (const name of ['a', 'b']) await world.addReviews(name, [{ review_id: name, customer_id: '1', stars: 5 }])
  await world.run()
  const [first = ''] = world.catalog.partitions.keys()
  await world.run({ reprocess: { batches: [first] } })
  const { store, layout } = world
  const catalog = new LocalCatalog(store, layout, async () => new Map())
  const { schema, comment } = (await readLog(store, layout)).state
  await catalog.ensureTable(schema, comment)
  await catalog.setPartitions([...world.catalog.partitions.values()])
  return { ...world, store, layout, catalog, key: catalogKey(layout) }
}

function sorted(table: CatalogTable): CatalogTable {
  return { ...table, partitions: table.partitions.toSorted((a, b) => (a.batch < b.batch ? -1 : 1)) }
}

describe('the local catalog', () => {
  it('is read from the log again, whichever of its bits has changed', async () => {
    const { store, layout, key } = await lake()
    const good = await store.get(key)
    const { table } = await readCatalog(store, layout)
    assert.equal(table.partitions.length, 2)
    for (let at = 0; at < good.length; at++) {
      const bytes = good.slice()
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
      await store.put(key, bytes)
      assert.deepEqual(sorted((await readCatalog(store, layout)).table), sorted(table), `byte ${at}`)
    }
  })

  it('is written again by the next change after it was damaged', async () => {
    const { store, layout, catalog, key } = await lake()
    const { table } = await readCatalog(store, layout)
    await store.put(key, (await store.get(key)).slice(0, -5))
    await catalog.setPartitions([])
    await store.delete(layout.commit(0)) // nothing but what was written is left to read
    assert.deepEqual(sorted((await readCatalog(store, layout)).table), sorted(table))
  })

  it('is taken as it is where an earlier version wrote it, without a checksum', async () => {
    const { store, layout, key } = await lake()
    const table = { columns: [{ name: 'x', type: 'int' }], comment: 'old', partitions: [] }
    await store.put(key, encode(JSON.stringify(table)))
    assert.deepEqual((await readCatalog(store, layout)).table, table)
  })

  it('says what is wrong with the log where that is damaged as well', async () => {
    const { store, layout, key } = await lake()
    await store.put(key, encode('{'))
    await store.put(layout.commit(1), encode('{'))
    await assert.rejects(readCatalog(store, layout), { name: 'BrokenLog', message: /0001\.json was altered or cut/ })
  })

  it('swaps batches that were packed into one in one write, and a slower run does not bring them back', async () => {
    const { store, layout, catalog, ...world } = await lake()
    const { partitions } = (await readCatalog(store, layout)).table
    const old = partitions.map(each => ({ ...each, replaced: true, absorbs: [] }))
    const before = await readLog(store, layout)
    const [done] = await compactLake({
      ...{ store, layout, codecs, clock: () => world.now + 2 * DAY, targetBytes: 1 << 20, before: world.now + DAY },
      merge: true,
    })
    assert.deepEqual([done?.absorbs.length, before.state.batches.size], [1, 2])
    const [batch] = (await readLog(store, layout)).state.batches.values()
    assert(batch)
    const writes: number[] = []
    const watched = new LocalCatalog(
      faultyStore(
        store,
        new Meanwhile(async ({ name }) => {
          if (name === 'put') writes.push((await readCatalog(store, layout)).table.partitions.length)
        }),
      ),
      layout,
      async () => new Map(),
    )
    const absorbs = batch.absorbed?.map(each => each.batch) ?? []
    await watched.setPartitions([{ ...batch, replaced: true, absorbs }])
    assert.deepEqual(writes, [partitions.length])
    const now = (await readCatalog(store, layout)).table
    assert.deepEqual(
      now.partitions.map(each => [each.batch, each.location]),
      [[batch.batch, batch.location]],
    )
    await catalog.setPartitions(old)
    assert.deepEqual((await readCatalog(store, layout)).table, now)
  })
})
