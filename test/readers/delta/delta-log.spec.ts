import assert from 'node:assert/strict'
import { commitAbandon } from '../../../functions/log/append.ts'
import { FORMAT } from '../../../functions/protocol/format.ts'
import { deltaRows, readDelta, readVersion, rowsInLog } from '../../support/delta-reader.ts'
import { Crash, Faults, Meanwhile } from '../../support/faulty-store.ts'
import { lose, loseDelta, loseHints, loseSink, rebuild } from '../../support/loss.ts'
import { addReview, countSlices, lakeOfReviews } from '../../support/review-lake.ts'
import { SQL, type World } from '../../support/world.ts'

const HOUR = 3_600_000

/** A lake whose log has an append, one with another column, a replace, an abandon, and one more append. */
async function lived(delta = true): Promise<World> {
  const world = await lakeOfReviews(2)
  world.delta = delta
  await world.run()
  world.sql = SQL.replace('c.customer_name', 'c.customer_name, r.stars * 2 AS twice')
  await addReview(world, 'wider')
  await world.run()
  await world.run({ reprocess: { all: true } })
  const attempt = '20261124T071500Z-0123456789abcdef'
  const abandon = { format: FORMAT, operation: 'abandon', batch: '20261124T071500Z-01234567', attempt } as const
  const committedAt = new Date(world.now).toISOString()
  await commitAbandon(world.store, world.layout, { ...abandon, committedAt, execution: 'vacuum' }, -1)
  await addReview(world, 'last')
  await world.run()
  return world
}

/** The Delta log's objects. */
async function deltaLog({ store, layout }: World): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const key of [...store.objects.keys()].sort())
    if (key.startsWith(layout.deltaLog)) found.set(key, new TextDecoder().decode(await store.get(key)))
  return found
}

async function assertAllVersions(world: World): Promise<void> {
  const { store, layout } = world
  const newest = await readDelta(store, layout)
  assert(newest)
  for (let version = 0; version <= newest.version; version++) {
    const snapshot = await readDelta(store, layout, version)
    assert(snapshot)
    assert.deepEqual(await deltaRows(store, layout, snapshot), await rowsInLog(store, layout, version), `${version}`)
  }
}

describe('the Delta log', () => {
  it('has at every version the rows that the log has, and the columns', async () => {
    const world = await lived()
    await assertAllVersions(world)
    const { store, layout } = world
    const columns = async (version: number) => (await readDelta(store, layout, version))?.columns
    const first = ['review_id', 'stars', 'customer_name']
    assert.deepEqual(await columns(1), [...first, 'ingest_date', 'batch'])
    assert.deepEqual(await columns(7), [...first, 'twice', 'ingest_date', 'batch'])
  })

  it('has one version for each commit: what is removed and added, and the columns where they change', async () => {
    const world = await lived()
    const told = []
    for (let version = 0; version <= 7; version++)
      told.push((await readVersion(world.store, world.layout.deltaVersion(version))).flatMap(Object.keys).join(' '))
    assert.deepEqual(told, [
      'commitInfo protocol metaData add',
      'commitInfo add',
      'commitInfo metaData add',
      'commitInfo remove add',
      'commitInfo remove add',
      'commitInfo remove add',
      'commitInfo',
      'commitInfo add',
    ])
  })

  it('says of a file what its footer does', async () => {
    const world = await lakeOfReviews(1)
    await world.run()
    const snapshot = await readDelta(world.store, world.layout)
    const [add] = snapshot?.files.values() ?? []
    assert.deepEqual(JSON.parse(add?.stats ?? ''), {
      numRecords: 1,
      minValues: { stars: 5 },
      maxValues: { stars: 5 },
      nullCount: { review_id: 0, stars: 0, customer_name: 0 },
    })
  })

  it('gives bounds of a file for all the columns of whole numbers and times that the table began with, or for none', async () => {
    const world = await lakeOfReviews(1)
    world.sql = SQL.replace(
      'r.stars, c',
      "r.stars, r.stars * 2 AS `2 x`, CASE WHEN r.stars > 4 THEN DATE '2026-11-30' END AS day, c",
    )
    await world.run()
    await world.addReviews('no-day', [{ review_id: 'n', customer_id: '1', stars: 3 }])
    await world.run()
    const files = [...((await readDelta(world.store, world.layout))?.files.values() ?? [])].map(({ stats }) =>
      JSON.parse(stats),
    )
    const [first, second] = files
    assert.deepEqual(first.minValues, { stars: 5, day: '2026-11-30' })
    assert.deepEqual(Object.keys(second), ['numRecords', 'nullCount'])
    assert.equal(second.nullCount.day, 1)
  })

  it('is the same bytes, whoever writes it, from whichever version on', async () => {
    const world = await lived()
    const before = await deltaLog(world)
    for (let from = 0; from <= 7; from++) {
      const other = world.clone()
      await lose(other, key => key.startsWith(other.layout.deltaLog) && key >= other.layout.deltaVersion(from))
      await other.run()
      assert.deepEqual(await deltaLog(other), before, `${from}`)
    }
  })

  it('is told by two runs at once', async () => {
    const world = await lived()
    const before = await deltaLog(world)
    await loseDelta(world)
    let others = 1
    const meanwhile = new Meanwhile(async ({ name, key }) => {
      if (name === 'put' && key === world.layout.deltaVersion(3) && others-- > 0) await world.run()
    })
    await world.run({}, { faults: meanwhile })
    assert.equal(others, 0)
    assert.deepEqual(await deltaLog(world), before)
  })

  it('goes on in time when the clock goes back', async () => {
    const world = await lakeOfReviews(1)
    await world.run()
    world.now -= 100 * HOUR
    await addReview(world, 'b')
    await world.run()
    await assertAllVersions(world) // which looks at the times
  })

  it('may lag after a death, and never differs; the next run writes the rest, news or not', async () => {
    const world = await lived()
    await addReview(world, 'more')
    let lags = 0
    for (let k = 1; ; k++) {
      const other = world.clone()
      const { layout } = other
      let isGone = false
      let operations = 0
      const faults = new Faults(({ key }) => {
        if (!key.startsWith(layout.deltaLog) && !isGone) return undefined
        const when = isGone || k % 2 ? 'before' : 'after'
        isGone ||= ++operations === Math.ceil(k / 2)
        return isGone ? { when, error: new Crash('died') } : undefined
      })
      const died = await other.run({}, { faults }).then(
        () => false,
        error => error instanceof Crash,
      )
      const versions = [await readDelta(other.store, layout)]
      await other.run()
      versions.push(await readDelta(other.store, layout))
      await assertAllVersions(other)
      assert.equal(versions[1]?.version, 8)
      if (versions[0]?.version === 7) lags++
      if (!died) break
    }
    assert(lags > 0)
  })

  it('begins at version 0 in a lake that had none, slice by slice, also when nothing is new', async () => {
    const world = await lived(false)
    assert.equal((await deltaLog(world)).size, 0)
    world.delta = true
    assert.equal(await countSlices(world, 3), 3)
    assert.deepEqual(await deltaLog(world), await deltaLog(await lived()))
  })

  it('costs a read and a put with news, and a read without', async () => {
    const world = await lived()
    const calls: string[] = []
    const counting = new Meanwhile(async ({ name, key }) => {
      if (key.startsWith(world.layout.deltaLog)) calls.push(name)
    })
    await world.run({}, { faults: counting })
    assert.deepEqual(calls.splice(0), ['get', 'list']) // checked for the first time since the clock says an hour
    await addReview(world, 'news')
    await world.run({}, { faults: counting })
    assert.deepEqual(calls.splice(0), ['get', 'put'])
  })
})

describe('a Delta log that was harmed', () => {
  it('is given back each version that is gone, as it was', async () => {
    const world = await lived()
    const before = await deltaLog(world)
    for (const key of before.keys()) {
      const other = world.clone()
      await other.store.delete(key)
      other.now += 2 * HOUR
      await other.run()
      assert.deepEqual(await deltaLog(other), before, key)
    }
  })

  it('is refused where a version is not ours, and holds up no other reader; removed, it comes back', async () => {
    const world = await lived()
    const before = await deltaLog(world)
    const key = world.layout.deltaVersion(7)
    for (const text of ['', '{"commitInfo":{"operation":"DELETE"}}\n', '{"commitInfo', '\xff']) {
      const other = world.clone()
      await other.store.put(key, new TextEncoder().encode(text))
      await addReview(other, 'more')
      await assert.rejects(other.run(), { name: 'BrokenDelta', message: /0007\.json is damaged.*remove it/ })
      assert.equal((await other.silver()).length, 5)
      assert.equal((await other.spark()).length, 5)
      await other.store.delete(key)
      await other.run()
      assert.equal((await deltaLog(other)).get(key), before.get(key))
      await assertAllVersions(other)
    }
  })
})

describe('a log that differs from what the Delta log says', () => {
  it('is refused, with the version, as long as it is', async () => {
    const world = await lakeOfReviews(1)
    await world.run()
    const other = world.clone()
    await addReview(world, 'b')
    await world.run()
    other.now += HOUR // or the attempts would have the same ids
    await addReview(other, 'c')
    await other.run()
    const key = world.layout.deltaVersion(1)
    await other.store.put(key, await world.store.get(key))
    for (const name of ['d', 'e']) {
      await addReview(other, name)
      await assert.rejects(other.run(), {
        name: 'BrokenLog',
        message: /its version 1 is not the one that silver\/reviews\/_delta_log\/0{19}1\.json describes/,
      })
    }
  })

  it('is refused before anything is joined, where it has lost its end and the hints with it', async () => {
    for (const commits of [0, 1]) {
      const world = await lakeOfReviews(2)
      await world.run()
      await loseHints(world)
      await loseSink(world)
      await lose(world, key => key.startsWith(world.layout.log) && key >= world.layout.commit(commits))
      if (commits === 0) await lose(world, key => key.includes('/ingest_date='))
      await assert.rejects(world.run(), {
        name: 'BrokenLog',
        message: /_delta_log\/0{19}\d\.json (names a later|was written by)/,
      })
    }
  })

  it('begins a new table when it is rebuilt, and says so', async () => {
    const world = await lived()
    const { store, layout } = world
    const before = await readDelta(store, layout)
    await lose(world, key => key.startsWith(layout.log))
    const { notes } = await rebuild(world)
    assert.match(notes.join('\n'), /new table id: streams over it must start with a new checkpoint/)
    await world.run()
    await assertAllVersions(world)
    const after = await readDelta(store, layout)
    assert.notEqual(after?.id, before?.id)
    assert.deepEqual(await world.silver(), await world.spark())
    await addReview(world, 'next')
    await world.run()
    assert.equal((await readDelta(store, layout))?.id, after?.id)
  })
})
