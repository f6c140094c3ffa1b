import { inRange } from '../../base/at.ts'
import type { SqlType, Value } from '../../sql/types.ts'
import type { Physical } from '../metadata/column-type.ts'
import { ByteTable } from './byte-table.ts'
import type { ChunkReader, Page } from './chunk-reader.ts'
import type { PlainValues } from './plain-values.ts'
import { valueReader } from './values.ts'

/** A flat column of a row group, with each distinct value once. */
export interface CodedColumn {
  /** For each row an index into the dictionary; -1 for NULL. */
  readonly codes: Int32Array
  readonly dictionary: PlainValues
}

/**
 * Reads a flat column of `rows` rows as codes: with the chunk's own dictionary if all pages use it; plain values are
 * interned.
 */
export function readCoded(reader: ChunkReader, rows: number, width: number | null): CodedColumn {
  const codes = new Int32Array(rows)
  let table: ByteTable | null = null
  let ofDictionary: Int32Array | null = null
  let row = 0
  for (const page of reader.decoded()) {
    const { values } = page
    if (values.kind === 'codes') spread(page, values.codes, ofDictionary, codes, row)
    else {
      if (!table) {
        table = new ByteTable(width)
        ofDictionary = reader.dictionary ? table.internAll(reader.dictionary) : null
        for (let i = 0; i < row; i++) codes[i] = remapped(inRange(codes[i]), ofDictionary)
      }
      spread(page, table.internAll(values.plain), null, codes, row)
    }
    row += page.entries
  }
  const dictionary = table?.values() ?? reader.dictionary ?? { width: 0, count: 0, bytes: new Uint8Array(0) }
  return { codes, dictionary }
}

/** Puts a page's codes where its values are, -1 where it has NULL. */
function spread(page: Page, pageCodes: Int32Array, map: Int32Array | null, codes: Int32Array, row: number): void {
  const { entries, definition } = page
  if (!definition && !map) {
    codes.set(pageCodes, row)
    return
  }
  let next = 0
  for (let i = 0; i < entries; i++) {
    if (definition && definition[i] !== 1) codes[row + i] = -1
    else codes[row + i] = remapped(inRange(pageCodes[next++]), map)
  }
}

function remapped(code: number, map: Int32Array | null): number {
  return map && code >= 0 ? inRange(map[code]) : code
}

/** The Value of each code, decoded when first asked for; code -1 is NULL. */
export function codeValues(dictionary: PlainValues, physical: Physical, type: SqlType): (code: number) => Value {
  const read = valueReader(physical, type)
  const cache: Value[] = []
  return code => {
    if (code < 0) return null
    const known = cache[code]
    if (known !== undefined) return known
    const value = read(dictionary, code)
    cache[code] = value
    return value
  }
}
