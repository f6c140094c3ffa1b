import assert from 'node:assert/strict'
import { columnsOf, readFooter } from '../../../functions/parquet/metadata/footer.ts'
import { TABLE } from '../../../functions/sql/calls/table.ts'
import { compileQuery } from '../../../functions/sql/compile.ts'
import { InvalidQuery } from '../../../functions/sql/invalid.ts'
import { typedColumns } from '../../../functions/sql/schema/bind.ts'
import { request } from '../../support/compile-query.ts'
import { Duck } from '../../support/duckdb.ts'
import { dimensionsOf, joined } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'
import { readParquetRows } from '../../support/parquet-rows.ts'

const ROWS = `
  SELECT 0 AS id, ['a', NULL, 'b'] AS list, {'x': 1, 'y': [2]} AS struct, MAP {'k': 1} AS map UNION ALL
  SELECT 1, [], {'x': NULL, 'y': NULL}, MAP {} UNION ALL
  SELECT 2, NULL, NULL, NULL UNION ALL
  SELECT 3, [NULL], {'x': 5, 'y': []}, MAP {'k': NULL} ORDER BY id`
const NESTED = ['list', 'struct', 'map']

describe('NULLs of nested columns', function () {
  this.timeout(60_000)
  let duck: Duck
  let bytes: Uint8Array<ArrayBuffer>
  before(async () => {
    duck = await Duck.open()
    bytes = await duck.parquet(ROWS)
  })
  after(() => duck.close())

  async function run(sql: string): Promise<unknown[][]> {
    const source = sourceOf('f', bytes)
    const view = typedColumns(columnsOf(await readFooter(source)))
    const query = await compileQuery(request(sql, view, view))
    const dimensions = await dimensionsOf(query, { customers: [source, source] })
    return (await readParquetRows((await joined(query, dimensions, [source])).silver)).rows.map(row => [...row])
  }

  for (const name of NESTED) {
    it(`of reviews are found (${name})`, async () => {
      const sql = `SELECT id, ${name} IS NULL AS a, isnotnull(${name}) AS b, nvl2(${name}, 1, 2) AS c FROM bronze_reviews`
      assert.deepEqual(
        (await run(sql)).map(row => row.map(String).join(' ')),
        ['0 false true 1', '1 false true 1', '2 true false 2', '3 false true 1'],
      )
      assert.deepEqual(await run(`SELECT id FROM bronze_reviews WHERE ${name} IS NULL`), [[2]])
    })

    it(`of customers are found, in the output, in ON and in WHERE (${name})`, async () => {
      const from = 'FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.id = c.id'
      assert.deepEqual((await run(`SELECT r.id, c.${name} IS NULL AS n ${from}`)).map(String), [
        '0,false',
        '0,false',
        '1,false',
        '1,false',
        '2,true',
        '2,true',
        '3,false',
        '3,false',
      ])
      assert.deepEqual((await run(`SELECT r.id ${from} WHERE c.${name} IS NULL`)).flat(), [2, 2])
      assert.deepEqual(
        (await run(`SELECT r.id, c.id AS c ${from} AND c.${name} IS NULL`)).map(([, c]) => c),
        [null, null, 2, 2, null],
      )
    })
  }

  it('go through every function that takes them: what compiles runs, anything else is refused where it stands', async () => {
    let compiled = 0
    let refused = 0
    const names = TABLE.flatMap(definition => definition.names).filter(name => /^[a-z]\w*$/.test(name))
    const calls = names.flatMap(name =>
      ['N', 'N, N', 'TRUE, N', 'N, TRUE', 'N, 1, 2', 'TRUE, N, N', "N, 'a', 'b'"].map(args => `${name}(${args})`),
    )
    const operators = `N = N; N <=> N; N < N; N IN (N); N IN (N, NULL); N BETWEEN N AND N; NOT N; N AND N; N LIKE 'a'; N || N; N + 1; -N;
      CASE WHEN TRUE THEN N ELSE N END; CASE N WHEN N THEN 1 END; CAST(N AS string); N::int; N IS TRUE; N IS DISTINCT FROM N; N IN (SELECT N FROM bronze_customers)`
    for (const template of [...calls, ...operators.split(';')]) {
      for (const column of ['r.list', 'c.struct']) {
        const expr = template
          .trim()
          .replaceAll('N,', `${column},`)
          .replaceAll(/\bN\b(?!')/g, column)
        const sql = `SELECT r.id, ${expr} AS v FROM bronze_reviews r JOIN bronze_customers c ON r.id = c.id`
        try {
          await run(sql)
          compiled++
        } catch (error) {
          assert(error instanceof InvalidQuery, `${sql}: ${error}`)
          assert.match(error.message, /line 1, column \d+/)
          refused++
        }
      }
    }
    assert.ok(compiled > 80 && refused > 100, `${compiled} compiled, ${refused} refused`)
  })
})
