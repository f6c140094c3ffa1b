import { inMicros, MICROS_PER_DAY, splitMicros } from '../../sql/evaluate/civil.ts'
import { ParquetError } from '../metadata/parquet-error.ts'

/** The Julian day of 1970-01-01, from which INT96 counts its days. */
const JULIAN_EPOCH = 2_440_588

/** An INT96, nanoseconds of the day and the Julian day, as microseconds since 1970. Throws ParquetError beyond 64 bits. */
export function int96Micros(view: DataView, at: number): bigint {
  const nanos = view.getBigInt64(at, true)
  const day = view.getInt32(at + 8, true) - JULIAN_EPOCH
  const micros = nanos >= 0n ? nanos / 1000n : -((-nanos + 999n) / 1000n)
  const instant = inMicros(BigInt(day) * MICROS_PER_DAY + micros)
  if (instant === null) throw new ParquetError('an INT96 is beyond what a timestamp of microseconds can hold')
  return instant
}

/** Writes microseconds since 1970 as an INT96. */
export function int96Bytes(micros: bigint, view: DataView, at: number): void {
  const { days, ofDay } = splitMicros(micros)
  view.setBigInt64(at, ofDay * 1000n, true)
  view.setInt32(at + 8, days + JULIAN_EPOCH, true)
}
