import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { BronzeEntry } from '../../../functions/log/bronze-entries.ts'
import { parkedIn } from '../../../functions/log/fold.ts'
import { needCommit, readLog } from '../../../functions/log/read.ts'
import { batchPage, commitFiles } from '../../../functions/maintain/console/batch-page.ts'
import { LogIndex } from '../../../functions/maintain/console/log-index.ts'
import { parkedByDay, totalsOf } from '../../../functions/maintain/console/now.ts'
import { isNamed, rowFiles } from '../../../functions/maintain/console/row-files.ts'
import { commitPage, timeline } from '../../../functions/maintain/console/timeline.ts'
import { type BatchCommit, balances, sumRows } from '../../../functions/protocol/commit.ts'
import { flowOf } from '../../../functions/report/flow.ts'
import { World } from '../../support/world.ts'

type Step = (world: World) => Promise<unknown>

const rows = fc.array(fc.tuple(fc.constantFrom('1', '2', '3', null), fc.constantFrom(1, 5)), {
  minLength: 1,
  maxLength: 4,
})
const name = fc.constantFrom('a', 'b', 'c', 'd')
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(name, rows).map(
      ([key, content]): Step =>
        world =>
          put(world, key, content),
    ),
  },
  {
    weight: 1,
    arbitrary: name.map(
      (key): Step =>
        world =>
          world.store.put(key_(key), new Uint8Array([1, 2, 3])),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('2', '3').map(
      (id): Step =>
        world =>
          customer(world, id),
    ),
  },
  { weight: 4, arbitrary: fc.constant<Step>(world => world.run()) },
  { weight: 1, arbitrary: fc.constant<Step>(world => world.run({ reprocess: { all: true } }).catch(() => undefined)) },
)

const key_ = (name: string) => `bronze/reviews/${name}.parquet`
const customer = (world: World, id: string) =>
  world.addCustomers(`c${id}`, [{ customer_id: id, customer_name: `name ${id}` }])
const put = (world: World, key: string, content: readonly (readonly [string | null, number])[]) =>
  world.addReviews(
    key,
    content.map(([customer_id, stars], i) => ({ review_id: `${key}${i}`, customer_id, stars })),
  )

/** The commits that count, read one by one. */
async function currentCommits({ store, layout }: World): Promise<BatchCommit[]> {
  const { state } = await readLog(store, layout)
  const commits = await Promise.all([...state.batches.values()].map(each => needCommit(store, layout, each.version)))
  return commits.flatMap(commit => (commit.operation === 'abandon' ? [] : [commit]))
}

describe('the views of the console', () => {
  it('have the numbers of the log, on lakes that have lived', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async steps => {
        const world = new World({ maxFilesPerBatch: 2 })
        const { store, layout } = world
        await customer(world, '1')
        await put(world, 'first', [['1', 5]]) // of a first run with no file that can be read nothing is known
        await world.run()
        const index = new LogIndex(store, layout)
        for (const each of steps) {
          await each(world)
          await index.update() // as it grows
        }
        const log = await readLog(store, layout)
        const commits = await currentCommits(world)
        assert.deepEqual(index.state.batches, log.state.batches)
        assert.deepEqual(index.state.parked, log.state.parked)

        const quarantined: BronzeEntry[] = []
        for await (const entry of log.bronze()) if (entry.reason !== undefined) quarantined.push(entry)
        assert.deepEqual([...index.quarantined.keys()].sort(), quarantined.map(({ key }) => key).sort())

        const flow = flowOf(index.lines)
        assert.deepEqual(flow.rows, sumRows(commits.map(commit => commit.rows)))
        assert(balances(flow.rows))
        assert.equal(flow.bronze.rows, sumRows(commits.flatMap(({ bronze }) => bronze.map(file => file.rows))).read)
        assert.equal(flow.again.rows, sumRows(commits.flatMap(({ unparked }) => unparked.map(file => file.rows))).read)
        assert.equal(flow.bronze.files, commits.flatMap(({ bronze }) => bronze).length)

        const totals = totalsOf(index)
        assert.equal(totals.rows, (await world.silver()).length)
        assert.equal(totals.rows, flow.rows.written)
        assert.equal(totals.bytes, flow.silver.bytes)
        assert.equal(totals.parked.rows, parkedIn(log.state).rows)
        assert.equal(
          parkedByDay(index.state).reduce((sum, day) => sum + day.rows, 0),
          totals.parked.rows,
        )

        const silver = rowFiles(index, layout, 'silver')
        assert.equal(
          silver.reduce((sum, file) => sum + (file.rows ?? 0), 0),
          totals.rows,
        )
        assert.equal(
          rowFiles(index, layout, 'parked').reduce((sum, file) => sum + (file.rows ?? 0), 0),
          totals.parked.rows,
        )
        for (const { key, size } of [...silver, ...rowFiles(index, layout, 'parked')]) {
          assert.equal((await store.head(key))?.size, size)
          assert(isNamed(index, layout, key), key)
        }

        const bars = timeline(index.lines, 3)
        assert(bars.length <= 3)
        assert.equal(
          bars.reduce((sum, bar) => sum + bar.written, 0),
          index.lines.reduce((sum, line) => sum + line.rows.written, 0),
        )
        const page = commitPage(index.lines, 1, 2)
        assert.deepEqual(page.lines, index.lines.toReversed().slice(1, 3))

        const pages = await Promise.all([...log.state.batches.keys()].map(id => batchPage(world, index, id)))
        assert.deepEqual(sumRows(pages.flatMap(each => each?.flow.rows ?? [])), flow.rows)
        for (const each of pages) {
          const last = each?.lines.at(-1)
          assert(each && last && last.replacedBy === null)
          assert.deepEqual(
            each.lines,
            index.lines.filter(line => line.batch === last.batch && line.operation !== 'abandon'),
          )
          const files = await commitFiles(world, last.version, { offset: 0, limit: 100 })
          assert.equal(files.total, last.bronzeFiles + last.parkedFiles)
          assert.deepEqual(sumRows(files.files.map(file => file.rows)), last.rows)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('name no object but those whose rows are shown', async () => {
    const world = new World()
    await customer(world, '1')
    await put(world, 'a', [
      ['1', 5],
      ['9', 5],
    ])
    await world.store.put(key_('bad'), new Uint8Array([1, 2, 3]))
    await world.run()
    const index = new LogIndex(world.store, world.layout)
    await index.update()
    const named: string[] = []
    for await (const { key } of world.store.list('')) if (isNamed(index, world.layout, key)) named.push(key)
    assert.deepEqual(
      named.map(key => key.replaceAll(/\d{8}T\d{6}Z-[0-9a-f]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '*')),
      [
        'bronze/reviews/bad.parquet',
        'silver/reviews/_silversmith/parked/*/*/part-00000-*.parquet',
        'silver/reviews/ingest_date=2026-11-24/batch=*/*/part-00000.parquet',
      ],
    )
  })

  it('begin anew where the log was put in another place of', async () => {
    const world = new World()
    await customer(world, '1')
    await put(world, 'a', [['1', 5]])
    await world.run()
    const index = new LogIndex(world.store, world.layout)
    assert.equal(await index.update(), true)
    assert.equal(await index.update(), false)
    const other = new World()
    await customer(other, '1')
    await put(other, 'b', [
      ['1', 5],
      ['1', 5],
    ])
    other.now += 1000
    await other.run()
    const commit = world.layout.commit(0)
    await world.store.put(commit, await other.store.get(commit))
    assert.equal(await index.update(), true)
    assert.equal(totalsOf(index).rows, 2)
  })
})
