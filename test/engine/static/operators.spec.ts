import assert from 'node:assert/strict'
import type { Value } from '../../../functions/sql/types.ts'
import { runStatic, type Table } from './run-static.ts'

const t: Table = {
  columns: [
    { name: 'k', type: 'string' },
    { name: 'v', type: 'int' },
    { name: 'd', type: 'double' },
    { name: 'b', type: 'bigint' },
  ],
  rows: [
    ['a', 1, 1.5, 10n],
    ['b', 2, -0, 20n],
    ['a', 3, 0, null],
    [null, null, null, 5n],
    ['b', 2, Number.NaN, 7n],
    ['c', null, 1, 1n],
  ],
}

describe('evaluatePlan()', () => {
  const cases: readonly (readonly [sql: string, rows: readonly (readonly Value[])[]])[] = [
    [
      'SELECT k, count(*), count(v), sum(v), avg(v), min(d), max(d) FROM bronze_t GROUP BY k ORDER BY k',
      [
        [null, 1n, 0n, null, null, null, null],
        ['a', 2n, 2n, 4n, 2, 0, 1.5],
        ['b', 2n, 2n, 4n, 2, -0, Number.NaN],
        ['c', 1n, 0n, null, null, 1, 1],
      ],
    ],
    ['SELECT count(*), sum(v), collect_list(v) FROM bronze_t WHERE v > 9', [[0n, null, []]]],
    ['SELECT k FROM bronze_t WHERE v > 9 GROUP BY k', []],
    [
      'SELECT k, b FROM (SELECT *, row_number() OVER (PARTITION BY k ORDER BY v DESC, b) AS rn FROM bronze_t) WHERE rn = 1 ORDER BY 1',
      [
        [null, 5n],
        ['a', null],
        ['b', 7n],
        ['c', 1n],
      ],
    ],
    ['SELECT DISTINCT k FROM bronze_t ORDER BY k DESC LIMIT 2 OFFSET 1', [['b'], ['a']]],
    ['SELECT a.k, b.v FROM bronze_t a JOIN bronze_t b ON a.k = b.k AND a.v < b.v', [['a', 3]]],
    ['SELECT a.k, b.v FROM bronze_t a, bronze_t b WHERE a.k = b.k AND a.v < b.v', [['a', 3]]],
    ['SELECT count(*) FROM bronze_t a JOIN bronze_t b ON a.k <=> b.k', [[10n]]],
    [
      'SELECT k, sum(v) OVER (ORDER BY b ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM bronze_t ORDER BY b',
      [
        ['a', 8n],
        ['c', 5n],
        [null, 5n],
        ['b', 5n],
        ['a', 3n],
        ['b', 2n],
      ],
    ],
    [
      'SELECT k, (SELECT max(v) FROM bronze_t) - sum(v) FROM bronze_t GROUP BY 1 HAVING count(*) > 1 ORDER BY k',
      [
        ['a', -1n],
        ['b', -1n],
      ],
    ],
    ['SELECT (SELECT v FROM bronze_t WHERE v > 9) AS x, 1', [[null, 1]]],
    [
      'SELECT k FROM bronze_t UNION SELECT v FROM bronze_t WHERE v > 2 ORDER BY 1',
      [[null], ['3'], ['a'], ['b'], ['c']],
    ],
    ['SELECT k FROM bronze_t INTERSECT SELECT k FROM bronze_t WHERE v IS NULL ORDER BY 1', [[null], ['c']]],
    ['SELECT k FROM bronze_t EXCEPT SELECT k FROM bronze_t WHERE v IS NULL ORDER BY 1', [['a'], ['b']]],
    [
      'WITH x AS (SELECT k, v FROM bronze_t WHERE v > 1) SELECT a.k, b.v FROM x a LEFT JOIN x b ON a.k = b.k AND b.v > 2',
      [
        ['b', null],
        ['a', 3],
        ['b', null],
      ].toSorted((a, b) => String(a[1]).localeCompare(String(b[1]))),
    ],
    [
      'SELECT k FROM bronze_t a WHERE NOT EXISTS (SELECT 1 FROM bronze_t x WHERE x.k = a.k AND x.v > 1)',
      [[null], ['c']],
    ],
    [
      'SELECT v FROM bronze_t WHERE k IN (SELECT k FROM bronze_t GROUP BY k HAVING sum(v) = 4) ORDER BY v',
      [[1], [2], [2], [3]],
    ],
    [
      "SELECT * FROM VALUES (1, 'a'), (2L, NULL) AS t(x, y) FULL JOIN (SELECT v AS x, count(*) AS n FROM bronze_t GROUP BY v) u USING (x) ORDER BY x",
      [
        [null, null, 2n],
        [1n, 'a', 1n],
        [2n, null, 2n],
        [3n, null, 1n],
      ],
    ],
    [
      'SELECT k, sum(v) FROM bronze_t GROUP BY k QUALIFY rank() OVER (ORDER BY sum(v) DESC) = 1 ORDER BY k',
      [
        ['a', 4n],
        ['b', 4n],
      ],
    ],
    [
      'SELECT d, count(*) FROM bronze_t GROUP BY d ORDER BY d',
      [
        [null, 1n],
        [0, 2n],
        [1, 1n],
        [1.5, 1n],
        [Number.NaN, 1n],
      ],
    ],
  ]
  for (const [sql, expected] of cases) it(sql, async () => assert.deepEqual(await runStatic(sql, { t }), expected))

  it('refuses a scalar subquery of two rows', async () => {
    await assert.rejects(runStatic('SELECT (SELECT v FROM bronze_t)', { t }), { name: 'NotScalar' })
  })

  it('refuses a join that makes too many rows', async () => {
    const rows = Array.from({ length: 8_000 }, (_, i): Value[] => ['a', i, 0, 0n])
    await assert.rejects(runStatic('SELECT count(*) FROM bronze_t a, bronze_t b', { t: { ...t, rows } }), {
      name: 'TooManyRows',
    })
  })
})
