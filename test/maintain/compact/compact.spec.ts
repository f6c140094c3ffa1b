import assert from 'node:assert/strict'
import { parseSink, sinkKey } from '../../../functions/lake/spark-sink.ts'
import { checkLog } from '../../../functions/log/check.ts'
import { needCommit, readLog } from '../../../functions/log/read.ts'
import { describeBatch } from '../../../functions/maintain/batch/describe-batch.ts'
import { explainReview } from '../../../functions/maintain/why/explain-review.ts'
import { batchReport } from '../../../functions/report/batch-report.ts'
import { findFacts } from '../../../scripts/summary/lake-facts.ts'
import { assertVersions, readVersion } from '../../support/delta-reader.ts'
import { codecs } from '../../support/joining.ts'
import { compact, longName, packableLake, takenOverLake } from '../../support/packable-lake.ts'
import { SQL, type World } from '../../support/world.ts'

import { ALL, batches, itComesBack, seen, status } from './packed-world.ts'

describe('compactLake()', () => {
  let world: World
  let rows: string[]
  let lake: World
  before(async () => {
    lake = await packableLake()
  })
  beforeEach(async () => {
    world = lake.clone()
    rows = await seen(world)
  })

  it('writes the files of each batch as one, and every reader has the same rows', async () => {
    const before = await batches(world)
    assert.deepEqual(
      before.map(({ silver }) => silver.length),
      [3, 2, 1],
    )
    const done = await compact(world)
    assert.deepEqual(
      done.map(({ batch, outcome, files }) => [batch, outcome, files.before, files.after]),
      before.slice(0, 2).map(({ batch, silver }) => [batch, 'packed', silver.length, 1]),
    )
    assert.deepEqual(await seen(world), rows, 'before readers are told')
    await world.run()
    assert.deepEqual(await seen(world), rows, 'when they are')
    const after = await batches(world)
    assert.deepEqual(
      after.map(({ silver }) => silver.length),
      [1, 1, 1],
    )
    assert.deepEqual(await world.catalog.locations(), new Map(after.map(({ batch, location }) => [batch, location])))
    assert.deepEqual(await compact(world), [], 'once is enough')
    assert.deepEqual(await checkLog(world.store, world.layout), [])
  })

  it('is no change of data to Delta, and gives files the time of their rows in the log of Spark’s sink', async () => {
    const times = new Map((await batches(world)).map(({ batch, committedAt }) => [batch, Date.parse(committedAt)]))
    const [done] = await compact(world)
    await world.run()
    const version = await readVersion(world.store, world.layout.deltaVersion(done?.version ?? -1))
    const changes = version.flatMap(({ add, remove }) => add?.dataChange ?? remove?.dataChange ?? [])
    assert.deepEqual(changes, [false, false, false, false])
    assert(!version.some(({ metaData }) => metaData))
    const newest = await world.store.get(sinkKey(world.layout.roots.silver, 9))
    for (const { path, modificationTime } of parseSink(new TextDecoder().decode(newest))) {
      assert.equal(modificationTime, times.get(/batch=([^/]+)/.exec(path)?.[1] ?? ''))
    }
    await assertVersions(world.store, world.layout, Number.NEGATIVE_INFINITY)
  })

  it('lets parked rows, reprocess, why and batch go on as before', async () => {
    const ids = ['a7', 'p40', 'late50', 'few30', 'b']
    const told = (text: string) => text.replaceAll(/silver\/reviews\/ingest_date\S+/g, 'FILE')
    const before = await Promise.all(ids.map(id => status(world, id)))
    await compact(world)
    await world.run()
    const after = await Promise.all(ids.map(id => status(world, id)))
    assert.deepEqual(after.map(told), before.map(told))
    const { state } = await readLog(world.store, world.layout)
    const [first] = state.batches.values()
    const facts = await describeBatch(world, state, first?.batch ?? '')
    assert.equal(facts?.items.length, 1)
    assert.equal(facts?.items[0]?.files.length, 146)
    assert.equal(after[0]?.includes(`${first?.location}part-00000.parquet`), true)
    await world.addCustomers('e', [{ customer_id: '3', customer_name: 'three' }])
    await world.run()
    assert.equal((await seen(world)).length, rows.length + 3)
    assert.deepEqual(await world.parked(), [])
    world.sql = SQL.replace('r.stars > 1', 'r.stars > 0')
    await world.run(ALL)
    assert.equal((await seen(world)).length, rows.length + 3 + 5)
  })

  itComesBack(
    'is there again when the log is rebuilt',
    () => ({ world, rows }),
    () => compact(world),
    3,
  )

  it('refuses a batch with a damaged file, names it, and packs the others', async () => {
    const [first] = await batches(world)
    const key = `${world.layout.roots.silver}${first?.location}part-00001.parquet`
    const bytes = await world.store.get(key)
    bytes.fill(0, 4, 60)
    await world.store.put(key, bytes)
    const done = await compact(world)
    assert.deepEqual(
      done.map(({ outcome }) => outcome),
      ['refused', 'packed'],
    )
    assert(done[0]?.reason?.startsWith(key), done[0]?.reason ?? '')
  })

  it('changes nothing of what status says but the version, and the report of the batch says that it was packed', async () => {
    const { store, layout } = world
    const facts = async () => {
      const { log, published, ...rest } = await findFacts(world, { since: null, isCommitted: null, sql: undefined })
      return { batches: log.batches, ...rest }
    }
    const before = await facts()
    const [done] = await compact(world)
    await world.run()
    assert.deepEqual(await facts(), before)
    const commit = await needCommit(store, layout, done?.version ?? -1)
    assert(commit.operation === 'compact')
    assert.match(batchReport(commit, []), /Packed/)
  })

  it('only says what it would do, where that is asked for', async () => {
    const objects = world.store.objects.size
    const done = await compact(world, { dryRun: true })
    assert.deepEqual(
      done.map(({ outcome, files, version }) => [outcome, files, version]),
      [
        ['would be packed', { before: 3, after: 1 }, null],
        ['would be packed', { before: 2, after: 1 }, null],
      ],
    )
    assert.equal(world.store.objects.size, objects)
  })

  it('packs the 146 files of a Spark job that was taken over, and rows and bronze are as they were', async () => {
    const taken = await takenOverLake(146)
    const before = await seen(taken)
    const settled = await taken.settled()
    const [done] = await compact(taken)
    assert.deepEqual([done?.files, done?.rows], [{ before: 146, after: 1 }, 292])
    await taken.run()
    assert.deepEqual(await seen(taken), before)
    assert.deepEqual(await taken.settled(), settled)
    assert.equal(before.length, 293)
    assert.match(await status(taken, 's0'), /a Spark job joined its file/)
  })

  it('finds reviews of long names in the packed file', async () => {
    await compact(world)
    const { store, layout } = world
    const prefix = `${layout.roots.reviews}${longName('050')}`
    const { stories } = await explainReview({ codecs, store, layout, id: 'a50', column: 'review_id', prefix })
    assert.equal(stories.length, 1)
  })
})
