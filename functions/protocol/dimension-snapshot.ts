import { decodeUtf8 } from '../base/utf8.ts'

/**
 * The version of a dimension snapshot's content and form. It is part of the snapshot's name, so that a run never gets one
 * of another format: change it whenever the content or the form changes. 1 and 2 were Arrow files, 3 had no nested values.
 */
export const DIMENSION_SNAPSHOT_FORMAT = 4

const MAGIC = new TextEncoder().encode('SILVCUST')
/** The magic, the format and the length of the JSON. */
const PREFIX = 16

/** Where an array is: its first byte, counted from the end of the header, and its number of elements. */
export type ArrayPlace = readonly [offset: number, count: number]

/** A dictionary in Parquet's PLAIN form: values of one width, or byte arrays side by side with where each begins. */
export type DictionaryLayout =
  | { readonly width: number; readonly count: number; readonly bytes: ArrayPlace }
  | { readonly width: null; readonly bytes: ArrayPlace; readonly starts: ArrayPlace }

/** The header of a dimension snapshot. Types are text. `slots`, `starts`, `list` and `codes` are int32, `bytes` are bytes. */
export interface SnapshotLayout {
  readonly rows: number
  /** The types that the parts of the key were cast to. */
  readonly keyType: string
  /** For each row an index into the dictionary, -1 for NULL. */
  readonly columns: readonly {
    readonly name: string
    readonly type: string
    readonly codes: ArrayPlace
    readonly dictionary: DictionaryLayout
  }[]
  /** The keys by hash. */
  readonly slots: ArrayPlace
  /** The keys: those of a column's dictionary, or of their own. */
  readonly keys: { readonly column: number } | DictionaryLayout
  /** The rows of each key; null if key i has just row i. */
  readonly rowsOf: { readonly starts: ArrayPlace; readonly list: ArrayPlace } | null
  /** Bytes of all arrays, with their padding to a multiple of eight. */
  readonly length: number
}

/** The arrays of a snapshot in the order they are written, each at a multiple of eight bytes. */
export class SnapshotArrays {
  readonly #arrays: Uint8Array[] = []
  #length = 0

  /** Bytes of the arrays so far. */
  get length(): number {
    return this.#length
  }

  add(array: Int32Array | Uint8Array): ArrayPlace {
    const offset = this.#length
    this.#arrays.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    this.#length += padded(array.byteLength)
    return [offset, array.length]
  }

  /** The snapshot, a part at a time. The arrays are not copied. */
  *parts(layout: SnapshotLayout): Generator<Uint8Array> {
    yield header(layout)
    for (const array of this.#arrays) {
      if (array.length > 0) yield array
      const padding = padded(array.length) - array.length
      if (padding > 0) yield new Uint8Array(padding)
    }
  }
}

/** The layout of a snapshot, and where its arrays begin. Throws TypeError for bytes that are not a whole snapshot of this format. */
export function readSnapshotLayout(bytes: Uint8Array): { readonly layout: SnapshotLayout; readonly start: number } {
  if (bytes.length < PREFIX || MAGIC.some((byte, i) => bytes[i] !== byte))
    throw new TypeError('not a dimension snapshot')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const format = view.getUint32(8, true)
  if (format !== DIMENSION_SNAPSHOT_FORMAT) {
    throw new TypeError(`a dimension snapshot of format ${format} in place of ${DIMENSION_SNAPSHOT_FORMAT}`)
  }
  const json = view.getUint32(12, true)
  const start = PREFIX + padded(json)
  if (start > bytes.length) throw new TypeError('a dimension snapshot that is cut short')
  // Written by SnapshotArrays, as its format says.
  const layout = JSON.parse(decodeUtf8(bytes.subarray(PREFIX, PREFIX + json))) as SnapshotLayout
  if (start + layout.length !== bytes.length) throw new TypeError('a dimension snapshot that is cut short')
  return { layout, start }
}

function header(layout: SnapshotLayout): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(layout))
  const bytes = new Uint8Array(PREFIX + padded(json.length))
  const view = new DataView(bytes.buffer)
  bytes.set(MAGIC)
  view.setUint32(8, DIMENSION_SNAPSHOT_FORMAT, true)
  view.setUint32(12, json.length, true)
  bytes.set(json, PREFIX)
  return bytes
}

/** A length rounded up to a multiple of eight. */
function padded(length: number): number {
  return Math.ceil(length / 8) * 8
}
