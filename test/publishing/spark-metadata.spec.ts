import assert from 'node:assert/strict'
import { parseSink } from '../../functions/lake/spark-sink.ts'
import { writeSparkMetadata } from '../../functions/publishing/spark-metadata.ts'
import { contents, loseSink } from '../support/loss.ts'
import { World } from '../support/world.ts'

const ROOT = 'silver/reviews/_spark_metadata/'

/** Runs once for each file, so that each is a batch. */
async function add(world: World, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await world.addReviews(name, [{ review_id: `${name}1`, customer_id: '1', stars: 5 }])
    await world.run()
  }
}

function entries(world: World): ReadonlyMap<string, string> {
  return new Map([...contents(world)].filter(([key]) => key.startsWith(ROOT)))
}

async function lake(): Promise<World> {
  const world = new World()
  await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
  await add(world, 'a', 'b', 'c')
  return world
}

describe("the entries for Spark's readers", () => {
  it('are one for each commit, and every tenth holds all', async () => {
    const world = await lake()
    assert.deepEqual([...entries(world).keys()].map(key => key.slice(ROOT.length)).sort(), ['0', '1', '2', '3'])
    await add(world, 'd', 'e', 'f', 'g', 'h', 'i')
    const all = parseSink(new TextDecoder().decode(await world.store.get(`${ROOT}9.compact`)))
    assert.equal(all.length, 9)
    assert.deepEqual(await world.spark(), await world.silver())
  })

  it('are written again from the log when they are gone, as they were, though nothing is new', async () => {
    const world = await lake()
    const before = entries(world)
    await loseSink(world)
    assert.equal((await world.run()).reason, 'nothing new')
    assert.deepEqual(entries(world), before)
  })

  it('are written again when there is news', async () => {
    const world = await lake()
    await loseSink(world)
    await add(world, 'd')
    assert.deepEqual(await world.spark(), await world.silver())
  })

  it('are written again at the latest when a list of all is due, whichever was lost', async () => {
    const world = await lake()
    const before = await world.store.get(`${ROOT}2`)
    await world.store.delete(`${ROOT}2`)
    await add(world, 'd', 'e', 'f', 'g', 'h', 'i')
    assert.deepEqual(await world.store.get(`${ROOT}2`), before)
    assert.deepEqual(await world.spark(), await world.silver())
  })

  it('are told from the beginning when the position is lost, or can not be read', async () => {
    for (const position of [undefined, 'no JSON', 'null', '{"version": 1}']) {
      const world = await lake()
      const before = entries(world)
      if (position === undefined) await world.store.delete(world.layout.sparkMetadata)
      else await world.store.put(world.layout.sparkMetadata, new TextEncoder().encode(position))
      await add(world, 'd')
      for (const [key, etag] of before) assert.equal(entries(world).get(key), etag, position)
      assert.deepEqual(await world.spark(), await world.silver(), position)
    }
  })

  it('of another log are refused, whether that was longer or shorter; without them all is told again', async () => {
    for (const more of [[], ['d', 'e']]) {
      const world = await lake()
      const other = new World()
      other.now += 3_600_000
      await other.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
      await add(other, 'x', 'y', ...more)
      await loseSink(world)
      for (const [key, { bytes }] of other.store.objects) {
        if (key.startsWith(ROOT) || key === other.layout.sparkMetadata) await world.store.put(key, bytes)
      }
      await assert.rejects(add(world, 'z'), {
        name: 'BrokenLog',
        message: /spark.metadata\S* tells of (another log|a later one)/,
      })
      await loseSink(world)
      await world.store.delete(world.layout.sparkMetadata)
      await world.run()
      assert.equal((await world.silver()).length, 4)
      assert.deepEqual(await world.spark(), await world.silver())
    }
  })

  it('are left alone by a run that read the log before another told more', async () => {
    const world = await lake()
    const { store, layout } = world
    const before = contents(world)
    await writeSparkMetadata(1, { store, layout, uri: 's3a://lake/' })
    assert.deepEqual(contents(world), before)
  })
})

describe('the hints of how far readers were told', () => {
  it('may be damaged in any byte: the next run writes them anew, and nothing is lost or told twice', async () => {
    const made = await lake()
    const { published, sparkMetadata } = made.layout
    for (const hint of [published, sparkMetadata]) {
      const good = await made.store.get(hint)
      for (let at = 0; at < good.length; at++) {
        const world = made.clone()
        const bytes = good.slice()
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
        await world.store.put(hint, bytes)
        await world.run()
        assert.equal((await world.silver()).length, 3, `byte ${at} of ${hint}`)
        assert.deepEqual(await world.spark(), await world.silver(), `byte ${at} of ${hint}`)
        const { format, sha256 } = JSON.parse(new TextDecoder().decode(await world.store.get(hint)))
        assert.deepEqual([format, typeof sha256], [2, 'string'])
      }
    }
  }).timeout(60_000)
})
