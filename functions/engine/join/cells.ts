import { inRange } from '../../base/at.ts'
import { codeValues } from '../../parquet/pages/coded-column.ts'
import { type CompiledQuery, type Generator, generatorOf } from '../../sql/compiled.ts'
import { columnsUsed, evaluator } from '../../sql/evaluate.ts'
import type { Expr, View } from '../../sql/expr.ts'
import { widens } from '../../sql/schema/bind.ts'
import { isList, type Value } from '../../sql/types.ts'
import type { OpenDimension } from '../dimensions/open-dimension.ts'
import { fileValue, type GroupReader } from './group-reader.ts'

/** What expressions and columns are made from, besides the row group. */
export interface Ingredients {
  readonly query: CompiledQuery
  /** The dimensions of `query.joins`, in their order. */
  readonly dimensions: readonly OpenDimension[]
}

/** The row that each step picked for one output row, by the step's number; -1 for NULLs. */
export type Picks = Int32Array

/** The picks of a row before the first step. */
export const NO_PICKS: Picks = new Int32Array(0)

/** A function of an output row: of a row of the row group and what the steps picked for it. */
export type OfRow<T> = (review: number, picks: Picks) => T

/** An expression over one row group's rows, each joined with rows of the dimensions. */
export interface Evaluated {
  readonly evaluate: OfRow<Value>
  /**
   * If the expression reads only one column: the codes of that column, by the row that the step picked, or by the review's
   * row if `step` is null. Rows with the same code have the same result.
   */
  readonly single: { readonly step: number | null; readonly codes: Int32Array; readonly count: number } | null
}

/** Prepares an expression: reads the columns that it needs from the row group. */
export async function prepare(expr: Expr, reader: GroupReader, ingredients: Ingredients): Promise<Evaluated> {
  const read = columnsUsed(expr)
  const run = evaluator(expr, read)
  const cells: OfRow<Value>[] = []
  for (const { view, name } of read) cells.push(await cellOf(view, name, reader, ingredients))
  const values: Value[] = new Array(cells.length).fill(null)
  const evaluate: OfRow<Value> = (review, picks) => {
    for (let i = 0; i < cells.length; i++) values[i] = cells[i]?.(review, picks) ?? null
    return run(values)
  }
  const [only] = read
  const single = only && read.length === 1 ? await codesOf(only.view, only.name, reader, ingredients) : null
  return { evaluate, single }
}

/**
 * An evaluation that runs the expression only once per distinct value if it reads only one column. `map` turns a result
 * into what the caller wants.
 */
export function perCode<T>({ evaluate, single }: Evaluated, map: (value: Value) => T): OfRow<T> {
  if (!single) return (review, picks) => map(evaluate(review, picks))
  const { step, codes, count } = single
  const known: (T | undefined)[] = new Array(count + 1)
  return (review, picks) => {
    const row = step === null ? review : inRange(picks[step])
    const code = row < 0 ? -1 : inRange(codes[row])
    const before = known[code + 1]
    if (before !== undefined) return before
    const result = map(evaluate(review, picks))
    known[code + 1] = result
    return result
  }
}

/** Prepares a condition: whether it is TRUE. */
export async function prepareTest(expr: Expr, reader: GroupReader, ingredients: Ingredients): Promise<OfRow<boolean>> {
  return perCode(await prepare(expr, reader, ingredients), value => value === true)
}

/** The number of the step that picks a view's rows: generators come first, then joins. -1 for the reviews themselves. */
export function stepOf({ generators = [], joins }: CompiledQuery, view: View): number {
  const made = generators.findIndex(({ name }) => name === view)
  const joined = joins.findIndex(({ dimension }) => dimension === view)
  return made >= 0 ? made : joined < 0 ? -1 : generators.length + joined
}

/** The dimension whose rows a step picks. */
export function dimensionOf({ query, dimensions }: Ingredients, step: number): OpenDimension | undefined {
  return dimensions[step - (query.generators?.length ?? 0)]
}

async function cellOf(view: View, name: string, reader: GroupReader, ingredients: Ingredients): Promise<OfRow<Value>> {
  const { query } = ingredients
  const generator = generatorOf(query, view)
  if (generator) return await generatedCell(generator, name, reader, ingredients)
  if (view === 'file') {
    const value = await fileValue(reader, name)
    return review => value(review)
  }
  if (view !== 'reviews') {
    const step = stepOf(query, view)
    const column = dimensionOf(ingredients, step)?.column(name)
    if (!column) return () => null
    const wanted = query.dimensions
      .find(dimension => dimension.name === view)
      ?.columns.find(other => other.name.toLowerCase() === name.toLowerCase())?.type
    const type = wanted && widens(column.type, wanted) ? wanted : column.type
    const value = codeValues(column.dictionary, column.physical, type)
    return (_, picks) => {
      const row = inRange(picks[step])
      return row < 0 ? null : value(inRange(column.codes[row]))
    }
  }
  const at = viewIndex(query, name)
  const column = reader.source.view[at]
  if (!column) return () => null
  const value = await reader.values(column, query.reviews[at]?.type)
  return review => value(review)
}

async function generatedCell(
  generator: Generator,
  name: string,
  reader: GroupReader,
  ingredients: Ingredients,
): Promise<OfRow<Value>> {
  const step = stepOf(ingredients.query, generator.name)
  if (generator.kind === 'branches') return (_, picks) => inRange(picks[step])
  const rows = await generatedRows(generator, step, reader, ingredients)
  const at = generator.columns.findIndex(column => column.name === name)
  return (review, picks) => {
    const pick = inRange(picks[step])
    const row = pick < 0 ? null : (rows(review, picks)[pick] ?? null)
    return isList(row) ? (row[at] ?? null) : null
  }
}

/**
 * The rows that a generator makes of a row so far, each a list of its columns' values, or NULL for NULLs. They are kept until
 * it is asked for another row.
 */
export async function generatedRows(
  { rows }: Extract<Generator, { kind: 'list' }>,
  at: number,
  reader: GroupReader,
  ingredients: Ingredients,
): Promise<OfRow<readonly Value[]>> {
  const { evaluate } = await prepare(rows, reader, ingredients)
  const before = new Int32Array(at)
  let last = -1
  let made: readonly Value[] = []
  return (review, picks) => {
    if (review !== last || before.some((pick, step) => pick !== picks[step])) {
      const value = evaluate(review, picks)
      made = isList(value) ? value : []
      last = review
      before.set(picks.subarray(0, at))
    }
    return made
  }
}

async function codesOf(
  view: View,
  name: string,
  reader: GroupReader,
  ingredients: Ingredients,
): Promise<Evaluated['single']> {
  const { query } = ingredients
  const step = stepOf(query, view)
  const generator = generatorOf(query, view)
  if (generator?.kind === 'branches') {
    const count = generator.conditions.length
    return { step, codes: Int32Array.from({ length: count }, (_, branch) => branch), count }
  }
  if (generator) return null
  if (step >= 0) {
    const column = dimensionOf(ingredients, step)?.column(name)
    return column ? { step, codes: column.codes, count: column.dictionary.count } : null
  }
  const column = view === 'reviews' ? reader.source.view[viewIndex(query, name)] : undefined
  if (column?.from !== 'file') return null
  const { codes, dictionary } = await reader.coded(column)
  return { step: null, codes, count: dictionary.count }
}

/** The index of a column in the reviews view. */
export function viewIndex({ reviews }: CompiledQuery, name: string): number {
  const known = viewIndexes.get(reviews) ?? new Map(reviews.map((column, i) => [column.name.toLowerCase(), i]))
  viewIndexes.set(reviews, known)
  return known.get(name.toLowerCase()) ?? -1
}

/** A view may have thousands of columns, and each is looked up. */
const viewIndexes = new WeakMap<CompiledQuery['reviews'], ReadonlyMap<string, number>>()
