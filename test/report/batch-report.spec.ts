import assert from 'node:assert/strict'
import fc from 'fast-check'
import { count } from '../../functions/base/text.ts'
import { needCommit, readLog } from '../../functions/log/read.ts'
import { bringReport } from '../../functions/maintain/batch/bring-report.ts'
import { findRubbish, removeRubbish } from '../../functions/maintain/vacuum.ts'
import { type BatchCommit, NO_ROWS, sumRows } from '../../functions/protocol/commit.ts'
import { batchReport } from '../../functions/report/batch-report.ts'
import { batchCommit } from '../support/commits.ts'
import { Faults } from '../support/faulty-store.ts'
import { lived } from '../support/lived-lake.ts'
import { World } from '../support/world.ts'

/** The commits of a lake, also those that were replaced. */
async function commitsOf({ store, layout }: World): Promise<BatchCommit[]> {
  const { state } = await readLog(store, layout)
  const versions = Array.from({ length: state.version + 1 }, (_, version) => version)
  const commits = await Promise.all(versions.map(version => needCommit(store, layout, version)))
  return commits.flatMap(commit => (commit.operation === 'abandon' ? [] : [commit]))
}

const written = async ({ store, layout }: World, commit: BatchCommit) =>
  new TextDecoder().decode(await store.get(layout.report(commit)))
const brought = async (world: World, commit: BatchCommit) => new TextDecoder().decode(await bringReport(world, commit))

/** A lake in which rows were filtered, parked, rejected, quarantined and written again. */
async function everything(): Promise<World> {
  const world = await lived()
  world.sql = `CONSTRAINT known EXPECT (stars < 9) ON VIOLATION DROP ROW ${world.sql}`
  await world.addReviews('rules', [
    { review_id: 'SECRET-TEXT', customer_id: '1', stars: 9 },
    { review_id: 'r2', customer_id: '1', stars: 5 },
    { review_id: 'r3', customer_id: null, stars: 5 },
    { review_id: 'r4', customer_id: '1', stars: 0 },
  ])
  await world.run()
  return world
}

/** The rows of each band of the flow, by where it comes from and leads to. */
function bandsOf(page: string): Map<string, number> {
  const found = page.matchAll(/<title>([^<]*) → ([^<]*): ([\d,]+) rows<\/title>/g)
  return new Map([...found].map(([, from, to, rows = '']) => [`${from} → ${to}`, Number(rows.replaceAll(',', ''))]))
}

/** The cells of the table of files. */
function filesOf(page: string): string[][] {
  return [...page.matchAll(/<tr><td>.*<\/td><\/tr>/g)].map(([row]) =>
    [...row.matchAll(/<td[^>]*>(?:<code>)?([^<]*)/g)].map(([, cell = '']) => cell),
  )
}

describe('the report of a batch', () => {
  it('has the numbers of the log, on a lake with rows of every fate', async () => {
    const world = await everything()
    const commits = await commitsOf(world)
    const fates = sumRows(commits.map(({ rows }) => rows))
    assert(fates.filtered && fates.nullKey && fates.unmatched && fates.rejected)
    assert(commits.some(({ operation }) => operation === 'replace') && commits.some(({ unparked }) => unparked.length))
    for (const commit of commits) {
      const page = await written(world, commit)
      const { rows, bronze, unparked, quarantined } = commit
      const again = sumRows(unparked.map(file => file.rows)).read
      const bands = bandsOf(page)
      const expected = {
        'rows of bronze → read': rows.read - again,
        'waiting rows, tried again → read': again,
        'read → met their customer': rows.matched,
        'read → no customer yet': rows.unmatched,
        'read → without a key': rows.nullKey,
        'read → filtered': rows.filtered,
        'read → rejected by a rule': rows.rejected ?? 0,
        'met their customer → written to silver': rows.written,
      }
      for (const [band, count] of Object.entries(expected)) assert.equal(bands.get(band) ?? 0, count, band)
      assert(page.includes(`<dd>${count(rows.written)} row${rows.written === 1 ? '' : 's'}</dd>`))
      const files = filesOf(page).map(([key, ...counts]) => [key, ...counts.slice(0, 5).map(Number)])
      assert.deepEqual(
        files,
        [...bronze, ...unparked].map(({ key, rows: r }) => [
          ...[key, r.read, r.written, r.unmatched, r.filtered, r.nullKey],
        ]),
      )
      for (const { key, reason } of quarantined) {
        assert(page.includes(`<code>${key}</code>`) && page.includes(reason.slice(0, 20)))
      }
      assert(page.includes('SELECT r.review_id, r.stars, c.customer_name'))
      assert(page.includes(commit.customers?.snapshot ?? 'no snapshot'))
      assert(!page.includes('SECRET-TEXT'))
    }
  })

  it('shows the rows that a query has made of others', () => {
    const rows = { ...NO_ROWS, read: 2, generated: 3, matched: 5, written: 5 }
    const page = batchReport(batchCommit(0, ['a'], { rows }), [])
    assert.deepEqual(
      [...bandsOf(page)],
      [
        ['rows of bronze → read', 2],
        ['made of one row each → read', 3],
        ['read → met their customer', 5],
        ['met their customer → written to silver', 5],
      ],
    )
  })

  it('made again is the same, byte for byte, whether Commit has written it or not', async () => {
    const world = await everything()
    for (const commit of await commitsOf(world)) {
      const before = await written(world, commit)
      assert.equal(await brought(world, commit), before)
      await world.store.delete(world.layout.report(commit))
      assert.equal(await brought(world, commit), before)
    }
  })

  it('is made without the files that vacuum has removed', async () => {
    const world = await everything()
    const { store, layout, executions, patience } = world
    const options = { store, layout, now: world.now + 1e10, olderThan: 1, executions, patience }
    for (const found of await findRubbish(options)) await removeRubbish(found, options)
    for (const commit of await commitsOf(world)) {
      assert.equal(await store.head(layout.report(commit)), undefined)
      const page = await brought(world, commit)
      assert.equal(bandsOf(page).get('read → met their customer') ?? 0, commit.rows.matched)
    }
  })

  it('that cannot be written fails no run', async () => {
    const world = new World()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    await world.addReviews('a', [{ review_id: 'a', customer_id: '1', stars: 5 }])
    let refused = 0
    const faults = new Faults(({ name, key }) => {
      if (name !== 'put' || !key.endsWith('/report.html')) return undefined
      refused++
      return { when: 'before', error: new Error('no room') }
    })
    const { reason, refreshed } = await world.run({}, { faults })
    assert.deepEqual([refused, reason, refreshed], [1, 'committed', true])
    assert.equal((await world.silver()).length, 1)
    const [commit] = await commitsOf(world)
    assert(commit && (await brought(world, commit)).includes('written to silver'))
  })

  it('shows the items over time, the slowest of many, as far as their results say', () => {
    const silver = Array.from({ length: 100 }, (_, i) => ({ key: `part-${i}.parquet`, size: 1, rows: 1 }))
    const bronze = silver.map(({ key }, i) => ({
      ...{
        key: `bronze/reviews/f${i}.parquet`,
        etag: '"e"',
        size: 1,
        modified: '2026-11-24T07:00:00.000Z',
        silver: key,
      },
      rows: { ...NO_ROWS, read: 1, matched: 1, written: 1 },
    }))
    const plannedAt = '2026-11-24T07:14:50.000Z'
    const times = (i: number) => ({ started: '2026-11-24T07:14:55.000Z', opened: 100, written: 100 + i })
    const commit = batchCommit(3, [], { silver, bronze })
    const page = batchReport(
      commit,
      silver.map((_, i) => ({ plannedAt, times: times(i) })),
    )
    assert.match(page, /the 60 slowest of 100/)
    assert.match(page, /<title>f99\.parquet: wait, 5\.0 s<\/title>/)
    assert.doesNotMatch(page, />f39\.parquet/)
    assert.match(batchReport(commit, [undefined]), /do not say how long they took/)
  })

  it('shows how long an item read, joined and wrote, as a picture and as a table', () => {
    const [silver, other] = ['part-0.parquet', 'part-1.parquet'].map(key => ({ key, size: 1, rows: 1 }))
    assert(silver && other)
    const bronze = [silver, other].map(({ key }, i) => ({
      ...{
        key: `bronze/reviews/f${i}.parquet`,
        etag: '"e"',
        size: 1,
        modified: '2026-11-24T07:00:00.000Z',
        silver: key,
      },
      rows: { ...NO_ROWS, read: 1, matched: 1, written: 1 },
    }))
    const plannedAt = '2026-11-24T07:14:50.000Z'
    const old = { started: '2026-11-24T07:14:55.000Z', opened: 100, written: 900 }
    const spent = { read: 500, join: 0, write: 400 }
    const commit = batchCommit(3, [], { silver: [silver, other], bronze })
    const page = batchReport(commit, [{ plannedAt, times: { ...old, spent } }])
    const phases = [...page.matchAll(/<title>(f\d\.parquet: [^<]*)<\/title>/g)].map(([, phase]) => phase)
    assert.deepEqual(phases, ['f0.parquet: wait, 5.0 s', 'f0.parquet: read, 500 ms', 'f0.parquet: write, 400 ms'])
    assert.match(page, /each segment is the sum of its time/)
    assert.match(page, /f0\.parquet<\/th>(?:<td class="number">(?:5\.0 s|500 ms|0 ms|400 ms|900 ms)<\/td>){5}<\/tr>/)
    assert.doesNotMatch(page, /earlier version/)
    const both = batchReport(commit, [
      { plannedAt, times: old },
      { plannedAt, times: { ...old, spent } },
    ])
    assert.match(both, /f0\.parquet: open, 100 ms.*f0\.parquet: rest, 800 ms.*f1\.parquet: read/s)
    assert.match(both, /f0\.parquet<\/th><td class="number">5\.0 s<\/td>(?:<td class="number">not known<\/td>){3}/)
    assert.doesNotMatch(batchReport(commit, [{ plannedAt, times: old }]), /sum of its time/)
  })

  it('stays small, and says what it leaves out', () => {
    const keys = Array.from({ length: 5000 }, (_, i) => `bronze/reviews/2026/11/24/part-${i}-c000.snappy.parquet`)
    const quarantined = keys.map(key => ({
      ...{ key, etag: '"e"', size: 1, modified: '2026-11-24T07:00:00.000Z', reason: 'it is no Parquet file' },
    }))
    const page = batchReport(batchCommit(0, keys, { quarantined }), [])
    assert(page.length < 250_000, `${page.length}`)
    assert.match(page, /and 4,500 files more/)
    assert.match(page, /and 4,900 files more/)
  })

  it('keeps every name a text, holds no script, and asks for nothing from elsewhere', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        ...['"><script>x</script>', "' onload='x", '</style><img src=x onerror=x>', '</title>', '\u001b[31m\u202e'],
      ),
    )
    const reportOf = (name: string) => {
      const left = [{ key: name, etag: name, size: 1, modified: name, reason: name }]
      const dimension = { name, snapshot: name, rows: 1, files: [{ key: name, etag: name }] }
      const sources = { customers: dimension, dimensions: [dimension] }
      const made = batchCommit(1, [name], { quarantined: left, deferred: left, ...sources })
      const query = { sha256: name, sql: name, comment: name }
      const rules = [{ name, action: 'warn' as const, violated: 1 }]
      const spent = { read: 1, join: 0, write: 1 }
      const times = { started: '2026-11-24T07:14:55.000Z', opened: 1, written: 2, spent }
      const results = [{ plannedAt: '2026-11-24T07:14:50.000Z', times }]
      return batchReport({ ...made, query, rules, execution: name, location: name }, results)
    }
    const tags = (text: string) => [...text.replaceAll(/"[^"]*"/g, '""').matchAll(/<[^>]*>/g)].map(([tag]) => tag)
    const expected = tags(reportOf('name'))
    assert(!expected.some(tag => /script|src|href=|<a|<img|<link/.test(tag)))
    assert.doesNotMatch(reportOf('name'), /https?:|url\(|@import/)
    fc.assert(
      fc.property(hostile, name => {
        const page = reportOf(name)
        assert.deepEqual(tags(page), expected)
        assert.doesNotMatch(page, /(?!\n)[\p{Cc}\p{Cf}]/u)
      }),
    )
  })
})
