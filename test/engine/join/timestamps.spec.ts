import assert from 'node:assert/strict'
import { columnsOf, readFooter } from '../../../functions/parquet/metadata/footer.ts'
import { column, equal, joinQuery, literal, withFilter } from '../../support/compiled-queries.ts'
import { Duck } from '../../support/duckdb.ts'
import { int96File } from '../../support/int96-file.ts'
import { customersOf, joined } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'

/** Microseconds since 1970: now, before 1970, before 1582, far ahead. */
const INSTANTS = [1_700_000_000_123_456n, -1n, -86_400_000_001n, -20_000_000_000_000_001n, 253_370_764_800_123_456n]

describe('timestamps keep their microseconds', () => {
  let duck: Duck
  before(async () => {
    duck = await Duck.open()
  })
  after(() => duck.close())

  const keys = ['k0', 'k1', 'k0', 'k1', 'k0', 'k1']
  const instants = [...INSTANTS, null]
  async function silverOf(sources: readonly Uint8Array<ArrayBuffer>[], filtered = false) {
    const files = sources.map((bytes, i) => sourceOf(`f${i}`, bytes))
    const customersFile = sourceOf('c', await duck.parquet("SELECT 'k' || i AS customer_id, i AS n FROM range(2) t(i)"))
    const all = joinQuery(
      columnsOf(await readFooter(files[0] ?? assert.fail())),
      columnsOf(await readFooter(customersFile)),
    )
    const query = filtered ? withFilter(all, equal(column('reviews', 'customer_id'), literal('k0'))) : all
    const { silver } = await joined(query, await customersOf([customersFile], query), files)
    const { schema } = await readFooter(sourceOf('s', silver))
    const rows = await duck.rows(`SELECT epoch_us("at") AS us FROM read_parquet('${duck.file(silver)}')`)
    return {
      type: schema.children[1]?.element.type,
      micros: rows.map(row => (row.us === null ? null : BigInt(String(row.us)))),
    }
  }

  it('as INT96 if all files have INT96', async () => {
    const bytes = await int96File(instants, keys)
    assert.deepEqual(await silverOf([bytes]), { type: 'INT96', micros: instants })
    assert.deepEqual(await silverOf([bytes, bytes]), { type: 'INT96', micros: [...instants, ...instants] })
    assert.deepEqual(await silverOf([bytes], true), { type: 'INT96', micros: instants.filter((_, i) => i % 2 === 0) })
  })

  it('as INT64 microseconds if the files differ', async () => {
    const values = instants.map((us, i) => `(${i}, 'k${i % 2}', ${us === null ? 'NULL' : `make_timestamptz(${us})`})`)
    const other = await duck.parquet(
      `SELECT customer_id, ts AS "at" FROM (VALUES ${values.join(', ')}) t(i, customer_id, ts) ORDER BY i`,
    )
    const bytes = await int96File(instants, keys)
    assert.deepEqual(await silverOf([bytes, other]), { type: 'INT64', micros: [...instants, ...instants] })
  })
})
