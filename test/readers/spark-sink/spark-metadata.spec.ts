import assert from 'node:assert/strict'
import { parseSink } from '../../../functions/lake/spark-sink.ts'
import { readLog } from '../../../functions/log/read.ts'
import { writeSparkMetadata } from '../../../functions/readers/spark-sink/spark-metadata.ts'
import { findNewestId, readTold } from '../../../functions/readers/spark-sink/spark-told.ts'
import { faultyStore, Meanwhile } from '../../support/faulty-store.ts'
import { contents, loseSink } from '../../support/loss.ts'
import { World } from '../../support/world.ts'

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

/** A lake whose newest list of all has another before it, and entries after it. */
async function grownLake(): Promise<World> {
  const world = await lake()
  await add(world, ...'defghijklm')
  return world
}

/** Runs when it is time to compare what readers are told with the log. */
async function runLater(world: World): Promise<void> {
  world.now += 3_600_000
  assert.equal((await world.run()).reason, 'nothing new')
}

/** The paths that readers are told. */
async function told({ store, layout }: World): Promise<string[]> {
  const newest = await findNewestId(store, layout, 0)
  return (await readTold(store, layout, newest)).files.map(({ path }) => path)
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

  it('are written again from the log when they are gone, though nothing is new', async () => {
    const world = await lake()
    await loseSink(world)
    assert.equal((await world.run()).reason, 'nothing new')
    assert.deepEqual(await world.spark(), await world.silver())
  })

  it('are written again, whichever are lost, by the next run with news and by any after an hour', async () => {
    const grown = await grownLake()
    const ids = [...entries(grown).keys()]
    for (const lost of [...ids.map(id => [id]), ids.slice(0, 2), ids.slice(-2), ids.filter((_, i) => i % 2 === 0)]) {
      for (const news of [true, false]) {
        const world = grown.clone()
        for (const key of lost) await world.store.delete(key)
        if (news) await add(world, 'z')
        else await runLater(world)
        assert.deepEqual(await world.spark(), await world.silver(), `${lost} ${news}`)
      }
    }
  })

  it('are left out where they are damaged: a list of all comes after them', async () => {
    const grown = await grownLake()
    const readers = [...entries(grown).keys()].filter(key => /\/(9\.compact|1\d)$/.test(key))
    const damages: ((text: string) => string)[] = [
      text => text.slice(0, text.length / 2),
      () => '',
      text => text.replace('v1', 'v2'),
      text => text.replace('silver', 'silber'),
      text => text.replace('s3a://lake', 's3a://cake'),
      text => text.replace(/"size":(\d)/, (_, digit) => `"size":${9 - digit}`),
      text => text.replace('"isDir":false', '"isDir":true'),
      text => text.replace(/"modificationTime":1/, '"modificationTime":9'),
      text => text.replace('"action":"add"', '"action":"delete"'),
      text => `${text}\n${text.split('\n').at(-1)}`,
      text => text.replace(/part-00000/, 'part-00001'),
    ]
    for (const key of readers) {
      for (const damage of damages) {
        const world = grown.clone()
        const text = new TextDecoder().decode(await world.store.get(key))
        await world.store.put(key, new TextEncoder().encode(damage(text)))
        await runLater(world)
        assert.deepEqual(await world.spark(), await world.silver(), `${key} ${damage}`)
        const before = contents(world)
        await world.run()
        assert.deepEqual(contents(world), before)
      }
    }
  })

  it('are read themselves when the hint is lost, damaged or wrong', async () => {
    const grown = await lake()
    const { version, attempt, nextId } = JSON.parse(
      new TextDecoder().decode(await grown.store.get(grown.layout.sparkMetadata)),
    )
    const hints = [
      ...[undefined, 'no JSON', 'null', '{"version": 1}'],
      ...[{ nextId: nextId + 1 }, { nextId: 1 }, { nextId: 79 }, { version: version - 1 }],
      ...[{ attempt: 'x' }, { uri: 's3a://elsewhere/' }],
    ].map(hint => {
      return typeof hint === 'object' ? JSON.stringify({ version, attempt, nextId, uri: 's3a://lake/', ...hint }) : hint
    })
    for (const hint of hints) {
      const world = grown.clone()
      const before = entries(world)
      if (hint === undefined) await world.store.delete(world.layout.sparkMetadata)
      else await world.store.put(world.layout.sparkMetadata, new TextEncoder().encode(hint))
      await add(world, 'd')
      for (const [key, etag] of before) assert.equal(entries(world).get(key), etag, hint)
      assert.equal(entries(world).size, before.size + 1, hint)
      assert.deepEqual(await world.spark(), await world.silver(), hint)
    }
  })

  it('of another lake are left out', async () => {
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
      const { store, layout } = world
      await writeSparkMetadata((await readLog(store, layout)).state, { store, layout, uri: 's3a://lake/' })
      assert.deepEqual(await world.spark(), await world.silver())
    }
  })

  it('of files that are there, and of which the log has lost the commit, are refused', async () => {
    const world = await lake()
    const { state } = await readLog(world.store, world.layout)
    await world.store.delete(world.layout.commit(state.version))
    await world.store.delete(world.layout.sparkMetadata)
    const older = (await readLog(world.store, world.layout)).state
    const before = entries(world)
    const { store, layout } = world
    await assert.rejects(writeSparkMetadata(older, { store, layout, uri: 's3a://lake/' }), {
      name: 'BrokenLog',
      message: /names ingest_date=\S+, which is there, but the log has no commit of it.*npx silversmith rebuild/,
    })
    assert.deepEqual(entries(world), before)
  })

  it('name each file once when the lake has got another URI, whatever is written again', async () => {
    for (const uri of ['s3://lake/', 'file:///tmp/a%20link/', 's3a://copy/']) {
      for (const input of [{ reprocess: { all: true } }, 'one']) {
        const world = await lake()
        world.sparkUri = uri
        const [batch] = world.catalog.partitions.keys()
        await world.run(typeof input === 'string' ? { reprocess: { batches: [batch ?? ''] } } : input)
        assert.deepEqual(await world.spark(), await world.silver(), uri)
        await add(world, 'd')
        assert.deepEqual(await world.spark(), await world.silver(), uri)
      }
    }
  })

  it('lie all in the lake of now, though nothing is new, and keep their paths when only the scheme is another', async () => {
    for (const [uri, kept] of [['s3a://copy/', false] as const, ['s3://lake/', true] as const]) {
      const world = await lake()
      world.sparkUri = uri
      await world.run()
      const paths = await told(world)
      assert.equal(paths.length, 3)
      for (const path of paths) assert(path.startsWith(kept ? 's3a://lake/' : uri), path)
    }
  })

  it('are one for many batches that are written again', async () => {
    const world = await grownLake()
    const before = entries(world).size
    await world.run({ reprocess: { all: true } })
    assert.equal(entries(world).size, before + 1)
    assert.deepEqual(await world.spark(), await world.silver())
  })

  it('are put once by two runs at once, and say all that both have committed', async () => {
    const world = await lake()
    const { store, layout } = world
    const { state } = await readLog(store, layout)
    let meanwhile = ['d', 'e']
    const faults = new Meanwhile(async ({ name, key }) => {
      if (name !== 'put' || !key.startsWith(ROOT)) return
      const names = meanwhile
      meanwhile = []
      await add(world, ...names)
    })
    await loseSink(world)
    await writeSparkMetadata(state, { store: faultyStore(store, faults), layout, uri: 's3a://lake/' })
    assert.deepEqual(await world.spark(), await world.silver())
    assert.equal((await told(world)).length, 5)
  })

  it('are left alone by a run that read the log before another published more', async () => {
    const world = await lake()
    const { store, layout } = world
    const { state } = await readLog(store, layout)
    await add(world, 'd')
    await world.run({ reprocess: { all: true } })
    for (const hint of ['kept', 'lost']) {
      if (hint === 'lost') await store.delete(layout.sparkMetadata)
      const before = entries(world)
      await writeSparkMetadata(state, { store, layout, uri: 's3a://lake/' })
      assert.deepEqual(entries(world), before, hint)
      assert.deepEqual(await world.spark(), await world.silver(), hint)
    }
  })
})

describe('the hints of how far readers have come', () => {
  it('may be damaged in any byte: the next run writes them again, and nothing is lost or published twice', async () => {
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
