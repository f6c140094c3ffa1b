import assert from 'node:assert/strict'
import type { Json } from '../../functions/adapters/step-functions/distributed-map.ts'
import { Meanwhile } from '../support/faulty-store.ts'
import {
  contents,
  dieBeforeCommit,
  ids,
  lose,
  loseDelta,
  loseHints,
  loseLog,
  loseSink,
  rebuild,
} from '../support/loss.ts'
import { World } from '../support/world.ts'

const review = (id: string) => ({ review_id: id, customer_id: '1', stars: 5 })
const ALL_ROWS = ['a1', 'b1', 'c1']

/** A lake with three files, each of which is a batch of its own once it has run. */
async function lake(): Promise<World> {
  const world = new World({ maxFilesPerBatch: 1 })
  await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
  for (const name of ['a', 'b', 'c']) await world.addReviews(name, [review(`${name}1`)])
  return world
}

/** A run that does nothing but refuse. */
async function refuses(world: World, message: RegExp, input: Json = {}): Promise<void> {
  const before = contents(world)
  await assert.rejects(world.run(input), { name: 'BrokenLog', message })
  assert.deepEqual(contents(world), before)
}

const isSilver = (key: string) => key.includes('/ingest_date=')

/** What can be lost, and what a run then says. */
const LOSSES: { [lost: string]: { lose: (world: World) => Promise<void>; says: RegExp } } = {
  'the whole log': {
    lose: world => loseLog(world),
    says: /it has no commits, but \S+\/published\.json says that version 2 was published: restore/,
  },
  'its last entry': {
    lose: world => world.store.delete(world.layout.commit(2)),
    says: /its last commit has version 1, but \S+\/published\.json says that version 2 was published: restore/,
  },
  'its middle': {
    lose: world => world.store.delete(world.layout.commit(1)),
    says: /0001\.json is missing: restore it from a backup, or npx silversmith rebuild/,
  },
  'its beginning': {
    lose: world => world.store.delete(world.layout.commit(0)),
    says: /0000\.json is missing: restore it from a backup, or npx silversmith rebuild/,
  },
  'the log and the hints': {
    lose: async world => {
      await loseLog(world)
      await loseHints(world)
    },
    says: /it has no commits, but silver\/reviews\/_spark_metadata\/\d+ was written by one/,
  },
  "the log, the hints and the entries for Spark's readers": {
    lose: async world => {
      await loseLog(world)
      await loseHints(world)
      await loseSink(world)
      await loseDelta(world)
    },
    says: /it has no commits, but silver\/reviews\/ingest_date=\S+\.parquet was written by one/,
  },
}

describe('a lake that has lost', () => {
  for (const [lost, { lose, says }] of Object.entries(LOSSES)) {
    it(`${lost} is left alone until rebuild has run, and then has nothing twice`, async () => {
      const world = await lake()
      await world.run()
      await lose(world)
      await refuses(world, says)
      assert.deepEqual(await ids(world), ALL_ROWS)
      await rebuild(world)
      await world.addReviews('d', [review('d1')])
      await world.run()
      assert.deepEqual(await ids(world), [...ALL_ROWS, 'd1'])
    })
  }

  it('the work since its log was copied, with all that lies beside it, is left alone until rebuild has run', async () => {
    for (const input of [{}, { reprocess: { all: true } }]) {
      const world = await lake()
      await world.run()
      const copied = [...world.store.objects].filter(([key]) => key.startsWith(world.layout.hidden))
      await world.addReviews('d', [review('d1')])
      await world.run(input)
      const rows = await ids(world)
      await lose(world, key => key.startsWith(world.layout.hidden))
      for (const [key, object] of copied) world.store.objects.set(key, object)
      await refuses(world, /its last commit has version 2, but silver\/reviews\/_spark_metadata\/\S+ names a later one/)
      await rebuild(world)
      await world.run()
      assert.deepEqual(await ids(world), [...new Set([...rows, 'd1'])])
    }
  })

  it('its log is left alone by backfills and by what would write batches again as well', async () => {
    const world = await lake()
    await world.run()
    await loseLog(world)
    for (const input of [{ prefix: 'bronze/reviews/a' }, { reprocess: { changed: true } }, { dryRun: true }]) {
      await refuses(world, /the log silver\/reviews\/_silversmith\/log\/ is not whole/, input)
    }
  })

  it('the files as well knows by the entries for Spark alone that there were commits', async () => {
    const world = await lake()
    await world.run()
    await loseLog(world)
    await loseHints(world)
    await lose(world, isSilver)
    await refuses(world, /_spark_metadata\/\d+ was written by one/)
  })

  it('the plan of the only batch knows by its file that there may have been a commit', async () => {
    const world = new World()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    await world.addReviews('a', [review('a1')])
    await world.run()
    await loseLog(world)
    await loseHints(world)
    await loseSink(world)
    await loseDelta(world)
    await lose(world, key => key.includes('/runs/'))
    await refuses(world, /ingest_date=\S+ was written by one/)
  })

  it('its log and has another in its place, of the same length, is left alone', async () => {
    const world = await lake()
    const other = world.clone()
    await world.run()
    await other.run({}, { name: 'of another lake' })
    await loseLog(world)
    for (const [key, { bytes }] of other.store.objects) {
      if (key.startsWith(other.layout.log)) await world.store.put(key, bytes)
    }
    await refuses(world, /its version 2 is not the one that \S+ says was published/)
    assert.deepEqual(await ids(world), ALL_ROWS)
  })
})

describe('a lake that has no log yet', () => {
  it('is begun though first runs died before their first commit', async () => {
    const world = await lake()
    await dieBeforeCommit(world)
    await dieBeforeCommit(world)
    assert([...world.store.objects.keys()].some(isSilver))
    await world.run()
    assert.deepEqual(await ids(world), ALL_ROWS)
  })

  it('has nothing to refuse when it is empty', async () => {
    const world = new World()
    assert.equal((await world.run()).reason, 'nothing new')
    assert.deepEqual(contents(world), new Map())
  })

  it('is begun by two runs at once', async () => {
    const world = await lake()
    await Promise.all([world.run(), world.run()])
    assert.deepEqual(await ids(world), ALL_ROWS)
  })

  it('is not lost when another first run commits while a run looks for traces', async () => {
    const world = await lake()
    let due = true
    const faults = new Meanwhile(async ({ name, key }) => {
      if (!due || name !== 'list' || !key.endsWith('_spark_metadata/')) return
      due = false
      await world.run()
    })
    const state = await world.run({}, { faults })
    assert(!due)
    assert.equal(state.reason, 'nothing new')
    assert.deepEqual(await ids(world), ALL_ROWS)
  })
})
