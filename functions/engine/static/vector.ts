import { inRange } from '../../base/at.ts'
import { silverPhysical } from '../../parquet/metadata/column-type.ts'
import { widthOf } from '../../parquet/metadata/format.ts'
import { ByteTable } from '../../parquet/pages/byte-table.ts'
import { codeValues } from '../../parquet/pages/coded-column.ts'
import type { PlainValues } from '../../parquet/pages/plain-values.ts'
import { valueReader, valueWriter } from '../../parquet/pages/values.ts'
import type { SqlType, Value } from '../../sql/types.ts'

/**
 * A column of a relation in memory: for each row the code of its value, -1 for NULL. Each value is there once, though maybe
 * no longer in use; nested ones are stored as valueCodec writes them.
 */
export interface Vector {
  readonly type: SqlType
  readonly codes: Int32Array
  readonly values: PlainValues
}

/** Rows in memory: the columns that are needed, by their id in the plan. */
export interface Vectors {
  readonly rows: number
  readonly columns: ReadonlyMap<string, Vector>
}

/** The rows of a relation with these numbers, -1 for a row of NULLs. */
export function takeRows({ columns }: Vectors, picked: Int32Array): Vectors {
  return {
    rows: picked.length,
    columns: new Map([...columns].map(([id, vector]) => [id, { ...vector, codes: takeCodes(vector.codes, picked) }])),
  }
}

function takeCodes(codes: Int32Array, picked: Int32Array): Int32Array {
  const taken = new Int32Array(picked.length)
  for (let i = 0; i < picked.length; i++) {
    const row = inRange(picked[i])
    taken[i] = row < 0 ? -1 : inRange(codes[row])
  }
  return taken
}

/** Reads and writes the bytes of a type's values. */
export interface ValueForm {
  readonly width: number | null
  read(values: PlainValues, code: number): Value
  write(value: NonNullable<Value>): Uint8Array
}

export function formOf(type: SqlType): ValueForm {
  const physical = silverPhysical(type)
  return {
    width: widthOf(physical.type, physical.typeLength),
    read: valueReader(physical, type),
    write: valueWriter(physical),
  }
}

/** An empty table for the values of a type. */
export function tableOf(type: SqlType): ByteTable {
  return new ByteTable(formOf(type).width, 0)
}

/** Values are kept decoded if each occurs at least about this often; otherwise that would fill the heap and save little. */
const WORTH_KEEPING = 4

/** The value of each row. */
export function valuesByRow({ type, codes, values }: Vector): (row: number) => Value {
  if (codes.length < values.count * WORTH_KEEPING) {
    const { read } = formOf(type)
    return row => {
      const code = inRange(codes[row])
      return code < 0 ? null : read(values, code)
    }
  }
  const value = codeValues(values, silverPhysical(type), type)
  return row => value(inRange(codes[row]))
}

/** Collects a column value by value. */
export class VectorBuilder {
  readonly #type: SqlType
  readonly #table: ByteTable
  readonly #write: ValueForm['write']

  constructor(type: SqlType) {
    const { width, write } = formOf(type)
    this.#type = type
    this.#table = new ByteTable(width, 0)
    this.#write = write
  }

  /** The code of a value, -1 for NULL. */
  code(value: Value): number {
    if (value === null) return -1
    const bytes = this.#write(value)
    return this.#table.intern(bytes, 0, bytes.length)
  }

  vector(codes: Int32Array): Vector {
    return { type: this.#type, codes, values: this.#table.values() }
  }
}

/** Puts the values in use into a table; gives the codes that they have there, -1 for those not in use. */
export function internUsed(table: ByteTable, { codes, values }: Pick<Vector, 'codes' | 'values'>): Int32Array {
  const moved = new Int32Array(values.count).fill(-1)
  for (let row = 0; row < codes.length; row++) {
    const code = inRange(codes[row])
    if (code >= 0 && moved[code] === -1) moved[code] = table.internAt(values, code)
  }
  return moved
}
