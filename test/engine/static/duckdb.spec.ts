import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Value } from '../../../functions/sql/types.ts'
import { Duck } from '../../support/duckdb.ts'
import { runStatic, type Table } from './run-static.ts'

/*
 * Random queries over small random tables, against DuckDB where it means the same: whole numbers and text, the place of
 * NULLs written out. What differs in Spark is held by the parity tests.
 */

const columns = [
  { name: 'id', type: 'int' },
  { name: 'k', type: 'string' },
  { name: 'g', type: 'int' },
  { name: 'v', type: 'int' },
] as const
const cell = fc.option(fc.integer({ min: -3, max: 3 }), { freq: 4 })
const text = fc.option(fc.constantFrom('', 'a', 'b', 'ab', 'é', '😀', '\uffff'), { freq: 5 })
const rows = fc.array(fc.tuple(text, cell, cell), { maxLength: 14 })

const column = fc.constantFrom('k', 'g', 'v')
const whole = fc.constantFrom('g', 'v', 'g + v', 'coalesce(v, 9)', 'id')
const aggregate = fc.oneof(
  fc.constant('count(*)'),
  fc
    .tuple(
      fc.constantFrom('count', 'sum', 'min', 'max'),
      fc.constantFrom('', 'DISTINCT '),
      whole,
      fc.constantFrom('', ' FILTER (WHERE g > 0)'),
    )
    .map(([name, distinct, value, filter]) => `${name}(${distinct}${value})${filter}`),
  column.map(name => `max(${name})`),
  fc.tuple(whole).map(([value]) => `count(DISTINCT ${value})`),
  fc
    .tuple(fc.constantFrom('median', 'bit_and', 'bit_or', 'bit_xor'), whole)
    .map(([name, value]) => `${name}(${value})`),
  fc
    .tuple(fc.constantFrom('cont(0.25)', 'cont(0.5)', 'disc(0.6)', 'disc(0.5)'), column)
    .filter(([, name]) => name !== 'k')
    .chain(([call, name]) =>
      fc.constantFrom('', ' DESC').map(way => `percentile_${call} WITHIN GROUP (ORDER BY ${name}${way})`),
    ),
  fc.constant('regr_count(g, v)'),
)
const direction = fc.constantFrom('ASC NULLS FIRST', 'ASC NULLS LAST', 'DESC NULLS FIRST', 'DESC NULLS LAST')
const order = fc.tuple(column, direction).map(([name, way]) => `ORDER BY ${name} ${way}`)
const total = order.map(text => `${text}, id`)
const partition = fc.constantFrom('', 'PARTITION BY k ', 'PARTITION BY g, k ', 'PARTITION BY g + 1 ')
const bound = fc.constantFrom(
  'UNBOUNDED PRECEDING AND CURRENT ROW',
  '2 PRECEDING AND 1 FOLLOWING',
  'CURRENT ROW AND UNBOUNDED FOLLOWING',
  '3 PRECEDING AND 2 PRECEDING',
  '1 FOLLOWING AND 2 FOLLOWING',
  'UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',
)
const range = fc.constantFrom(
  '1 PRECEDING AND CURRENT ROW',
  '2 PRECEDING AND 1 FOLLOWING',
  'CURRENT ROW AND 2 FOLLOWING',
  '3 PRECEDING AND 1 PRECEDING',
  '1 FOLLOWING AND 2 FOLLOWING',
  'UNBOUNDED PRECEDING AND 1 FOLLOWING',
  '1 FOLLOWING AND UNBOUNDED FOLLOWING',
)
const window = fc.oneof(
  fc
    .tuple(fc.constantFrom('sum(v)', 'count(g)', 'max(k)'), partition, fc.constantFrom('g', 'v'), direction, range)
    .map(([call, by, name, way, frame]) => `${call} OVER (${by}ORDER BY ${name} ${way} RANGE BETWEEN ${frame})`),
  fc
    .tuple(fc.constantFrom('row_number()', 'lag(v)', 'lead(k, 2)', 'lag(g, 1, 7)', 'ntile(3)'), partition, total)
    .map(([call, by, sorted]) => `${call} OVER (${by}${sorted})`),
  fc
    .tuple(fc.constantFrom('rank()', 'dense_rank()', 'sum(v)', 'count(*)', 'min(k)', 'max(g)'), partition, order)
    .map(([call, by, sorted]) => `${call} OVER (${by}${sorted})`),
  fc
    .tuple(fc.constantFrom('sum(v)', 'count(g)', 'max(k)', 'first_value(v)', 'last_value(k)'), partition, total, bound)
    .map(([call, by, sorted, frame]) => `${call} OVER (${by}${sorted} ROWS BETWEEN ${frame})`),
)
const condition = fc.constantFrom(
  '',
  'WHERE v > 0',
  "WHERE k = 'a' OR g IS NULL",
  'WHERE v IN (SELECT g FROM bronze_u)',
  'WHERE EXISTS (SELECT 1 FROM bronze_u u WHERE u.k = t.k AND u.v < t.v)',
  'WHERE NOT EXISTS (SELECT 1 FROM bronze_u u WHERE u.g = t.g)',
  'WHERE v < (SELECT max(v) FROM bronze_u)',
  'WHERE v NOT IN (SELECT g FROM bronze_u)',
  'WHERE v NOT IN (SELECT g FROM bronze_u WHERE g IS NOT NULL)',
  'WHERE v NOT IN (SELECT u.v FROM bronze_u u WHERE u.k = t.k)',
  'WHERE NOT (g > 0 AND v IN (SELECT g FROM bronze_u))',
  "WHERE k = 'a' OR v IN (SELECT g FROM bronze_u u WHERE u.k = t.k) OR g NOT IN (SELECT v FROM bronze_u WHERE v > 0)",
  'WHERE g = 1 OR NOT EXISTS (SELECT 1 FROM bronze_u u WHERE u.k = t.k AND u.v > 0)',
  'WHERE (SELECT count(*) FROM bronze_u u WHERE u.k = t.k AND u.g = t.g) < 1',
  'WHERE v <= (SELECT max(u.v) FROM bronze_u u WHERE u.k IS NOT DISTINCT FROM t.k AND u.g IS NOT NULL)',
  'WHERE (k, g) IN (SELECT k, v FROM bronze_u)',
)
const from = condition.map(where => `FROM bronze_t t ${where}`)
const groupings = fc.constantFrom(
  'ROLLUP (k, g)',
  'CUBE (k, g)',
  'g, ROLLUP (k)',
  'ROLLUP ((k, g))',
  'GROUPING SETS ((k, g), g, (), k, g)',
  'GROUPING SETS (ROLLUP (g, k), CUBE (g), (k))',
)
const query = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('k', 'g', 'k, g', 'g + v'),
      aggregate,
      aggregate,
      from,
      fc.constantFrom('', ' HAVING count(*) > 1', ' HAVING max(v) IS NOT NULL'),
    )
    .map(([keys, a, b, rest, having]) => `SELECT ${keys}, ${a} AS a, ${b} AS b ${rest} GROUP BY ${keys}${having}`),
  // Of no rows DuckDB makes a total, and Spark does not.
  fc
    .tuple(groupings, aggregate, aggregate, from)
    .map(
      ([sets, a, b, rest]) =>
        `SELECT k, g, grouping(k) AS i, ${a} AS a, ${b} AS b ${rest} GROUP BY ${sets} HAVING count(*) > 0`,
    ),
  fc.tuple(aggregate, aggregate, from).map(([a, b, rest]) => `SELECT ${a} AS a, ${b} AS b ${rest}`),
  fc
    .tuple(fc.constantFrom('sum(u.v) + count(*)', 'count(u.g)', 'max(u.k)'), from)
    .map(
      ([value, rest]) => `SELECT id, (SELECT ${value} FROM bronze_u u WHERE u.k = t.k AND u.g = t.v + 1) AS a ${rest}`,
    ),
  fc
    .tuple(
      fc.constantFrom('sum', 'max', 'min'),
      fc.constantFrom("k IN ('a', 'ab', '' AS none)", 'g IN (1 AS x, 2 AS y, -3 AS z)'),
      from,
    )
    .map(([name, by, rest]) => `SELECT * FROM (SELECT k, g, v ${rest}) PIVOT (${name}(v) FOR ${by})`),
  fc.tuple(window, window, from).map(([a, b, rest]) => `SELECT id, ${a} AS a, ${b} AS b ${rest}`),
  fc.tuple(window, from).map(([a, rest]) => `SELECT id, k FROM (SELECT *, ${a} AS n ${rest}) x WHERE n IS NOT NULL`),
  fc
    .tuple(total, from, fc.nat(5), fc.nat(3))
    .map(([sorted, rest, count, offset]) => `SELECT id, k ${rest} ${sorted} LIMIT ${count} OFFSET ${offset}`),
  fc.tuple(fc.constantFrom('k', 'g, v', 'g'), from).map(([names, rest]) => `SELECT DISTINCT ${names} ${rest}`),
  fc
    .tuple(fc.constantFrom('UNION ALL', 'UNION', 'INTERSECT', 'EXCEPT', 'INTERSECT ALL', 'EXCEPT ALL'), from, column)
    .map(([word, rest, name]) => `SELECT ${name}, g ${rest} ${word} SELECT ${name}, v FROM bronze_u`),
  fc
    .tuple(
      fc.constantFrom('JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'),
      fc.constantFrom('t.k = u.k', 't.g = u.g AND t.v < u.v', 't.g = u.v AND t.k = u.k', 't.k = u.k AND u.v > 0'),
    )
    .map(([word, on]) => `SELECT t.id AS a, u.id AS b, t.k, u.v FROM bronze_t t ${word} bronze_u u ON ${on}`),
)

describe('static queries', () => {
  let duck: Duck
  before(async () => {
    duck = await Duck.open()
  })
  after(() => duck.close())

  it('give the rows of DuckDB', async () => {
    await fc.assert(
      fc.asyncProperty(rows, rows, fc.array(query, { minLength: 8, maxLength: 8 }), async (t, u, queries) => {
        const tables = { t: tableOf(t), u: tableOf(u) }
        for (const [name, { rows }] of Object.entries(tables)) {
          await duck.run(`CREATE OR REPLACE TABLE bronze_${name} (id int, k text, g int, v int)`)
          const values = rows.map(row => `(${row.map(literal).join(', ')})`).join(', ')
          if (values !== '') await duck.run(`INSERT INTO bronze_${name} VALUES ${values}`)
        }
        for (const sql of queries) {
          const theirs = (await duck.rows(sql)).map(row => JSON.stringify(Object.values(row).map(plain))).sort()
          const ours = (await runStatic(sql, tables)).map(row => JSON.stringify(row.map(plain))).sort()
          assert.deepEqual(ours, theirs, sql)
        }
      }),
      { numRuns: 40 },
    )
  })
})

function tableOf(rows: readonly (readonly Value[])[]): Table {
  return { columns, rows: rows.map((row, id) => [id, ...row]) }
}

function literal(value: Value): string {
  if (value === null) return 'NULL'
  return typeof value === 'string' ? `'${value}'` : String(value)
}

function plain(value: unknown): string | null {
  return value === null ? null : String(value)
}
