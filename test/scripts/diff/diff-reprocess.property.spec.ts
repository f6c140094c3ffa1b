import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { codecs } from '../../../functions/adapters/codecs.ts'
import type { RowCells } from '../../../functions/adapters/duckdb/compare-rows.ts'
import { parkedIn } from '../../../functions/log/fold.ts'
import { needCommit, readLog } from '../../../functions/log/read.ts'
import type { Column } from '../../../functions/sql/types.ts'
import { type BatchDifference, compareBatches } from '../../../scripts/commands/diff/compare-batches.ts'
import { readParquetRows } from '../../support/parquet-rows.ts'
import { World } from '../../support/world.ts'

const FROM = 'FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id'
const FIRST = `SELECT r.review_id, r.stars, c.customer_name ${FROM} WHERE r.stars > 1`
/** Queries to change to: filters, columns, kinds of join, rules, several rows of one, and those that are refused. */
const QUERIES = [
  FIRST,
  `SELECT r.review_id, r.stars, c.customer_name ${FROM}`,
  `SELECT r.review_id, r.stars, c.customer_name ${FROM} WHERE r.stars > 3`,
  `SELECT r.review_id, c.customer_name ${FROM} WHERE r.stars > 1`,
  `SELECT r.review_id, r.stars * 2 AS stars, upper(c.customer_name) AS customer_name, length(r.review_id) AS "net" ${FROM}`.replaceAll(
    '"',
    '`',
  ),
  `SELECT r.review_id, CASE WHEN r.stars > 2 THEN r.stars END AS stars, c.customer_name, r.customer_id ${FROM} WHERE r.stars > 1`,
  `SELECT r.review_id, r.stars, c.customer_name ${FROM.replace('JOIN', 'LEFT JOIN')} WHERE r.stars > 1`,
  `SELECT concat(r.review_id, '!') AS review_id, r.stars ${FROM.replace('JOIN', 'LEFT SEMI JOIN')}`,
  `CONSTRAINT few EXPECT (stars < 5) ON VIOLATION DROP ROW ${FIRST}`,
  `CONSTRAINT few EXPECT (stars < 5) ON VIOLATION FAIL UPDATE ${FIRST}`,
  `SELECT r.review_id, r.stars, c.customer_name ${FROM} WHERE r.stars > 3 UNION ALL SELECT r.review_id, r.stars, 'few' ${FROM} WHERE r.stars < 4`,
  `SELECT r.review_id, r.stars, c.customer_name, place ${FROM.replace(' JOIN', ' LATERAL VIEW explode(array(1, 2)) t AS place JOIN')}`,
  `SELECT r.review_id, CAST(r.stars AS string) AS stars, c.customer_name ${FROM}`,
]

const review = fc.record({
  customer: fc.constantFrom('1', '2', '3', null),
  stars: fc.integer({ min: 1, max: 5 }),
  twin: fc.boolean(),
})
const life = fc.record({
  batches: fc.array(fc.array(fc.array(review, { maxLength: 4 }), { minLength: 1, maxLength: 2 }), {
    minLength: 1,
    maxLength: 2,
  }),
  /** Whose customers come after which batch, and before the query changes. */
  second: fc.constantFrom('before', 'between', 'after', 'never'),
  doubled: fc.boolean(),
  unmatched: fc.constantFrom('park' as const, 'drop' as const),
  /** A file of the first batch is gone by then. */
  loses: fc.boolean(),
})

type Life = typeof life extends fc.Arbitrary<infer Each> ? Each : never

describe('diff', () => {
  const folder = mkdtempSync(join(tmpdir(), 'silversmith-'))
  const { XDG_CACHE_HOME } = process.env
  before(() => {
    process.env.XDG_CACHE_HOME = join(folder, 'cache')
  })
  after(() => {
    if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME
    else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME
    rmSync(folder, { recursive: true })
  })

  for (const [i, query] of QUERIES.entries()) {
    it(`is what a reprocess of the batches then does, and leaves the lake as it was: query ${i + 1}`, async () => {
      const compare = (given: Life) => compareWithReprocess(given, query, mkdtempSync(join(folder, 'scratch-')))
      await fc.assert(fc.asyncProperty(life, compare), { numRuns: Number(process.env.RUNS ?? 2) })
    })
  }

  it('does not see what a run commits meanwhile', async () => {
    const world = new World({ sql: FIRST })
    await world.addCustomers('a', [{ customer_id: '1', customer_name: 'One' }])
    for (const id of ['r1', 'r2']) {
      await world.addReviews(id, [{ review_id: id, customer_id: '1', stars: 5 }])
      await world.run()
    }
    const { state } = await readLog(world.store, world.layout)
    const told: BatchDifference[] = []
    const scratch = mkdtempSync(join(folder, 'scratch-'))
    for await (const each of differences(world, [...state.batches.keys()], scratch)) {
      told.push(each)
      await world.addReviews(`more-${told.length}`, [{ review_id: `m${told.length}`, customer_id: '1', stars: 5 }])
      await world.run()
    }
    assert.deepEqual(
      told.map(each => each.refused === null && each.rows.same),
      [1, 1],
    )
  })
}).timeout(120_000)

async function compareWithReprocess(given: Life, query: string, scratch: string): Promise<void> {
  const world = new World({ sql: FIRST, unmatched: given.unmatched })
  await live(world, given)
  const before = await readLog(world.store, world.layout)
  const ids = [...before.state.batches.values()].sort((a, b) => a.since - b.since).map(({ batch }) => batch)
  const old = new Map<string, Row[]>()
  for (const id of ids) old.set(id, await rowsOf(world, id))
  const files = fingerprint(world)
  world.sql = query
  const { told, error } = await diff(world, ids, scratch)
  assert.deepEqual(fingerprint(world), files, 'the lake')
  const failed = await world.run({ reprocess: { all: true } }).then(
    () => undefined,
    (error: Error) => ({ name: error.name, message: error.message.replace(/ \(docs\/.*/, '') }),
  )
  const refused = told.flatMap(each => (each.refused === null ? [] : [each.refused]))
  if (error) assert.deepEqual([error.name, error.message], [failed?.name, failed?.message])
  else assert.equal(failed?.message, refused.length > 0 ? refused.join('; ') : undefined)
  const { state } = await readLog(world.store, world.layout)
  for (const each of told) {
    if (each.refused !== null) continue
    const now = state.batches.get(each.batch)
    assert(now)
    const commit = await needCommit(world.store, world.layout, now.version)
    assert(commit.operation === 'replace')
    assert.deepEqual([each.counts.after, each.schema], [commit.rows, commit.schema])
    check(each, old.get(each.batch) ?? [], await rowsOf(world, each.batch))
  }
  const last = told.filter(each => each.refused === null).at(-1)
  if (last) {
    assert.deepEqual(last.schema, state.schema)
    assert.equal(last.waiting.after, parkedIn(state).rows)
  }
  // batches that nothing is told of are as they were
  for (const id of ids.filter(id => !told.some(each => each.batch === id))) {
    assert.deepEqual(await rowsOf(world, id), old.get(id))
  }
}

async function live(world: World, { batches, second, doubled, loses }: Parameters<typeof compareWithReprocess>[0]) {
  await world.addCustomers('a', [{ customer_id: '1', customer_name: 'One' }])
  const comes = async () => world.addCustomers('b', [{ customer_id: '2', customer_name: 'two' }])
  if (second === 'before') await comes()
  let id = 0
  for (const [i, files] of batches.entries()) {
    if (i === 1 && second === 'between') await comes()
    for (const [k, rows] of files.entries()) {
      await world.addReviews(
        `${i}-${k}`,
        rows.map(({ customer, stars, twin }) => ({ review_id: `r${twin ? id : ++id}`, customer_id: customer, stars })),
      )
    }
    await world.run()
  }
  if (second === 'after') await comes()
  if (doubled) await world.addCustomers('c', [{ customer_id: '1', customer_name: 'uno' }])
  if (loses) await world.store.delete('bronze/reviews/0-0.parquet')
}

async function diff(world: World, batches: readonly string[], scratch: string) {
  const told: BatchDifference[] = []
  let error: Error | undefined
  try {
    for await (const each of differences(world, batches, scratch)) told.push(each)
  } catch (reason) {
    assert(reason instanceof Error)
    error = reason
  }
  return { told, error }
}

async function* differences(world: World, batches: readonly string[], scratch: string) {
  const { store, layout, unmatched } = world
  const query = async () => ({
    ...{ sql: world.sql, declarations: null, reviewsView: 'bronze_reviews', customersView: 'bronze_customers' },
  })
  const how = {
    layout,
    codecs: codecs(),
    query,
    unmatched,
    ignoreSparkMetadata: false,
    maxConcurrency: 2,
    time: world.now,
  }
  const lake = { store, layout, uri: 's3://lake/' }
  yield* compareBatches(lake, await readLog(store, layout), { ...how, batches, key: undefined, sample: 1000, scratch })
}

type Row = RowCells

async function rowsOf(world: World, id: string): Promise<Row[]> {
  const { state } = await readLog(world.store, world.layout)
  const { silver = [], location = '' } = state.batches.get(id) ?? {}
  const rows: Row[] = []
  for (const { key } of silver) {
    const file = await readParquetRows(await world.store.get(`${world.layout.roots.silver}${location}${key}`))
    for (const row of file.rows) {
      rows.push(Object.fromEntries(file.columns.map(({ name }, i) => [name, plain(row[i])])))
    }
  }
  return rows
}

function plain(value: unknown): string | number | null {
  return typeof value === 'string' ? value : value === null || value === undefined ? null : Number(value)
}

/** Applies what was told to the old rows: they must become the new ones. */
function check(told: BatchDifference & { readonly refused: null }, old: readonly Row[], now: readonly Row[]): void {
  const { rows, schema } = told
  assert.deepEqual([rows.before, rows.after], [old.length, now.length])
  assert.deepEqual(
    [rows.before, rows.after],
    [rows.same + rows.changed + rows.gone, rows.same + rows.changed + rows.added],
  )
  const text = (row: Row) => textOf(row, schema)
  const left = old.map(text)
  const take = (row: string) => {
    const at = left.indexOf(row)
    assert(at >= 0, `${row} is in none of ${left}`)
    left.splice(at, 1)
  }
  const differing = rows.sample.changed.map(({ key, before, after }) => ({ key, before, after }))
  assert.deepEqual(
    [differing.length, rows.sample.gone.length, rows.sample.added.length],
    [rows.changed, rows.gone, rows.added],
  )
  for (const row of rows.sample.gone) take(text(row))
  const there = now.map(text)
  for (const { key, before, after } of differing) {
    // What is not told of a changed row is what the old one has. A key may be that of several rows, of which the others are
    // as they were: then it is the one whose change is there.
    const changed = (each: string) => text({ ...Object.fromEntries(JSON.parse(each)), ...after })
    const fitting = left.filter(each => !each.startsWith('=') && matches(JSON.parse(each), { ...key, ...before }))
    const found = fitting.find(each => there.includes(changed(each))) ?? fitting[0]
    assert(found !== undefined)
    take(found)
    left.push(`=${changed(found)}`)
  }
  const expected = [...left.map(each => each.replace(/^=/, '')), ...rows.sample.added.map(text)].sort()
  assert.deepEqual(expected, now.map(text).sort())
  for (const { name, rows: count, isNull } of rows.columns) {
    const changed = differing.filter(({ before }) => Object.hasOwn(before, name))
    assert.equal(count, changed.length)
    assert.equal(isNull, changed.filter(({ after }) => after[name] === null).length)
  }
}

function textOf(row: Row, schema: readonly Column[]): string {
  return JSON.stringify(schema.map(({ name }) => [name, row[name] ?? null]))
}

function matches(cells: readonly (readonly [string, unknown])[], wanted: Row): boolean {
  const row = new Map(cells)
  return Object.entries(wanted).every(([name, value]) => row.get(name) === value)
}

/** Every object of a lake with a hash of its content and its etag. */
function fingerprint({ store }: World): string[] {
  const all = [...store.objects].map(([key, { bytes, etag }]) => {
    return `${key} ${etag} ${createHash('sha256').update(bytes).digest('hex')}`
  })
  return all.sort()
}
