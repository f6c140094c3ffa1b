import { elementAt, inRange } from '../../base/at.ts'
import { type Physical, silverPhysical } from '../../parquet/metadata/column-type.ts'
import { widthOf } from '../../parquet/metadata/format.ts'
import { ParquetError } from '../../parquet/metadata/parquet-error.ts'
import { ByteTable } from '../../parquet/pages/byte-table.ts'
import type { ChunkWriter } from '../../parquet/pages/chunk-writer.ts'
import type { CodedColumn } from '../../parquet/pages/coded-column.ts'
import type { ColumnWriter } from '../../parquet/pages/column-writer.ts'
import { converted } from '../../parquet/pages/convert.ts'
import type { PlainValues } from '../../parquet/pages/plain-values.ts'
import { valueWriter } from '../../parquet/pages/values.ts'
import type { Expr } from '../../sql/expr.ts'
import { printType } from '../../sql/type-text.ts'
import { type SqlType, sameType, type Value } from '../../sql/types.ts'
import { dimensionOf, perCode, prepare } from './cells.ts'
import { fillNested } from './fill-nested.ts'
import { fillNestedCodes } from './fill-nested-codes.ts'
import { type JoinedRows, picksAt, type Slice } from './output-rows.ts'
import { picksOf, SelectionCursor } from './page-picks.ts'
import type { ColumnOrigin } from './silver-plan.ts'
import type { ViewColumn } from './source.ts'

/** Adds the rows of one row group to a column. `drain` is called between pages, to write what is finished. */
export async function fillColumn(
  writer: ColumnWriter,
  origin: ColumnOrigin,
  slice: Slice,
  drain?: () => Promise<void>,
): Promise<void> {
  const { reader, rows } = slice
  if (origin.from === 'reviews') {
    const source = reader.source.view[origin.index]
    if (!source) throw new ParquetError(`column ${writer.column.name} is missing`)
    if (writer.kind === 'nested') await fillNested(writer, source.from === 'file' ? source.node : null, reader, rows)
    else await fillCarried(writer.chunk, writer.column.physical, source, slice, drain)
    return
  }
  const evaluated = (physical: Physical, expr: Expr) =>
    reader.phases.during('join', () => computed(physical, expr, slice))
  if (writer.kind === 'nested') {
    const coded =
      origin.from === 'dimension'
        ? lookedUp(origin.step, origin.name, slice)
        : origin.from === 'computed' && (await evaluated(silverPhysical(origin.expr.type), origin.expr))
    fillNestedCodes(writer, coded || null, rows.count)
    return
  }
  const { chunk, column } = writer
  if (origin.from === 'dimension') fillLookedUp(chunk, column.physical, origin, slice)
  else if (origin.from === 'computed') {
    const { codes, dictionary } = await evaluated(column.physical, origin.expr)
    chunk.addCodes(dictionary, codes, null, codes.length)
  } else if (origin.from === 'rules') fillRules(chunk, column.physical, rows)
  else await fillProvenance(chunk, column.physical, origin.index, slice)
}

/** A column of the reviews: dictionary entries and plain values are moved as they are, page by page. */
async function fillCarried(
  chunk: ChunkWriter,
  physical: Physical,
  source: ViewColumn,
  { reader, rows: { reviews, count } }: Slice,
  drain?: () => Promise<void>,
): Promise<void> {
  if (source.from === 'constant') {
    fillConstant(chunk, physical, source.value, count)
    return
  }
  const from = source.physical
  if (!from) throw new ParquetError(`column ${source.node.element.name} is nested`)
  const pages = await reader.chunk(source.node)
  const cursor = new SelectionCursor(reviews)
  let dictionary: PlainValues | null = null
  let row = 0
  for (const raw of pages.pages()) {
    if (cursor.done) break
    const first = row
    row += raw.header.entries
    const part = cursor.next(first, row)
    if (part.from === part.to) continue
    const page = pages.decode(raw)
    const picks = picksOf(page, first, reviews, part.from, part.to)
    const some = part.to - part.from
    if (page.values.kind === 'codes') {
      if (!pages.dictionary) throw new ParquetError(`column ${source.node.element.name} has no dictionary`)
      dictionary ??= converted(pages.dictionary, from, physical, physical.sql)
      chunk.addCodes(dictionary, page.values.codes, picks, some)
    } else chunk.addPlain(converted(page.values.plain, from, physical, physical.sql), picks, some)
    await drain?.()
  }
}

/** A column of a dimension: its codes, with the snapshot's dictionary. */
function fillLookedUp(
  chunk: ChunkWriter,
  physical: Physical,
  { step, name, type }: ColumnOrigin & { readonly from: 'dimension' },
  { rows, ingredients }: Slice,
): void {
  const column = dimensionOf(ingredients, step)?.column(name)
  const picks = rows.picks[step]
  if (!column || !picks) {
    chunk.addNulls(rows.count)
    return
  }
  chunk.addCodes(convertedOnce(column.dictionary, column.physical, physical, type), column.codes, picks, rows.count)
}

/** By the target's type as text. */
const conversions = new WeakMap<PlainValues, Map<string, PlainValues>>()

/** A dictionary that serves many row groups is converted once. */
function convertedOnce(values: PlainValues, from: Physical, to: Physical, type: SqlType): PlainValues {
  if (sameType(from.sql, type)) return values
  const text = printType(type)
  const known = conversions.get(values) ?? new Map<string, PlainValues>()
  const result = known.get(text) ?? converted(values, from, to, type)
  conversions.set(values, known.set(text, result))
  return result
}

/** A computed column: evaluated once per distinct value if it depends on one column, otherwise once per row. */
async function computed(physical: Physical, expr: Expr, { reader, rows, ingredients }: Slice): Promise<CodedColumn> {
  const results = new Results(physical)
  const codeOf = perCode(await prepare(expr, reader, ingredients), value => results.codeOf(value))
  const codes = new Int32Array(rows.count)
  const picks = new Int32Array(rows.picks.length)
  for (let i = 0; i < codes.length; i++) {
    picksAt(rows, i, picks)
    codes[i] = codeOf(rows.reviews ? inRange(rows.reviews[i]) : i, picks)
  }
  return { codes, dictionary: results.values() }
}

/** A nested column of a dimension, row by row. */
function lookedUp(step: number, name: string, { rows, ingredients }: Slice): CodedColumn | null {
  const column = dimensionOf(ingredients, step)?.column(name)
  const picks = rows.picks[step]
  if (!column || !picks) return null
  return { codes: picks.map(row => (row < 0 ? -1 : inRange(column.codes[row]))), dictionary: column.dictionary }
}

function fillConstant(chunk: ChunkWriter, physical: Physical, value: Value, count: number): void {
  if (value === null) {
    chunk.addNulls(count)
    return
  }
  const results = new Results(physical)
  results.codeOf(value)
  chunk.addCodes(results.values(), new Int32Array(count), null, count)
}

/** The rules that rows break, by their names. */
function fillRules(chunk: ChunkWriter, physical: Physical, { broken, count }: JoinedRows): void {
  if (!broken) throw new TypeError('only rejected rows break rules')
  const results = new Results(physical)
  const codes = broken.texts.map(text => results.codeOf(text))
  chunk.addCodes(
    results.values(),
    broken.codes.map(code => elementAt(codes, code)),
    null,
    count,
  )
}

/** Where a row came from: its file, or what its parked file says. See PROVENANCE. */
async function fillProvenance(chunk: ChunkWriter, physical: Physical, index: number, slice: Slice): Promise<void> {
  const { reader, rows } = slice
  const { file, provenance } = reader.source
  const own = provenance?.[index]
  if (own) {
    await fillCarried(chunk, physical, own, slice)
    return
  }
  if (index === 2) {
    const numbers = new BigInt64Array(rows.count)
    for (let i = 0; i < numbers.length; i++)
      numbers[i] = BigInt(reader.firstRow + (rows.reviews ? inRange(rows.reviews[i]) : i))
    chunk.addPlain({ width: 8, count: numbers.length, bytes: new Uint8Array(numbers.buffer) }, null, numbers.length)
    return
  }
  const constants = [file.key, file.etag, null, BigInt(file.size), BigInt(file.modified) * 1000n]
  fillConstant(chunk, physical, constants[index] ?? null, rows.count)
}

/** Distinct results of an expression, as a dictionary. */
class Results {
  readonly #table: ByteTable
  readonly #write: (value: NonNullable<Value>) => Uint8Array
  readonly #codes = new Map<Value, number>()

  constructor(physical: Physical) {
    this.#table = new ByteTable(widthOf(physical.type, physical.typeLength))
    this.#write = valueWriter(physical)
  }

  codeOf(value: Value): number {
    if (value === null) return -1
    // To a Map, 0 and -0 are the same key, and every array is a different one.
    const known = value === 0 || typeof value === 'object' ? undefined : this.#codes.get(value)
    if (known !== undefined) return known
    const bytes = this.#write(value)
    const code = this.#table.intern(bytes, 0, bytes.length)
    if (typeof value !== 'object') this.#codes.set(value, code)
    return code
  }

  values(): PlainValues {
    return this.#table.values()
  }
}
