import assert from 'node:assert/strict'
import { AthenaFailed } from '../../functions/base/errors.ts'
import { findRubbish, removeRubbish } from '../../functions/maintain/vacuum.ts'
import { Crash, Faults, faultyStore } from '../support/faulty-store.ts'
import {
  dieBeforeCommit,
  ids,
  lose,
  loseHints,
  loseLog,
  loseReaders,
  loseSink,
  meaning,
  rebuild,
} from '../support/loss.ts'
import { SQL, World } from '../support/world.ts'

const HOUR = 3_600_000
const CHANGED = { reprocess: { changed: true } }
const review = (id: string, customer = '1') => ({ review_id: id, customer_id: customer, stars: 5 })
const addCustomer = (world: World, id: string) =>
  world.addCustomers(id, [{ customer_id: id, customer_name: `of ${id}` }])

async function lake(): Promise<World> {
  const world = new World()
  await addCustomer(world, '1')
  return world
}

/** Loses the log, and maybe more, and makes it anew: it means what it meant, to the runs after it as well. */
async function survives(
  world: World,
  loseMore: (world: World) => unknown = () => undefined,
): Promise<readonly string[]> {
  const before = await meaning(world)
  await loseLog(world)
  await loseMore(world)
  const { notes } = await rebuild(world)
  await world.run() // what waits is tried once more
  assert.deepEqual(await meaning(world), before, notes.join('\n'))
  assert.equal((await world.run()).reason, 'nothing new')
  return notes
}

describe('a rebuilt log', () => {
  let world: World
  beforeEach(async () => {
    world = await lake()
  })

  it('names a parked file that is damaged, and does without it', async () => {
    await world.addReviews('a', [review('a1'), review('a2', '2')])
    await world.run()
    const parked = [...world.store.objects.keys()].find(key => key.includes('/parked/')) ?? ''
    await addCustomer(world, '2')
    await world.run()
    await world.run({ reprocess: { all: true } })
    await world.store.put(parked, (await world.store.get(parked)).subarray(0, 40))
    const [, , , , , attempt = ''] = parked.split('/')
    await lose(world, key => key.includes(`/${attempt}/`) && key !== parked) // vacuum has removed who wrote it
    await loseLog(world)
    const { notes } = await rebuild(world)
    assert.match(notes.join(), /missing: parked file \S*\/parked\//)
    await world.run()
    assert.deepEqual(await ids(world), ['a1', 'a2'])
  })

  it('does not quarantine again what was repaired and joined later, though the clock went back', async () => {
    await world.addReviews('a', [review('a1')])
    await world.store.put('bronze/reviews/k.parquet', new TextEncoder().encode('not yet'))
    await world.run()
    world.now -= HOUR
    await world.addReviews('k', [review('k1')])
    await world.run()
    await survives(world)
    assert.deepEqual(await ids(world), ['a1', 'k1'])
  })

  it('does not do so either where the later commit is left', async () => {
    await world.addReviews('a', [review('a1')])
    await world.store.put('bronze/reviews/k.parquet', new TextEncoder().encode('not yet'))
    await world.run()
    for (const name of ['k', 'y']) {
      await world.addReviews(name, [review(`${name}1`)])
      await world.run()
    }
    const before = await meaning(world)
    await world.store.delete(world.layout.commit(0))
    await rebuild(world)
    assert.equal((await world.run()).reason, 'nothing new')
    assert.deepEqual(await meaning(world), before)
  })

  it('has rows parked before they are taken in, though the clock went back', async () => {
    await world.addReviews('a', [review('a1'), review('a2', '2')])
    await world.run()
    world.now -= HOUR
    await addCustomer(world, '2')
    await world.run()
    await survives(world)
    await addCustomer(world, '9') // what waits is tried again
    await world.run()
    assert.deepEqual(await ids(world), ['a1', 'a2'])
  })

  /** A batch all of whose rows waited and were taken in by another, and before it an attempt that died with the same file. */
  async function withoutRows(): Promise<void> {
    await world.addReviews('a', [review('a2', '2')])
    await dieBeforeCommit(world)
    await world.run()
    await addCustomer(world, '2')
    await world.run()
    assert.equal(world.catalog.partitions.size, 1)
    assert.deepEqual(await ids(world), ['a2'])
  }

  const catalogs: [string, (world: World) => void][] = [
    ['the catalog alone', loseSink],
    ["Spark's readers, when the catalog is lost too", ({ catalog }) => catalog.partitions.clear()],
    ["Spark's readers, when the table itself is lost", dropTable],
  ]
  for (const [who, loseMore] of catalogs) {
    it(`finds a batch without rows through those that took its rows in, by ${who}`, async () => {
      await withoutRows()
      await survives(world, loseMore)
      await addCustomer(world, '9')
      await world.run()
      assert.deepEqual(await ids(world), ['a2'])
      assert.deepEqual(await world.parked(), [])
    })
  }

  it('holds what readers have seen, not what died before it took its place', async () => {
    await world.addReviews('a', [review('a1')])
    await world.run()
    world.sql = SQL.replace('r.stars,', 'r.stars * 10 AS stars,')
    await dieBeforeCommit(world, { reprocess: { from: '2000-01-01', to: '2100-01-01' } })
    await survives(world.clone(), loseSink)
    await survives(world, ({ catalog }) => catalog.partitions.clear())
  })

  it('holds the newest of a batch that was written again, though the clock went back and no reader is left', async () => {
    await world.addReviews('a', [review('a1')])
    await world.run()
    for (const factor of [10, 100]) {
      world.now -= HOUR
      world.sql = SQL.replace('r.stars,', `r.stars * ${factor} AS stars,`)
      await world.run({ reprocess: { all: true } })
    }
    await survives(world, loseReaders)
  })

  it('holds what took the place of a commit that is left and whose files vacuum has removed', async () => {
    await world.addReviews('a', [review('a1')])
    await world.run()
    for (const least of [5, 6]) {
      world.sql = SQL.replace('r.stars > 1', `r.stars >= ${least}`)
      await world.run({ reprocess: { all: true } })
    }
    const before = await meaning(world)
    world.now += 48 * HOUR
    const { store, layout, now } = world
    const options = { store, layout, now, olderThan: 24 * HOUR, executions: { isRunning: async () => false } }
    for (const found of await findRubbish(options)) await removeRubbish(found, options)
    await store.delete(layout.commit(2))
    await loseHints(world)
    await loseSink(world) // the catalog alone is left: it has the batch without rows
    await rebuild(world)
    world.now += 48 * HOUR
    await world.run()
    assert.deepEqual(await meaning(world), before)
  })

  it("counts the catalog when the entries for Spark's readers have gaps, and writes these again", async () => {
    await withoutRows()
    const notes = await survives(world, ({ store }) => store.delete('silver/reviews/_spark_metadata/1'))
    assert(notes.some(note => note.startsWith("skipped: the log of Spark's sink under silver/reviews/")))
    assert.deepEqual(await world.spark(), await world.silver())
  })

  it('fails when the catalog cannot be asked, rather than take it for empty', async () => {
    await world.addReviews('a', [review('a1')])
    await world.run()
    await loseLog(world)
    world.catalog.locations = async () => {
      throw new AthenaFailed('Athena failed (Permission denied on S3 path)')
    }
    await assert.rejects(rebuild(world), { name: 'AthenaFailed' })
  })

  it('does not take rows in that were parked by an attempt which it does not have', async () => {
    await world.addReviews('a', [review('a1'), review('a2', '2')])
    await dieBeforeCommit(world)
    await world.run()
    await addCustomer(world, '2')
    await dieBeforeCommit(world)
    await addCustomer(world, '3')
    await world.run()
    const notes = await survives(world)
    assert.equal(notes.filter(note => note.startsWith('not taken')).length, 2)
    assert.deepEqual(await ids(world), ['a1', 'a2'])
  })

  it('knows of every version of a file that had others put in its place', async () => {
    for (const version of ['a', 'b', 'c']) {
      await world.addReviews('x', [review(`${version}1`), review(`${version}2`, '2')])
      await world.run(version === 'a' ? {} : CHANGED)
    }
    await survives(world)
    await addCustomer(world, '2')
    await world.run()
    assert.deepEqual(await ids(world), ['c1', 'c2'])
  })

  it('knows which rows wait of a version that came back', async () => {
    const first = [review('a1'), review('a2', '2')]
    for (const rows of [first, [review('b1')], first]) {
      await world.addReviews('x', rows)
      await world.run(rows === first && (await world.settled()).length === 0 ? {} : CHANGED)
    }
    assert.deepEqual(await world.parked(), ['a2'])
    await survives(world)
    await addCustomer(world, '2')
    await world.run()
    assert.deepEqual(await ids(world), ['a1', 'a2'])
    assert.deepEqual(await world.parked(), [])
  })

  it('holds the newest of a batch that had no rows and was written again without any', async () => {
    await world.addReviews('x', [review('a2', '2')])
    await world.run()
    for (const version of ['b', 'c']) {
      await world.addReviews('x', [review(`${version}2`, '2')])
      await world.run(CHANGED)
    }
    await survives(world, loseSink)
    assert.deepEqual(await world.parked(), ['c2'])
  })

  it('leaves a batch as it was that could not be written again, though nobody has it registered', async () => {
    await world.addReviews('a', [review('a1')])
    await world.addReviews('b', [review('b1')])
    await world.run()
    const good = await world.store.get('bronze/reviews/b.parquet')
    await world.store.put('bronze/reviews/b.parquet', good.slice(0, -1))
    await assert.rejects(world.run(CHANGED), { name: 'ReplaceRefused' })
    await world.store.put('bronze/reviews/b.parquet', good)
    const notes = await survives(world, loseReaders)
    assert(notes.some(note => note.endsWith('it was to write its batch again without bronze/reviews/b.parquet')))
    assert.deepEqual(await ids(world), ['a1', 'b1'])
  })

  it('does not take an attempt that was abandoned, some of whose files may be gone', async () => {
    await world.addReviews('a', [review('a1')])
    await world.run()
    await world.addReviews('b', [review('b1'), review('b2', '2')])
    await dieBeforeCommit(world)
    const { layout, now } = world
    const options = { layout, now: now + 48 * HOUR, olderThan: 24 * HOUR, executions: { isRunning: async () => false } }
    const [found] = (await findRubbish({ store: world.store, ...options })).filter(({ kind }) => kind === 'orphan')
    assert(found)
    const faults = new Faults(({ name, key }) =>
      name === 'delete' && key.includes('ingest_date=') ? { when: 'before', error: new Crash('died') } : undefined,
    )
    await assert.rejects(removeRubbish(found, { store: faultyStore(world.store, faults), ...options }), Crash)
    await world.store.delete(layout.commit(0))
    await rebuild(world)
    await world.run()
    assert.deepEqual(await ids(world), ['a1', 'b1'])
    assert.deepEqual(await world.parked(), ['b2'])
  })
})

/** As Athena answers when the table is not there. */
function dropTable({ catalog }: World): void {
  const { locations, batches, ensureTable } = catalog
  catalog.partitions.clear()
  const gone = (reason: string) => async () => {
    throw new AthenaFailed(`Athena failed (${reason}) at: …`)
  }
  catalog.locations = gone("TABLE_NOT_FOUND: line 1:36: Table 'awsdatacatalog.silver.reviews' does not exist")
  catalog.batches = gone('FAILED: SemanticException [Error 10001]: Table not found reviews')
  catalog.ensureTable = async columns => {
    Object.assign(catalog, { locations, batches, ensureTable })
    await ensureTable.call(catalog, columns)
  }
}
