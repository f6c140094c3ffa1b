import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { elementAt } from '../../../functions/base/at.ts'
import { snapshotView } from '../../../functions/engine/dimensions/snapshot-view.ts'
import { compileQuery } from '../../../functions/sql/compile.ts'
import { pathType } from '../../../functions/sql/schema/path-types.ts'
import { printType } from '../../../functions/sql/type-text.ts'
import { columns, request } from '../../support/compile-query.ts'
import { Duck } from '../../support/duckdb.ts'
import { customersOf, joined } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'
import { readParquetRows } from '../../support/parquet-rows.ts'

/** The texts of a column's segments, its type and its values in Spark; see test/parity/path_types.py. */
type Answer = readonly [values: readonly (string | null)[], type: string, texts: readonly (string | null)[]]

const fixture = new URL('../../parity/fixtures/path-types.json', import.meta.url)
const answers: readonly Answer[] = JSON.parse(await readFile(fixture, 'utf8'))

/** Customers in files of one row, `id` c0, c1, …, each with a segment `p=…`, and as many reviews of them. */
async function joinPaths(duck: Duck, values: readonly (string | null)[], select: string): Promise<unknown[][]> {
  const type = pathType(values.filter(value => value !== null))
  const customers = await Promise.all(
    values.map(async (p, i) => sourceOf(`c${i}`, await duck.parquet(`SELECT 'c${i}' AS id`), { path: { p } })),
  )
  const reviews = sourceOf('r', await duck.parquet(`SELECT 'c' || i AS id FROM range(${values.length}) t(i)`))
  const sql = select.replaceAll('TYPE', printType(type))
  const query = await compileQuery(request(sql, columns('id'), columns(`id, p ${printType(type)}`)))
  const snapshot = await customersOf(customers, query, snapshotView(elementAt(query.dimensions, 0)))
  return (await readParquetRows((await joined(query, snapshot, [reviews])).silver)).rows.map(row => [...row])
}

describe('partition columns of customers', function () {
  this.timeout(60_000)
  let duck: Duck
  before(async () => {
    duck = await Duck.open()
  })
  after(() => duck.close())

  // a text each for those of one type: all would only be slower
  const some = [...new Map(answers.map(answer => [`${answer[1]} ${answer[0].length > 1}`, answer])).values()]

  for (const [values, type, texts] of some) {
    const isVoid = type === 'void'
    const known = texts.filter(text => text !== null)

    it(`of ${type} (${values.join(' | ')}) are Spark's in the output, in WHERE and in ON`, async () => {
      const from = 'FROM bronze_reviews r JOIN bronze_customers c ON r.id = c.id'
      const rows = await joinPaths(duck, values, `SELECT c.p, CAST(c.p AS string) AS t ${from}`)
      assert.deepEqual(rows.map(([, text]) => String(text)).sort(), texts.map(String).sort())
      const [text = ''] = known
      const one = `CAST('${text.replaceAll("'", "\\'")}' AS TYPE)`
      const equal = known.filter(other => other === text).length
      assert.equal((await joinPaths(duck, values, `SELECT r.id ${from} WHERE c.p = ${one}`)).length, equal)
      assert.equal((await joinPaths(duck, values, `SELECT r.id ${from} AND c.p = ${one}`)).length, equal)
      assert.equal(
        (await joinPaths(duck, values, `SELECT r.id ${from} WHERE c.p IS NULL`)).length,
        texts.length - known.length,
      )
    })

    if (isVoid) continue
    it(`of ${type} (${values.join(' | ')}) can be the key`, async () => {
      const [text = ''] = known
      const key = `CAST(concat('${text.replaceAll("'", "\\'")}', substr(r.id, 9)) AS TYPE)`
      const rows = await joinPaths(
        duck,
        values,
        `SELECT c.p FROM bronze_reviews r JOIN bronze_customers c ON ${key} = c.p`,
      )
      assert.equal(rows.length, values.length * known.filter(other => other === text).length)
    })
  }
})
