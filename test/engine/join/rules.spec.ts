import assert from 'node:assert/strict'
import { columnsOf, readFooter } from '../../../functions/parquet/metadata/footer.ts'
import { compileQuery } from '../../../functions/sql/compile.ts'
import { typedColumns } from '../../../functions/sql/schema/bind.ts'
import { request } from '../../support/compile-query.ts'
import { Duck } from '../../support/duckdb.ts'
import { customersOf, joined } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'

const ROWS = `
  SELECT i AS id, 'k' || i % 7 AS customer_id, ['a', NULL, 'b'] AS list, {'x': i, 'y': [2]} AS struct FROM range(60000) t(i)`
const CUSTOMERS = `SELECT 'k' || i AS customer_id, 'c' || i AS city FROM range(7) t(i)`
const SELECT = 'SELECT r.*, c.city FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id'

describe('writeSilver() with rules', function () {
  this.timeout(60_000)
  let duck: Duck
  let bytes: Uint8Array<ArrayBuffer>
  let customersBytes: Uint8Array<ArrayBuffer>
  before(async () => {
    duck = await Duck.open()
    bytes = await duck.parquet(ROWS, 'ROW_GROUP_SIZE 30000')
    customersBytes = await duck.parquet(CUSTOMERS)
  })
  after(() => duck.close())

  async function run(rules: string) {
    const source = sourceOf('f', bytes)
    const customersFile = sourceOf('c', customersBytes)
    const views = await Promise.all(
      [source, customersFile].map(async file => typedColumns(columnsOf(await readFooter(file)))),
    )
    const query = await compileQuery(request(`${rules} ${SELECT}`, views[0], views[1]))
    return joined(query, await customersOf([customersFile], query, views[1]), [source])
  }

  it('copies the body of a file byte for byte, as without rules, if no row is dropped', async () => {
    const { bodyEnd } = await readFooter(sourceOf('f', bytes))
    const body = (file: Uint8Array) => Buffer.from(file.subarray(0, bodyEnd))
    for (const rules of [
      '',
      'CONSTRAINT a EXPECT (id >= 0) ON VIOLATION DROP ROW',
      "CONSTRAINT a EXPECT (city <> 'c3') CONSTRAINT b EXPECT (id < 100) ON VIOLATION FAIL UPDATE",
    ]) {
      const { silver, rejected } = await run(rules)
      assert(body(silver).equals(body(bytes)), rules)
      assert.equal(rejected, null)
    }
  })

  it('keeps rejected rows of all row groups with their nested columns', async () => {
    const { silver, rejected, counts } = await run(
      'CONSTRAINT a EXPECT (struct.x % 20000 <> 7 AND list[2] = "b") ON VIOLATION DROP ROW',
    )
    assert(rejected)
    assert.deepEqual(counts[0]?.broken, [{ name: 'a', violated: 3, rows: [7, 20_007, 40_007] }])
    const of = (file: Uint8Array) => `read_parquet('${duck.file(file)}')`
    assert.deepEqual(await duck.rows(`SELECT count(*)::INT AS n FROM ${of(silver)}`), [{ n: 59_997 }])
    assert.deepEqual(
      await duck.rows(
        `SELECT list::VARCHAR AS list, struct::VARCHAR AS struct, city, _silversmith_rules AS rules, _silversmith_row::INT AS row
        FROM ${of(rejected)} ORDER BY row`,
      ),
      [7, 20_007, 40_007].map(row => ({
        ...{ list: '[a, NULL, b]', struct: `{'x': ${row}, 'y': [2]}`, city: `c${row % 7}`, rules: 'a', row },
      })),
    )
  })
})
