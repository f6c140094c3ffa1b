import assert from 'node:assert/strict'
import fc from 'fast-check'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { compileQuery } from '../../../functions/sql/compile.ts'
import { columns, NOW } from '../../support/compile-query.ts'
import { dimensionsOf, joined } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'
import { readParquetRows } from '../../support/parquet-rows.ts'
import { referenceJoin } from '../../support/reference-join.ts'

type Row = readonly (number | null)[]

/** Few values, so that keys meet, are there twice, and are NULL. */
const value = fc.oneof({ weight: 5, arbitrary: fc.nat(4) }, { weight: 1, arbitrary: fc.constant(null) })
const table = fc.array(fc.tuple(value, value), { maxLength: 6 })

const TABLES = ['a', 'b', 'c'] as const

const join = fc.record({
  kind: fc.constantFrom('JOIN', 'JOIN', 'LEFT JOIN', 'LEFT SEMI JOIN', 'LEFT ANTI JOIN'),
  /** Whether the key comes from the dimension before, where its columns can be seen. */
  chained: fc.boolean(),
  on: fc.constantFrom(
    'k = k',
    'k = k',
    'k = k AND x = x',
    'k <=> k',
    'k = k AND x <=> x',
    'k = k AND x < x',
    'k < k',
    'k = k OR x = x',
  ),
})

const chain = fc.record({
  reviews: fc.array(fc.tuple(value, value), { maxLength: 12 }),
  tables: fc.tuple(table, table, table),
  joins: fc.array(join, { minLength: 1, maxLength: 3 }),
  where: fc.constantFrom('', '', 'r.k > 0', 'r.x IS NULL OR r.x < 3', 'a.x > 1', 'a.k IS NULL OR b.x > r.x', 'b.k < 3'),
  parks: fc.boolean(),
})

function file(key: string, rows: readonly Row[]): { readonly key: string; readonly bytes: Uint8Array<ArrayBuffer> } {
  const column = (name: string, at: number) => {
    return { name, type: 'INT32' as const, nullable: true, data: rows.map(row => row[at] ?? null) }
  }
  return { key, bytes: new Uint8Array(parquetWriteBuffer({ columnData: [column('k', 0), column('x', 1)] })) }
}

function sqlOf({
  joins,
  where,
}: {
  joins: readonly { kind: string; chained: boolean; on: string }[]
  where: string
}): string {
  let left = 'r'
  const seen = ['r']
  const from = joins.map(({ kind, chained, on }, i) => {
    const name = TABLES[i] ?? 'a'
    const side = chained ? left : 'r'
    const condition = on.replaceAll(
      /(\w) (=|<=>|<) (\w)/g,
      (_, a, operator, b) => `${side}.${a} ${operator} ${name}.${b}`,
    )
    if (!/SEMI|ANTI/.test(kind)) {
      left = name
      seen.push(name)
    }
    return `${kind} bronze_${name} ${name} ON ${condition}`
  })
  const isSeen = (where.match(/[abr](?=\.)/g) ?? []).every(name => seen.includes(name))
  const output = seen.flatMap(name => [`${name}.k AS ${name}_k`, `${name}.x AS ${name}_x`])
  return `SELECT ${output.join(', ')} FROM bronze_reviews r ${from.join(' ')}${where !== '' && isSeen ? ` WHERE ${where}` : ''}`
}

describe('property: a chain of joins gives the rows and the counts of joining pair by pair', () => {
  it('for all kinds, keys from before, keys of several parts, ranges, duplicates, NULLs, and tables without rows', async () => {
    await fc.assert(
      fc.asyncProperty(chain, async one => {
        const schema = columns('k int, x int')
        const query = await compileQuery({
          sql: sqlOf(one),
          reviews: { view: 'bronze_reviews', columns: schema },
          customers: { view: 'bronze_customers', columns: [] },
          dimensions: TABLES.map(name => ({ name, view: `bronze_${name}`, columns: schema })),
          now: NOW,
        })
        const reviews = file('r', one.reviews)
        const tables = TABLES.map((name, i) => [name, file(name, one.tables[i] ?? [])] as const)
        const dimensions = await dimensionsOf(
          query,
          Object.fromEntries(tables.map(([name, { key, bytes }]) => [name, [sourceOf(key, bytes)]])),
        )
        const reference = async ({ key, bytes }: ReturnType<typeof file>) => {
          return { ...(await readParquetRows(bytes)), key, path: {}, metadata: [null, null, null, null] }
        }
        const expected = referenceJoin(
          query,
          [await reference(reviews)],
          Object.fromEntries(await Promise.all(tables.map(async ([name, of]) => [name, [await reference(of)]]))),
          one.parks,
        )
        const { silver, parked, counts } = await joined(query, dimensions, [sourceOf('r', reviews.bytes)], {
          parks: one.parks,
        })
        const { rows } = await readParquetRows(silver)
        const sorted = (all: typeof rows) => all.map(row => JSON.stringify(row)).sort()
        assert.deepEqual(sorted(rows), sorted(expected.rows))
        const [{ parked: waiting = 0, ...others } = {}] = counts
        assert.deepEqual(others, expected.counts)
        assert.equal(parked ? (await readParquetRows(parked)).rows.length : 0, waiting)
      }),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 20) },
    )
  })
})
