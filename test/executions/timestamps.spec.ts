import assert from 'node:assert/strict'
import { readLog } from '../../functions/log/read.ts'
import { readFooter } from '../../functions/parquet/metadata/footer.ts'
import { deltaRows, readDelta } from '../support/delta-reader.ts'
import { int96File } from '../support/int96-file.ts'
import { sourceOf } from '../support/lake-files.ts'
import { World } from '../support/world.ts'

const SQL = `SELECT r.customer_id, r.at, c.customer_name
  FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id`
/** 2026-01-01T00:00:00Z, and a millisecond before 1600-01-01. */
const INSTANTS = [1_767_225_600_000_000n, -11_676_096_000_001_000n]

/** A lake whose first batch an earlier version wrote, or `timestamps: as-is`, with a file behind it that is new. */
async function livedWorld(): Promise<World> {
  const world = new World({ sql: SQL })
  await world.addCustomers('c', [{ customer_id: 'k0', customer_name: 'zero' }])
  world.timestamps = 'as-is'
  await addFile(world, 'a', ['k0', 'k0'])
  await world.run()
  world.timestamps = 'int64'
  await addFile(world, 'b', ['k0', 'k1'])
  return world
}

async function addFile({ store, layout }: World, name: string, keys: readonly string[]): Promise<void> {
  await store.put(`${layout.roots.reviews}${name}.parquet`, await int96File(INSTANTS, keys))
}

/** The form of the timestamps in each batch, the oldest first, and in what waits. */
async function forms({ store, layout }: World) {
  const { state } = await readLog(store, layout)
  const formOf = async (key: string) => {
    const { schema } = await readFooter(sourceOf(key, await store.get(key)))
    return schema.children.find(({ element }) => element.name === 'at')?.element.type
  }
  const silver = [...state.batches.values()].flatMap(({ location, silver }) =>
    silver.map(({ key }) => formOf(layout.roots.silver + location + key)),
  )
  return {
    silver: await Promise.all(silver),
    parked: await Promise.all([...state.parked.keys()].map(formOf)),
  }
}

const AT = ['2026-01-01T00:00:00.000Z', '1599-12-31T23:59:59.999Z']
const row = (i: number, key: string, name: string) =>
  JSON.stringify({ customer_id: key, at: AT[i], customer_name: name })

describe('a lake whose earlier batches have INT96', () => {
  it('goes on with INT64, parked rows too, and keeps its files; a reader that takes both finds the same instants', async () => {
    const world = await livedWorld()
    await world.run()
    assert.deepEqual(await forms(world), { silver: ['INT96', 'INT64'], parked: ['INT64'] })
    const rows = [row(0, 'k0', 'zero'), row(0, 'k0', 'zero'), row(1, 'k0', 'zero')].sort()
    assert.deepEqual(await world.silver(), rows)
    const { store, layout } = world
    assert.deepEqual(await deltaRows(store, layout, (await readDelta(store, layout)) ?? assert.fail()), rows)

    await world.addCustomers('c', [
      { customer_id: 'k0', customer_name: 'zero' },
      { customer_id: 'k1', customer_name: 'one' },
    ])
    await world.run()
    assert.deepEqual(await forms(world), { silver: ['INT96', 'INT64', 'INT64'], parked: [] })
    assert.deepEqual(await world.silver(), [...rows, row(1, 'k1', 'one')].sort())
  })

  it('has INT64 in all of them when they are written again', async () => {
    const world = await livedWorld()
    await world.run()
    const before = await world.silver()
    await world.run({ reprocess: { all: true } })
    assert.deepEqual((await forms(world)).silver, ['INT64', 'INT64'])
    assert.deepEqual(await world.silver(), before)
  })
})

describe('timestamps: as-is', () => {
  it('keeps INT96, of parked rows too', async () => {
    const world = await livedWorld()
    world.timestamps = 'as-is'
    await world.run()
    assert.deepEqual(await forms(world), { silver: ['INT96', 'INT96'], parked: ['INT96'] })
  })
})
