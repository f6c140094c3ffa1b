import assert from 'node:assert/strict'
import { type Physical, silverPhysical } from '../../../functions/parquet/metadata/column-type.ts'
import { columnsOf, readFooter } from '../../../functions/parquet/metadata/footer.ts'
import { ChunkWriter } from '../../../functions/parquet/pages/chunk-writer.ts'
import { FileWriter } from '../../../functions/parquet/pages/file-writer.ts'
import { column, equal, joinQuery, literal, withFilter } from '../../support/compiled-queries.ts'
import { Duck } from '../../support/duckdb.ts'
import { codecs, customersOf, joined } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'
import { MemoryWriter } from '../../support/memory-lake.ts'

const INT96: Physical = { type: 'INT96', typeLength: 0, annotation: 'none', sql: 'timestamp' }
/** Microseconds since 1970: now, before 1970, before 1582, far ahead. */
const INSTANTS = [1_700_000_000_123_456n, -1n, -86_400_000_001n, -20_000_000_000_000_001n, 253_370_764_800_123_456n]

/** A bronze file with an INT96 column, as Spark writes it: nanoseconds of the day and the Julian day. */
async function int96File(
  instants: readonly (bigint | null)[],
  keys: readonly string[],
): Promise<Uint8Array<ArrayBuffer>> {
  const present = instants.filter(instant => instant !== null)
  const view = new DataView(new ArrayBuffer(present.length * 12))
  present.forEach((instant, i) => {
    const day =
      BigInt.asIntN(64, instant - (((instant % 86_400_000_000n) + 86_400_000_000n) % 86_400_000_000n)) / 86_400_000_000n
    view.setBigInt64(i * 12, (instant - day * 86_400_000_000n) * 1000n, true)
    view.setInt32(i * 12 + 8, Number(day) + 2_440_588, true)
  })
  const target = new MemoryWriter()
  const columns = [
    { kind: 'flat', name: 'customer_id', physical: silverPhysical('string'), optional: true },
    { kind: 'flat', name: 'at', physical: INT96, optional: true },
  ] as const
  const file = new FileWriter(target, columns)
  await file.begin()
  const chunks = []
  for (const { physical } of columns) {
    const writer = new ChunkWriter(physical, true, codecs)
    if (physical === INT96) {
      let next = 0
      const picks = Int32Array.from(instants, instant => (instant === null ? -1 : next++))
      writer.addPlain({ width: 12, count: present.length, bytes: new Uint8Array(view.buffer) }, picks, picks.length)
    } else {
      const bytes = new TextEncoder().encode(keys.map(key => `\x02\0\0\0${key}`).join(''))
      const starts = Int32Array.from({ length: keys.length + 1 }, (_, i) => i * 6)
      writer.addPlain({ width: null, prefix: 4, count: keys.length, bytes, starts }, null, keys.length)
    }
    const chunk = writer.finish()
    const start = target.position
    for (const part of writer.take()) await target.write(part)
    chunks.push({
      ...chunk,
      type: physical.type,
      codec: codecs.codec,
      dataPage: start + chunk.dataPage,
      dictionaryPage: null,
      sizeStatistics: undefined,
      bloomFilter: undefined,
      columnIndex: null,
      offsetIndex: null,
    })
  }
  file.add({ rows: keys.length, chunks, sorting: [] })
  await file.finish({})
  return target.bytes()
}

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

  it('as INT96 where all files have INT96', async () => {
    const bytes = await int96File(instants, keys)
    assert.deepEqual(await silverOf([bytes]), { type: 'INT96', micros: instants })
    assert.deepEqual(await silverOf([bytes, bytes]), { type: 'INT96', micros: [...instants, ...instants] })
    assert.deepEqual(await silverOf([bytes], true), { type: 'INT96', micros: instants.filter((_, i) => i % 2 === 0) })
  })

  it('as INT64 microseconds where the files differ', async () => {
    const values = instants.map((us, i) => `(${i}, 'k${i % 2}', ${us === null ? 'NULL' : `make_timestamptz(${us})`})`)
    const other = await duck.parquet(
      `SELECT customer_id, ts AS "at" FROM (VALUES ${values.join(', ')}) t(i, customer_id, ts) ORDER BY i`,
    )
    const bytes = await int96File(instants, keys)
    assert.deepEqual(await silverOf([bytes, other]), { type: 'INT64', micros: [...instants, ...instants] })
  })
})
