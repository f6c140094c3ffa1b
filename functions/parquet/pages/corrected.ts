import { physicalOf } from '../metadata/column-type.ts'
import type { Footer } from '../metadata/footer.ts'
import {
  GREGORIAN_DAY,
  type LegacyCalendar,
  legacyCalendar,
  MODERN_MICROS,
  rebasedDay,
  rebasedMicros,
} from '../metadata/legacy-calendar.ts'
import { ParquetError } from '../metadata/parquet-error.ts'
import type { ColumnChunk } from '../metadata/row-group.ts'
import type { SchemaNode } from '../metadata/schema.ts'
import { THRIFT, ThriftReader } from '../metadata/thrift-reader.ts'
import { int96Bytes, int96Micros } from './int96.ts'
import type { PlainValues } from './plain-values.ts'

/**
 * What a column's values go through before anyone sees them, because most readers would misread them as they are in the
 * file: those in Spark's legacy calendar, and milliseconds that no timestamp of microseconds can hold.
 */
export interface Correction {
  /** Throws ParquetError for a value that can't be corrected. */
  readonly apply: (values: PlainValues) => PlainValues
  /** Values from `least` to `most`, as they are in the file, stay the same; null if the type has no bounds. */
  readonly untouched: { readonly least: bigint; readonly most: bigint } | null
}

const MOST_MILLIS = (2n ** 63n - 1n) / 1000n

/** The correction of a leaf's values, or null for most leaves, whose values are taken as they are. */
export function correctionOf({ keyValue }: Footer, { element }: SchemaNode): Correction | null {
  const { type, name } = element
  if (type !== 'INT32' && type !== 'INT64' && type !== 'INT96') return null
  const calendar = legacyCalendar(keyValue)
  const { annotation } = physicalOf(element)
  if (annotation === 'date') return calendar.dateTime ? DATES : null
  if (type === 'INT96') return calendar.int96 ? int96Correction(name, calendar) : null
  const rebase = (micros: bigint) => rebasedOrRefused(micros, name, calendar)
  if (annotation === 'micros' && calendar.dateTime) {
    return { untouched: { least: MODERN_MICROS, most: 2n ** 63n }, apply: each64(rebase) }
  }
  if (annotation !== 'millis' && annotation !== 'local millis') return null
  const isLegacy = annotation === 'millis' && calendar.dateTime
  return {
    untouched: { least: isLegacy ? MODERN_MICROS / 1000n : -MOST_MILLIS, most: MOST_MILLIS },
    apply: each64(millis => {
      if (millis > MOST_MILLIS || millis < -MOST_MILLIS) {
        throw new ParquetError(`column ${name} has milliseconds beyond what a timestamp of microseconds can hold`)
      }
      return isLegacy ? rebase(millis * 1000n) / 1000n : millis
    }),
  }
}

/** Whether a chunk has to be read to know its values: its statistics do not show that they stay the same. */
export function isCorrected(footer: Footer, leaf: SchemaNode, chunk: ColumnChunk): boolean {
  const correction = correctionOf(footer, leaf)
  if (!correction) return false
  const { untouched } = correction
  if (!untouched || !chunk.statistics) return true
  const { min, max } = integerBounds(chunk.statistics)
  return min === undefined || max === undefined || min < untouched.least || max > untouched.most
}

const DATES: Correction = {
  untouched: { least: BigInt(GREGORIAN_DAY), most: 2n ** 31n },
  apply: each(4, (view, at) => view.setInt32(at, rebasedDay(view.getInt32(at, true)), true)),
}

function int96Correction(name: string, calendar: LegacyCalendar): Correction {
  return {
    untouched: null,
    apply: each(12, (view, at) => {
      const micros = int96Micros(view, at)
      if (micros < MODERN_MICROS) int96Bytes(rebasedOrRefused(micros, name, calendar), view, at)
    }),
  }
}

function each64(correct: (value: bigint) => bigint): Correction['apply'] {
  return each(8, (view, at) => view.setBigInt64(at, correct(view.getBigInt64(at, true)), true))
}

/** Corrects each value of `width` bytes, in a copy. */
function each(width: number, correct: (view: DataView, at: number) => void): Correction['apply'] {
  return values => {
    if (values.width === null) throw new ParquetError('values of a fixed width are byte arrays')
    const bytes = new Uint8Array(values.bytes) // not slice(), which makes a view of some runtimes' byte arrays
    const view = new DataView(bytes.buffer)
    for (let at = 0; at < bytes.length; at += width) correct(view, at)
    return { ...values, bytes }
  }
}

function rebasedOrRefused(micros: bigint, name: string, { zone }: LegacyCalendar): bigint {
  const rebased = rebasedMicros(micros, zone)
  if (rebased !== null) return rebased
  throw new ParquetError(
    `column ${name} has timestamps before 1900 in Spark's legacy calendar, written in ${zone ?? 'a time zone that the file does not name'}; ` +
      "only those written in UTC are read here: write the file again with Spark's rebase mode CORRECTED",
  )
}

/** The bounds of INT32 and INT64 statistics, also from the older fields, which use the same order for these types. */
function integerBounds(statistics: Uint8Array): { readonly min?: bigint; readonly max?: bigint } {
  const found: { min?: bigint; max?: bigint } = {}
  const reader = new ThriftReader(statistics)
  reader.struct((id, type) => {
    if (type !== THRIFT.BINARY || ![1, 2, 5, 6].includes(id)) return false
    const bytes = reader.binary()
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (bytes.length !== 4 && bytes.length !== 8) return true
    const value = bytes.length === 4 ? BigInt(view.getInt32(0, true)) : view.getBigInt64(0, true)
    found[id === 1 || id === 5 ? 'max' : 'min'] = value
    return true
  })
  return found
}
