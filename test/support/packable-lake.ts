import { parquetWriteBuffer } from 'hyparquet-writer'
import { printSink, sinkKey } from '../../functions/lake/spark-sink.ts'
import { type Compacted, type CompactOptions, compactLake } from '../../functions/maintain/compact/compact.ts'
import { takeOver } from '../../functions/maintain/takeover.ts'
import { codecs } from './joining.ts'
import { World } from './world.ts'

const DAY = 86_400_000
/** Keys so long that an item's JSON is full with some 60 files. */
const LONG = 'x'.repeat(200)

/** The key of a review file, long as it is. */
export function longName(name: string): string {
  return `${LONG}/${LONG}/${LONG}/${LONG}/${name}`
}

/**
 * A lake with two batches that are worth packing: one of three silver files, and one of two, of which one holds rows that were
 * parked. Rows of `late` wait. Ten days later a small batch has come.
 */
export async function packableLake(): Promise<World> {
  const world = new World({ maxFilesPerBatch: 200 })
  await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
  for (let i = 0; i < 146; i++) {
    const rows = [{ review_id: `a${i}`, customer_id: '1', stars: 5 }]
    if (i % 40 === 0) rows.push({ review_id: `p${i}`, customer_id: '2', stars: 5 })
    if (i % 50 === 0) rows.push({ review_id: `late${i}`, customer_id: '3', stars: 4 })
    if (i % 30 === 0) rows.push({ review_id: `few${i}`, customer_id: '1', stars: 1 })
    await world.addReviews(longName(String(i).padStart(3, '0')), rows)
  }
  await world.run()
  await world.addReviews('b', [{ review_id: 'b', customer_id: '1', stars: 3 }])
  await world.addCustomers('d', [{ customer_id: '2', customer_name: 'two' }])
  await world.run()
  world.now += 10 * DAY
  await world.addReviews('c', [{ review_id: 'c', customer_id: '1', stars: 5 }])
  await world.run()
  return world
}

/** A lake whose first batch is that of a Spark job with so many small files; ten days later a small batch has come. */
export async function takenOverLake(files: number): Promise<World> {
  const world = new World()
  const { store, layout } = world
  const text = (lines: readonly object[]) =>
    new TextEncoder().encode(['v1', ...lines.map(line => JSON.stringify(line))].join('\n'))
  const sink: Parameters<typeof printSink>[0][number][] = []
  for (let i = 0; i < files; i++) {
    const columnData = [
      { name: 'review_id', type: 'STRING' as const, data: [`s${i}`, `t${i}`] },
      { name: 'stars', type: 'INT32' as const, data: [i, -i] },
      { name: 'customer_name', type: 'STRING' as const, data: ['one', null] },
    ]
    const bytes = new Uint8Array(parquetWriteBuffer({ columnData }))
    await store.put(`old/part-${i}.parquet`, bytes)
    sink.push({ path: `s3a://lake/old/part-${i}.parquet`, size: bytes.length, modificationTime: world.now })
  }
  await store.put(sinkKey('old/', 0), new TextEncoder().encode(printSink(sink)))
  const key = await world.addReviews('old', [{ review_id: 's0', customer_id: '1', stars: 0 }])
  await store.put('checkpoint/offsets/0', text([{ batchWatermarkMs: 0 }, { logOffset: 0 }]))
  await store.put('checkpoint/commits/0', text([{ nextBatchWatermarkMs: 0 }]))
  await store.put('checkpoint/sources/0/0', text([{ path: `s3a://lake/${key}`, timestamp: world.now, batchId: 0 }]))
  const from = (root: string) => ({ store, root })
  await takeOver({ store, layout, codecs, checkpoint: from('checkpoint/'), silver: from('old/'), now: world.now })
  world.now += 10 * DAY
  await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
  await world.addReviews('c', [{ review_id: 'c', customer_id: '1', stars: 5 }])
  await world.run()
  return world
}

/** Packs the batches of a lake. */
export function compact(world: World, options: Partial<CompactOptions> = {}): Promise<Compacted[]> {
  const { store, layout } = world
  return compactLake({
    store,
    layout,
    codecs,
    clock: () => ++world.now,
    targetBytes: 256 << 20,
    merge: false,
    ...options,
  })
}

/**
 * A lake with four batches of one day, which can be put together. The second has taken in rows that the first parked, and parked
 * one of them again for the row of another dimension; rows of the first and the third wait. Ten days later a small batch has come.
 */
export async function mergeableLake(): Promise<World> {
  const world = new World()
  const customer = (id: string) => world.addCustomers(id, [{ customer_id: id, customer_name: `of ${id}` }])
  const review = (id: string, customer_id: string, stars = 5) => ({ review_id: id, customer_id, stars })
  await customer('1')
  await world.addReviews('a', [review('a1', '1'), review('a2', '2'), review('a3', '3'), review('few', '1', 1)])
  await world.run()
  await customer('2')
  await world.addReviews('b', [review('b1', '1')])
  await world.run()
  await world.addReviews('c', [review('c1', '2'), review('c4', '4')])
  await world.run()
  await world.addReviews('d', [review('d1', '1'), review('d2', '2', 4)])
  await world.run()
  world.now += 10 * DAY
  await world.addReviews('e', [review('e1', '1')])
  await world.run()
  return world
}
