import assert from 'node:assert/strict'
import fc from 'fast-check'
import { snapshotView } from '../../../functions/engine/dimensions/snapshot-view.ts'
import { UnreadableFile } from '../../../functions/engine/sources/file-fault.ts'
import { columnsOf, readFooter } from '../../../functions/parquet/metadata/footer.ts'
import { compileQuery } from '../../../functions/sql/compile.ts'
import type { CompiledQuery } from '../../../functions/sql/compiled.ts'
import type { Expr } from '../../../functions/sql/expr.ts'
import { encodeLiteral } from '../../../functions/sql/literal.ts'
import { typedColumns } from '../../../functions/sql/schema/bind.ts'
import type { SqlType, Value } from '../../../functions/sql/types.ts'
import { request } from '../../support/compile-query.ts'
import { Duck } from '../../support/duckdb.ts'
import { customersOf, joined } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'
import { anyOf, TYPE } from '../../support/nested-values.ts'
import { readParquetRows } from '../../support/parquet-rows.ts'

const ROWS = 30

describe('nested values', function () {
  this.timeout(60_000)
  let duck: Duck
  let ids: Uint8Array<ArrayBuffer>
  before(async () => {
    duck = await Duck.open()
    ids = await duck.parquet(`SELECT i::INTEGER AS id FROM range(${ROWS}) t(i)`)
  })
  after(() => duck.close())

  async function compiled(sql: string, bytes: Uint8Array<ArrayBuffer>): Promise<CompiledQuery> {
    const view = typedColumns(columnsOf(await readFooter(sourceOf('f', bytes))))
    return await compileQuery(request(sql, view, view))
  }

  async function run(sql: string, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const query = await compiled(sql, bytes)
    const [dimension] = query.dimensions
    const customers = dimension && (await customersOf([sourceOf('c', bytes)], query, snapshotView(dimension)))
    return (await joined(query, customers ?? null, [sourceOf('f', bytes)])).silver
  }

  /** A query whose one column has these values, row by row. */
  async function withValues(type: SqlType, values: readonly Value[]): Promise<CompiledQuery> {
    const query = await compiled('SELECT id, id AS v FROM bronze_reviews', ids)
    const [id] = query.output
    assert.ok(id)
    const all = encodeLiteral(values, { kind: 'array', element: type })
    const expr: Expr = { op: 'call', name: 'array-item', args: [all, id.expr], type }
    return { ...query, output: [id, { name: 'v', type, nullable: true, expr }] }
  }

  it('are in silver as they were computed, and are read from there again', async () => {
    const cases = TYPE.chain(type =>
      fc.tuple(fc.constant(type), fc.array(anyOf(type), { minLength: ROWS, maxLength: ROWS })),
    )
    await fc.assert(
      fc.asyncProperty(cases, async ([type, values]) => {
        const { silver } = await joined(await withValues(type, values), null, [sourceOf('f', ids)])
        const written = await readParquetRows(silver)
        assert.deepEqual(
          written.rows.map(([, value]) => value),
          values,
        )
        const again = await run('SELECT id, coalesce(v, NULL) AS v, v AS same FROM bronze_reviews', silver)
        assert.deepEqual(
          (await readParquetRows(again)).rows.map(([, ...both]) => both),
          values.map(value => [value, value]),
        )
      }),
      { numRuns: 20 },
    )
  })

  it('are the same as DuckDB reads them, over several pages and row groups', async () => {
    const bronze = await duck.parquet(`
      SELECT i AS id, CASE WHEN i % 7 = 0 THEN NULL ELSE range(i % 5) END AS list,
        CASE WHEN i % 11 > 0 THEN {'a': i % 100, 'b': [{'x': NULLIF(i % 3, 0), 'y': repeat('é', (i % 4)::INTEGER)}]} END AS struct,
        MAP {('k' || i % 9): [i], 'other': NULL} AS map
      FROM range(6000) t(i)`)
    const sql =
      'SELECT id, list, struct, map, coalesce(list, NULL) AS l, coalesce(struct, NULL) AS s, coalesce(map, NULL) AS m'
    for (const where of ['', ' WHERE id % 3 = 0', ' WHERE size(list) = 2 AND struct.b[0].x = 1']) {
      const silver = await run(`${sql} FROM bronze_reviews${where}`, bronze)
      const [row] = await duck.rows(
        `SELECT count(*) AS n, count(*) FILTER (WHERE list IS DISTINCT FROM l OR struct IS DISTINCT FROM s OR map IS DISTINCT FROM m) AS wrong
         FROM read_parquet('${duck.file(silver)}')`,
      )
      assert.equal(String(row?.wrong), '0')
      assert.ok(Number(row?.n) > 200, where)
    }
  })

  it('of customers are looked up, whole and by field', async () => {
    const bytes = await duck.parquet(`
      SELECT i AS id, {'lang': 'l' || i, 'tags': [i, NULL]} AS prefs, CASE WHEN i > 1 THEN MAP {'k': i} END AS m FROM range(4) t(i)`)
    const silver = await run(
      `SELECT r.id, c.prefs, c.prefs.lang, c.prefs.tags[0] + 1 AS tag, c.m['k'] AS k, c.m
       FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.id = c.id AND c.prefs.lang <> 'l2'`,
      bytes,
    )
    assert.deepEqual((await readParquetRows(silver)).rows, [
      [0n, ['l0', [0n, null]], 'l0', 1n, null, null],
      [1n, ['l1', [1n, null]], 'l1', 2n, null, null],
      [2n, null, null, null, null, null],
      [3n, ['l3', [3n, null]], 'l3', 4n, 3n, [['k', 3n]]],
    ])
  })

  it('of customers are looked up for each row that is made of a review', async () => {
    const bytes = await duck.parquet("SELECT i AS id, {'lang': 'l' || i} AS prefs FROM range(2) t(i)")
    const silver = await run(
      `SELECT r.id, r.n, c.prefs FROM (SELECT id, explode(array(1, 2)) AS n FROM bronze_reviews) r
       LEFT JOIN bronze_customers c ON r.id = c.id`,
      bytes,
    )
    assert.deepEqual((await readParquetRows(silver)).rows, [
      [0n, 1, ['l0']],
      [0n, 2, ['l0']],
      [1n, 1, ['l1']],
      [1n, 2, ['l1']],
    ])
  })

  it('are keys, whole or in part', async () => {
    const bytes = await duck.parquet(`
      SELECT i AS id, [i % 3, NULL] AS list, {'x': CASE i WHEN 1 THEN -0.0::DOUBLE ELSE 0.0 END, 'y': i // 2} AS s FROM range(4) t(i)`)
    const pairs = async (on: string) => {
      const silver = await run(
        `SELECT r.id, c.id AS other FROM bronze_reviews r JOIN bronze_customers c ON ${on}`,
        bytes,
      )
      return (await readParquetRows(silver)).rows.map(row => row.join('')).sort()
    }
    assert.deepEqual(await pairs('r.list = c.list'), ['00', '03', '11', '22', '30', '33'])
    assert.deepEqual(await pairs('r.s = c.s'), ['00', '01', '10', '11', '22', '23', '32', '33'])
    assert.deepEqual(await pairs('r.list[0] = c.s.y'), ['00', '01', '12', '13', '30', '31'])
    assert.deepEqual(await pairs('exists(r.list, x -> x = 2) = (c.id = 3)'), ['23'])
  })

  it('of a damaged file are refused with its name, or read as other values', async () => {
    const bytes = await duck.parquet(
      "SELECT i AS id, [{'x': i, 'y': [i, NULL]}] AS list, MAP {'k': [i]} AS map FROM range(40) t(i)",
      'COMPRESSION uncompressed',
    )
    const query = await compiled(
      'SELECT id, coalesce(list, NULL) AS l, map_values(map) AS m FROM bronze_reviews',
      bytes,
    )
    const end = bytes.length - 8 - new DataView(bytes.buffer).getUint32(bytes.length - 8, true)
    let refused = 0
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 4, max: end - 1 }), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const damaged = bytes.slice()
        damaged[at] = (damaged[at] ?? 0) ^ mask
        try {
          await joined(query, null, [sourceOf('damaged', damaged)])
        } catch (error) {
          assert.ok(error instanceof UnreadableFile, String(error))
          refused++
        }
      }),
      { numRuns: 150 },
    )
    assert.ok(refused > 10, String(refused))
  })
})
