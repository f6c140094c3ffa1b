import { type Physical, silverPhysical } from '../../functions/parquet/metadata/column-type.ts'
import { ChunkWriter } from '../../functions/parquet/pages/chunk-writer.ts'
import { FileWriter } from '../../functions/parquet/pages/file-writer.ts'
import { codecs } from './joining.ts'
import { MemoryWriter } from './memory-lake.ts'

const INT96: Physical = { type: 'INT96', typeLength: 0, annotation: 'none', sql: 'timestamp' }
const MICROS_PER_DAY = 86_400_000_000n

/**
 * A bronze file of the columns `customer_id` and `at`, an INT96 as Spark writes it: nanoseconds of the day and the Julian day.
 * `instants` are microseconds since 1970; each of `groups` row groups has all rows.
 */
export async function int96File(
  instants: readonly (bigint | null)[],
  keys: readonly string[],
  { dictionary = false, atFirst = false, groups = 1 } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const present = instants.filter(instant => instant !== null)
  const view = new DataView(new ArrayBuffer(present.length * 12))
  present.forEach((instant, i) => {
    const day = (instant - (((instant % MICROS_PER_DAY) + MICROS_PER_DAY) % MICROS_PER_DAY)) / MICROS_PER_DAY
    view.setBigInt64(i * 12, (instant - day * MICROS_PER_DAY) * 1000n, true)
    view.setInt32(i * 12 + 8, Number(day) + 2_440_588, true)
  })
  const target = new MemoryWriter()
  const named = [
    { kind: 'flat', name: 'customer_id', physical: silverPhysical('string'), optional: true },
    { kind: 'flat', name: 'at', physical: INT96, optional: true },
  ] as const
  const columns = atFirst ? [named[1], named[0]] : named
  const file = new FileWriter(target, columns)
  await file.begin()
  for (let group = 0; group < groups; group++) {
    const chunks = []
    for (const { physical } of columns) {
      const writer = new ChunkWriter(physical, true, codecs)
      if (physical === INT96) {
        const values = { width: 12, count: present.length, bytes: new Uint8Array(view.buffer) }
        let next = 0
        const picks = Int32Array.from(instants, instant => (instant === null ? -1 : next++))
        if (dictionary) writer.addCodes(values, picks, null, picks.length)
        else writer.addPlain(values, picks, picks.length)
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
        dictionaryPage: chunk.dictionaryPage === null ? null : start + chunk.dictionaryPage,
        sizeStatistics: undefined,
        bloomFilter: undefined,
        columnIndex: null,
        offsetIndex: null,
      })
    }
    file.add({ rows: keys.length, chunks, sorting: [] })
  }
  await file.finish({})
  return target.bytes()
}
