import assert from 'node:assert/strict'
import fc from 'fast-check'
import { addCounts, NO_COUNTS } from '../../../functions/engine/join/join-rows.ts'
import { balances } from '../../../functions/protocol/commit.ts'
import type { CompiledQuery } from '../../../functions/sql/compiled.ts'
import { encodeCell } from '../../parity/cells.ts'
import { compileOver, type ParityLake, readLake } from '../../parity/lake.ts'
import { dimensionsOf, joined } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'
import { readParquetRows } from '../../support/parquet-rows.ts'
import { referenceJoin } from '../../support/reference-join.ts'

/** More cases by hand. */
const RUNS = Number(process.env.GENERATED_QUERIES ?? 40)

const condition = fc.constantFrom(
  'star_rating > 2',
  'flag',
  "region = 'eu'",
  'tiny IS NULL',
  'true',
  'customer_id IS NOT NULL',
)
const texts = fc.constantFrom(
  'customer_id',
  'raw',
  'lower(customer_id)',
  "concat('c', length(raw))",
  'nullif(raw, raw)',
)

/** Queries that give review_id, customer_id and n. */
const branch = fc.tuple(texts, fc.constantFrom('star_rating', 'tiny', '7'), condition).map(([text, number, where]) => {
  return `SELECT review_id, ${text} AS customer_id, ${number} AS n, raw FROM bronze_reviews WHERE ${where}`
})
const view = fc.oneof(
  fc.array(texts, { minLength: 1, maxLength: 3 }).map(list => `stack(${list.length}, ${list.join(', ')})`),
  fc.constantFrom(
    "explode(split(raw, '[., ]'))",
    "explode_outer(split(CASE WHEN length(raw) > 1 THEN raw END, ''))",
    'explode(array(customer_id, raw))',
  ),
)
const stream = fc
  .tuple(fc.array(branch, { minLength: 1, maxLength: 3 }), fc.array(fc.tuple(view, fc.boolean()), { maxLength: 2 }))
  .map(([branches, views]) => {
    const lateral = views.map(([call, outer], i) => `LATERAL VIEW ${outer ? 'OUTER ' : ''}${call} v${i} AS k${i}`)
    const key = views.length > 0 ? `coalesce(k${views.length - 1}, s.customer_id)` : 's.customer_id'
    return `SELECT review_id, ${key} AS key, n FROM (${branches.join(' UNION ALL ')}) s ${lateral.join(' ')}`
  })
const query = fc
  .tuple(
    stream,
    fc.constantFrom('', 'JOIN', 'LEFT JOIN', 'LEFT SEMI JOIN', 'LEFT ANTI JOIN'),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([rows, join, on, where]) => {
    const city = join === 'JOIN' || join === 'LEFT JOIN' ? ', c.city' : ''
    const joins =
      join === ''
        ? ''
        : ` ${join} bronze_customers c ON r.key = c.customer_id${on && city !== '' ? " AND c.state <> 'TX'" : ''}`
    return `SELECT r.review_id, r.key, r.n${city} FROM (${rows}) r${joins}${where ? " WHERE r.n > 1 OR r.key <> ''" : ''}`
  })

describe('property: generators', function () {
  this.timeout(600_000)
  let lake: ParityLake
  before(async () => {
    lake = await readLake()
  })

  const run = async (compiled: CompiledQuery, parks: boolean) => {
    const sources = (files: ParityLake['reviews']) =>
      files.map(({ key, bytes, path }) => sourceOf(key, bytes, { path }))
    const files = Object.fromEntries(Object.entries(lake.tables).map(([name, table]) => [name, sources(table)]))
    const dimensions = await dimensionsOf(compiled, files)
    return await joined(compiled, dimensions, sources(lake.reviews), { parks })
  }
  const cells = (rows: readonly (readonly unknown[])[]) => rows.map(row => JSON.stringify(row)).sort()

  it('gives the rows and counts of the reference join, for any query and rows', async () => {
    await fc.assert(
      fc.asyncProperty(query, async sql => {
        const compiled = await compileOver(lake, sql)
        const wanted = referenceJoin(compiled, lake.reviews, lake.tables)
        const { silver, counts } = await run(compiled, false)
        const encoded = (rows: readonly (readonly Parameters<typeof encodeCell>[0][])[]) =>
          cells(rows.map(row => row.map((value, i) => encodeCell(value, compiled.output[i]?.type ?? 'string'))))
        assert.deepEqual(encoded((await readParquetRows(silver)).rows), encoded(wanted.rows))
        assert.ok(counts.every(balances))
        assert.deepEqual(counts.reduce(addCounts, NO_COUNTS), { ...wanted.counts, parked: 0 })
      }),
      { numRuns: RUNS },
    )
  })

  it('makes a review wait with all its rows, or with none', async () => {
    await fc.assert(
      fc.asyncProperty(query, async sql => {
        const compiled = await compileOver(lake, sql)
        if (compiled.joins[0]?.kind !== 'inner') return
        const { silver, parked, counts } = await run(compiled, true)
        const sum = counts.reduce(addCounts, NO_COUNTS)
        const waiting = parked ? (await readParquetRows(parked)).rows.map(([id]) => id) : []
        const written = new Set((await readParquetRows(silver)).rows.map(([id]) => id))
        assert.ok(counts.every(balances))
        assert.equal(sum.parked, waiting.length)
        assert.equal(sum.unmatched, sum.parked)
        assert.deepEqual(
          waiting.filter(id => written.has(id)),
          [],
        )
      }),
      { numRuns: RUNS },
    )
  })
})
