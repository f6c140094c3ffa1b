import { inRange } from './at.ts'

/** CRC-32 as in gzip (ISO 3309), which Parquet's page headers use too; four bytes per step. */
export function crc32(bytes: Uint8Array): number {
  const [t0, t1, t2, t3] = TABLES
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let crc = -1
  let i = 0
  for (const end = bytes.length - 3; i < end; i += 4) {
    crc ^= view.getInt32(i, true)
    crc =
      inRange(t3[crc & 0xff]) ^
      inRange(t2[(crc >>> 8) & 0xff]) ^
      inRange(t1[(crc >>> 16) & 0xff]) ^
      inRange(t0[crc >>> 24])
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ inRange(t0[(crc ^ view.getUint8(i)) & 0xff])
  return ~crc | 0
}

const TABLES = makeTables()

function makeTables(): readonly [Int32Array, Int32Array, Int32Array, Int32Array] {
  const first = new Int32Array(256)
  for (let n = 0; n < 256; n++) {
    let crc = n
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
    first[n] = crc
  }
  const next = (table: Int32Array) => table.map(crc => (crc >>> 8) ^ inRange(first[crc & 0xff]))
  const second = next(first)
  const third = next(second)
  return [first, second, third, next(third)]
}
