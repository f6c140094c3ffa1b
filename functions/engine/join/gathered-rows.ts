import { inRange } from '../../base/at.ts'
import { mapConcurrently } from '../../base/concurrently.ts'
import { silverPhysical } from '../../parquet/metadata/column-type.ts'
import { widthOf } from '../../parquet/metadata/format.ts'
import { ParquetError } from '../../parquet/metadata/parquet-error.ts'
import type { SilverColumn } from '../../parquet/metadata/silver-column.ts'
import { ByteTable } from '../../parquet/pages/byte-table.ts'
import type { CodedColumn } from '../../parquet/pages/coded-column.ts'
import { converted } from '../../parquet/pages/convert.ts'
import type { SqlType } from '../../sql/types.ts'
import { blaming } from '../sources/file-fault.ts'
import { allRows, placesOf, sortByPlaces } from '../static/ranks.ts'
import { internUsed } from '../static/vector.ts'
import type { GroupReader } from './group-reader.ts'
import type { PlannedColumn } from './silver-plan.ts'

/** Column chunks read at the same time. */
const AT_ONCE = 8

/** Where rows go: for each its number in the new order, of which those from `from` to before `to` are wanted. */
export interface Places {
  readonly places: Int32Array
  readonly from: number
  readonly to: number
}

/** All rows of several files, in their order, read a column at a time. */
export class GatheredRows {
  readonly count: number
  readonly #readers: readonly GroupReader[]

  constructor(readers: readonly GroupReader[]) {
    this.#readers = readers
    this.count = readers.reduce((sum, { group }) => sum + group.rows, 0)
  }

  /** Bytes of the largest column before compression, and of all of them. */
  sizes(): { readonly largest: number; readonly all: number } {
    const chunks = this.#readers.flatMap(({ group }) => [...group.columns.entries()])
    const leaves = [...Map.groupBy(chunks, ([leaf]) => leaf).values()]
    const sizes = leaves.map(some => some.reduce((sum, [, { uncompressed }]) => sum + uncompressed, 0))
    return { largest: Math.max(0, ...sizes), all: sizes.reduce((sum, size) => sum + size, 0) }
  }

  /** The place of each row in the order of a column, NULL first; rows that tie stay in their order. */
  async placesBy(planned: PlannedColumn, type: SqlType): Promise<Int32Array> {
    const physical = silverPhysical(type)
    const inOrder = { places: allRows(this.count), from: 0, to: this.count }
    const { codes, dictionary } = await this.column(
      { ...planned, column: { kind: 'flat', name: planned.column.name, physical, optional: true } },
      inOrder,
    )
    const vector = { type, codes, values: dictionary }
    const { places, count } = placesOf({ vector, descending: false, nullsFirst: true })
    const sorted = sortByPlaces(allRows(this.count), places, count)
    for (let place = 0; place < sorted.length; place++) places[inRange(sorted[place])] = place
    return places
  }

  /** A column that files have, of the wanted rows in their new order. Throws UnreadableFile. */
  async column({ column, origin }: PlannedColumn, { places, from, to }: Places): Promise<CodedColumn> {
    if (origin.from !== 'reviews') throw new TypeError('a column is taken as it is')
    const table = tableFor(column)
    const codes = new Int32Array(to - from).fill(-1)
    let first = 0
    for (let at = 0; at < this.#readers.length; at += AT_ONCE) {
      const some = this.#readers.slice(at, at + AT_ONCE)
      const read = await mapConcurrently(some, AT_ONCE, reader => readColumn(reader, origin.index, column))
      for (const [i, { group }] of some.entries()) {
        const values = read[i]
        if (values) take(values, { places: places.subarray(first, first + group.rows), from, to }, table, codes)
        first += group.rows
      }
    }
    return { codes, dictionary: table.values() }
  }
}

/** A column of a row group in the form in which it is written; null where the file lacks it. */
async function readColumn(reader: GroupReader, index: number, column: SilverColumn): Promise<CodedColumn | null> {
  const { view, file } = reader.source
  const source = view[index]
  if (source?.from !== 'file') return null
  return await blaming(file.key, async () => {
    const coded = await reader.coded(source)
    reader.release()
    if (column.kind === 'nested') return coded
    if (!source.physical) throw new ParquetError(`column ${column.name} is nested`)
    const dictionary = converted(coded.dictionary, source.physical, column.physical, column.physical.sql)
    return { codes: coded.codes, dictionary }
  })
}

/** Puts the values of the wanted rows into a table, and their codes to their places. */
function take({ codes: all, dictionary }: CodedColumn, wanted: Places, table: ByteTable, codes: Int32Array): void {
  const { places, from, to } = wanted
  const isWanted = (row: number) => inRange(places[row]) >= from && inRange(places[row]) < to
  const own = all.map((code, row) => (isWanted(row) ? code : -1))
  const moved = internUsed(table, { codes: own, values: dictionary })
  for (let row = 0; row < own.length; row++) {
    const code = inRange(own[row])
    if (code >= 0) codes[inRange(places[row]) - from] = inRange(moved[code])
  }
}

/** An empty table for the values of a column; those of a nested one are as readNested has them. */
function tableFor(column: SilverColumn): ByteTable {
  if (column.kind === 'nested') return new ByteTable(null, 0)
  return new ByteTable(widthOf(column.physical.type, column.physical.typeLength), 0)
}
