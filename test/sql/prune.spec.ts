import assert from 'node:assert/strict'
import fc from 'fast-check'
import { comparison } from '../../functions/sql/evaluate/compare.ts'
import { evaluator } from '../../functions/sql/evaluate.ts'
import type { Expr } from '../../functions/sql/expr.ts'
import { type ColumnStatistics, canSkip } from '../../functions/sql/prune.ts'
import type { Column, SqlType, Value } from '../../functions/sql/types.ts'
import { columns, compile } from '../support/compile-query.ts'

const VIEW = columns('i int, b bigint, s string, d date, t timestamp, f double, p decimal(10,2), flag boolean')

async function predicate(condition: string): Promise<Expr> {
  const { filters } = await compile(`SELECT 1 AS x FROM bronze_reviews WHERE ${condition}`, VIEW)
  const [first, ...rest] = filters.map(({ expr }) => expr)
  assert.ok(first)
  return rest.length === 0 ? first : { op: 'call', name: 'and', args: [first, ...rest], type: 'boolean' }
}

const statistics: Record<string, ColumnStatistics> = {
  i: { min: 10, max: 20, nulls: 0, rows: 100 },
  b: { min: 10n, max: 20n, nulls: 1, rows: 100 },
  s: { min: 'm', max: 'p', nulls: 0, rows: 100 },
  d: { min: 0, max: 10, nulls: 0, rows: 100 },
  t: { min: 0n, max: 86_400_000_000n, nulls: 0, rows: 100 },
  f: { min: 0, max: 1, nulls: 0, rows: 100 },
  p: { min: 100n, max: 200n, nulls: 0, rows: 100 },
  flag: { nulls: 100, rows: 100 },
}

describe('canSkip()', () => {
  const skipped = [
    'i > 20',
    'i >= 21',
    'i < 10',
    'i = 9',
    '25 = i',
    'i <=> 25',
    'i IN (1, 2, NULL)',
    'i BETWEEN 21 AND 30',
    'i IS NULL',
    'NOT i >= 10',
    'i <> i AND i > 30',
    'i > 30 OR i < 5',
    "i = '9'",
    'i > 20.5',
    'b > 20',
    'b = 5 OR b = 30',
    "s = 'a'",
    "s > 'q'",
    "s LIKE 'x%'",
    "s LIKE 'a_%'",
    "d > '1970-02-01'",
    "t < '1969-12-31'",
    "CAST(t AS date) > '1970-01-03'",
    'f < 0',
    'p > 2.01',
    'p = 0.99',
    'flag',
    'flag IS NOT NULL',
    'flag = true',
    '1 = 2',
    'upper(s) IS NULL',
  ]
  for (const condition of skipped) {
    it(`skips a group where ${condition} can't hold`, async () => {
      assert.equal(
        canSkip(await predicate(condition), name => statistics[name]),
        true,
      )
    })
  }

  const read = [
    'i = 15',
    'i >= 20',
    'i <= 10',
    'i <> 15',
    'i IS NOT NULL',
    'b IS NULL',
    'NOT b > 20',
    "s LIKE '%x'",
    "s LIKE 'n%'",
    "s LIKE 'pz%' OR i = 12",
    'f > 1',
    'f = 1',
    'flag IS NULL',
    "upper(s) = 'A'",
    'i + 1 = 0',
    'b <=> NULL',
    'NOT flag <=> true',
    "s NOT LIKE 'x%'",
    'i % 2 = 5',
  ]
  for (const condition of read) {
    it(`reads a group where ${condition} may hold`, async () => {
      assert.equal(
        canSkip(await predicate(condition), name => statistics[name]),
        false,
      )
    })
  }

  it('reads a group without statistics', async () => {
    assert.equal(
      canSkip(await predicate('i > 20'), () => undefined),
      false,
    )
    assert.equal(
      canSkip(await predicate('i > 20'), () => ({ rows: 5 })),
      false,
    )
  })

  it('never skips a group in which a row passes', async () => {
    const values: Record<string, fc.Arbitrary<Value>> = {
      i: fc.integer({ min: -3, max: 3 }),
      s: fc.constantFrom('', 'a', 'ab', 'b', '\uffff', '😀', '😀b'),
      f: fc.constantFrom(-1, -0, 0, 1, Number.NaN, Infinity),
      flag: fc.boolean(),
    }
    const view: Column[] = VIEW.filter(({ name }) => name in values)
    const row = fc.tuple(...view.map(({ name }) => fc.option(values[name] ?? fc.constant(null))))
    await fc.assert(
      fc.asyncProperty(condition(3), fc.array(row, { minLength: 1, maxLength: 4 }), async (text, rows) => {
        const expr = await predicate(text)
        const run = evaluator(
          expr,
          view.map(({ name }) => ({ view: 'reviews', name })),
        )
        const skip = canSkip(expr, name => statisticsOf(view, rows, name))
        assert.ok(!skip || rows.every(values => run(values) !== true), text)
      }),
      { numRuns: 3_000 },
    )
  })
})

/** A random condition on the columns i, s, f and flag. */
function condition(depth: number): fc.Arbitrary<string> {
  const comparisons = fc.constantFrom('=', '<', '<=', '>', '>=', '<>', '<=>')
  const leaf = fc.oneof(
    fc
      .tuple(fc.constantFrom('i', 'f'), comparisons, fc.constantFrom('-2', '0', '1', '1.5', 'NULL', "'1'", '2L'))
      .map(parts => parts.join(' ')),
    fc.tuple(fc.constant('s'), comparisons, fc.constantFrom("'a'", "'b'", "'😀'", "''")).map(parts => parts.join(' ')),
    fc.constantFrom(
      "s LIKE 'a%'",
      "s LIKE '😀%'",
      "s LIKE '_b'",
      "s LIKE ''",
      "s LIKE 'b'",
      'flag',
      'flag IS NULL',
      's IS NOT NULL',
      'i IN (1, 2)',
      "s IN ('a', NULL)",
      'f BETWEEN 0 AND 1',
      'i = f',
      'CAST(i AS double) > 1.5',
    ),
  )
  if (depth === 0) return leaf
  const inner = condition(depth - 1)
  return fc.oneof(
    leaf,
    fc.tuple(inner, fc.constantFrom('AND', 'OR'), inner).map(([a, word, b]) => `(${a} ${word} ${b})`),
    inner.map(a => `(NOT ${a})`),
  )
}

/** What a writer would put into the footer: NaN left out of the bounds. */
function statisticsOf(view: readonly Column[], rows: readonly (readonly Value[])[], name: string): ColumnStatistics {
  const at = view.findIndex(column => column.name === name)
  const type: SqlType = view[at]?.type ?? 'string'
  const all = rows.map(row => row[at] ?? null)
  const present = all.filter(value => value !== null && !Number.isNaN(value)).sort(comparison(type))
  const [min = null] = present
  return { min, max: present.at(-1) ?? null, nulls: all.filter(value => value === null).length, rows: rows.length }
}
