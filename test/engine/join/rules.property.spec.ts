import assert from 'node:assert/strict'
import fc from 'fast-check'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { balances } from '../../../functions/protocol/commit.ts'
import { CUSTOMERS, columns, compile } from '../../support/compile-query.ts'
import { customersOf, joined } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'
import { readParquetRows } from '../../support/parquet-rows.ts'

interface Review {
  readonly id: string
  readonly customer_id: string | null
  readonly n: number | null
}

const KINDS = ['JOIN', 'LEFT JOIN'] as const
const ACTIONS = ['', 'ON VIOLATION DROP ROW', 'ON VIOLATION FAIL UPDATE'] as const

/** Rules over the output, as SQL and as what they mean; null is SQL's. */
const RULES = [
  ['n > 1', ({ n }) => n !== null && n > 1],
  ['n IS NOT NULL', ({ n }) => n !== null],
  ["city <> 'c1'", ({ city }) => city !== null && city !== 'c1'],
  ["n < 3 OR city = 'c0'", ({ n, city }) => (n !== null && n < 3) || city === 'c0'],
] as const satisfies readonly (readonly [string, (row: Output) => boolean])[]

interface Output {
  readonly id: string
  readonly n: number | null
  readonly city: string | null
}

const arbitraryCase = fc.record({
  files: fc.array(
    fc.array(
      fc.record({
        customer_id: fc.constantFrom('k0', 'k1', 'k2', 'unknown', null),
        n: fc.option(fc.integer({ min: 0, max: 4 })),
      }),
      { minLength: 1, maxLength: 12 },
    ),
    { minLength: 1, maxLength: 3 },
  ),
  customers: fc.array(fc.tuple(fc.constantFrom('k0', 'k1', 'k2'), fc.constantFrom('c0', 'c1', null)), {
    minLength: 1,
    maxLength: 5,
  }),
  rules: fc.array(fc.tuple(fc.nat(RULES.length - 1), fc.constantFrom(...ACTIONS)), { minLength: 1, maxLength: 4 }),
  kind: fc.constantFrom(...KINDS),
  where: fc.boolean(),
  parks: fc.boolean(),
  rowGroupSize: fc.constantFrom(3, 100),
  smallRows: fc.constantFrom(0, 25_000),
})

type Case = typeof arbitraryCase extends fc.Arbitrary<infer T> ? T : never

const text = (name: string, data: (string | null)[]) => ({ name, type: 'STRING' as const, nullable: true, data })

describe('property: every row that is read is accounted for, whatever rules are broken', () => {
  it('and goes to silver, to the rejected or parked rows, or nowhere, as SQL says', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCase, async one => {
        const files = one.files.map((rows, f) => rows.map((row, i): Review => ({ ...row, id: `${f}.${i}` })))
        const head = one.rules.map(([rule, action], i) => `CONSTRAINT r${i} EXPECT (${RULES[rule]?.[0]}) ${action}`)
        const where = one.where ? "WHERE r.n <> 4 AND coalesce(c.city, '') <> 'c0'" : ''
        const query = await compile(
          `${head.join('\n')} SELECT r.id, r.n, c.city FROM bronze_reviews r
          ${one.kind} bronze_customers c ON r.customer_id = c.customer_id ${where}`,
          columns('id, customer_id, n int'),
        )
        const customersFile = sourceOf(
          'customers',
          new Uint8Array(
            parquetWriteBuffer({
              columnData: [
                text(
                  'customer_id',
                  one.customers.map(([id]) => id),
                ),
                text(
                  'city',
                  one.customers.map(([, city]) => city),
                ),
              ],
            }),
          ),
        )
        const customers = await customersOf([customersFile], query, CUSTOMERS)
        const sources = files.map((rows, f) =>
          sourceOf(
            `f${f}`,
            new Uint8Array(
              parquetWriteBuffer({
                rowGroupSize: one.rowGroupSize,
                columnData: [
                  text(
                    'id',
                    rows.map(({ id }) => id),
                  ),
                  text(
                    'customer_id',
                    rows.map(row => row.customer_id),
                  ),
                  { name: 'n', type: 'INT32', nullable: true, data: rows.map(({ n }) => n) },
                ],
              }),
            ),
          ),
        )
        const result = await joined(query, customers, sources, { parks: one.parks, smallRows: one.smallRows })

        const expected = files.map(rows => judge(rows, one))
        const all = expected.flatMap(file => file.silver)
        assert.deepEqual((await readParquetRows(result.silver)).rows.map(String).sort(), all.sort())
        const rejected = result.rejected ? (await readParquetRows(result.rejected)).rows : []
        assert.deepEqual(
          // id, n, city, rules, then the key, the etag and the row in the file
          rejected.map(row => [...row.slice(0, 5), row[6]].join()).sort(),
          expected.flatMap(file => file.rejected).sort(),
        )
        for (const [f, counts] of result.counts.entries()) {
          assert(balances(counts), JSON.stringify(counts))
          const { broken = [], rejected = 0, written } = counts
          const file = expected[f]
          assert.deepEqual([rejected, written], [file?.lost, file?.silver.length])
          assert.deepEqual(new Map(broken.map(({ name, violated }) => [name, violated])), file?.violated)
          for (const { name, rows } of broken) assert.deepEqual(rows, file?.rows.get(name)?.slice(0, 3))
        }
      }),
      { numRuns: 60 },
    )
  })
})

interface Judged {
  readonly silver: string[]
  readonly rejected: string[]
  /** Rows of bronze of which only rejected rows came. */
  readonly lost: number
  readonly violated: ReadonlyMap<string, number>
  readonly rows: ReadonlyMap<string, number[]>
}

/** What rules make of a file, row by row and rule by rule. */
function judge(file: readonly Review[], { customers, rules, kind, where }: Case): Judged {
  const silver: string[] = []
  const rejected: string[] = []
  const violated = new Map<string, number>()
  const rows = new Map<string, number[]>()
  let lost = 0
  for (const [at, { id, n, customer_id }] of file.entries()) {
    const cities = customers.filter(([key]) => key === customer_id).map(([, city]) => city)
    const met = cities.length === 0 && kind === 'LEFT JOIN' ? [null] : cities
    const kept = met.filter(city => !where || (n !== null && n !== 4 && (city ?? '') !== 'c0'))
    let passed = 0
    for (const city of kept) {
      const broken = rules.flatMap(([rule, action], i) =>
        RULES[rule]?.[1]({ id, n, city }) ? [] : [{ name: `r${i}`, action }],
      )
      for (const { name } of broken) {
        violated.set(name, (violated.get(name) ?? 0) + 1)
        const known = rows.get(name) ?? []
        if (known.at(-1) !== at) rows.set(name, [...known, at])
      }
      if (!broken.some(({ action }) => action === 'ON VIOLATION DROP ROW')) {
        passed++
        silver.push(String([id, n, city]))
      } else rejected.push([id, n, city, broken.map(({ name }) => name).join(', '), `f${id.split('.')[0]}`, at].join())
    }
    if (kept.length > 0 && passed === 0) lost++
  }
  return { silver, rejected, lost, violated, rows }
}
