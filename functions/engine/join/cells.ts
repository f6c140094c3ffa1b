import { inRange } from '../../base/at.ts'
import { codeValues } from '../../parquet/pages/coded-column.ts'
import type { CompiledQuery, Expr, View } from '../../sql/compiled.ts'
import { columnsUsed, evaluator } from '../../sql/evaluate.ts'
import { widens } from '../../sql/schema/bind.ts'
import type { Value } from '../../sql/types.ts'
import type { Customers } from '../customers/customers.ts'
import { fileValue, type GroupReader } from './group-reader.ts'

/** An expression over one row group's rows, each joined with a row of the customers (-1 for NULLs). */
export interface Evaluated {
  evaluate(review: number, customer: number): Value
  /**
   * Where the expression reads one column only: the codes of that column, by reviews' or customers' rows. Rows of equal
   * code have the same result.
   */
  readonly single: { readonly side: 'reviews' | 'customers'; readonly codes: Int32Array; readonly count: number } | null
}

type Cell = (review: number, customer: number) => Value

/** Prepares an expression: reads the columns of the row group that it needs. */
export async function prepare(
  expr: Expr,
  query: CompiledQuery,
  reader: GroupReader,
  customers: Customers | null,
): Promise<Evaluated> {
  const read = distinct(columnsUsed(expr))
  const run = evaluator(expr, read)
  const cells: Cell[] = []
  for (const { view, name } of read) cells.push(await cellOf(view, name, query, reader, customers))
  const values: Value[] = new Array(cells.length).fill(null)
  const evaluate: Cell = (review, customer) => {
    for (let i = 0; i < cells.length; i++) values[i] = cells[i]?.(review, customer) ?? null
    return run(values)
  }
  const [only] = read
  const single = only && read.length === 1 ? await codesOf(only.view, only.name, query, reader, customers) : null
  return { evaluate, single }
}

/**
 * An evaluation that runs the expression once per distinct value where it reads one column only. `map` turns a result
 * into what is wanted of it.
 */
export function perCode<T>(
  { evaluate, single }: Evaluated,
  map: (value: Value) => T,
): (review: number, customer: number) => T {
  if (!single) return (review, customer) => map(evaluate(review, customer))
  const { side, codes, count } = single
  const known: (T | undefined)[] = new Array(count + 1)
  return (review, customer) => {
    const row = side === 'reviews' ? review : customer
    const code = row < 0 ? -1 : inRange(codes[row])
    const before = known[code + 1]
    if (before !== undefined) return before
    const result = map(evaluate(review, customer))
    known[code + 1] = result
    return result
  }
}

async function cellOf(
  view: View,
  name: string,
  query: CompiledQuery,
  reader: GroupReader,
  customers: Customers | null,
): Promise<Cell> {
  if (view === 'file') {
    const value = await fileValue(reader, name)
    return review => value(review)
  }
  if (view === 'customers') {
    const column = customers?.column(name)
    if (!column) return () => null
    const wanted = query.customers.find(other => other.name.toLowerCase() === name.toLowerCase())?.type ?? column.type
    const type = widens(column.type, wanted) ? wanted : column.type
    const value = codeValues(column.dictionary, column.physical, type)
    return (_, customer) => (customer < 0 ? null : value(inRange(column.codes[customer])))
  }
  const at = viewIndex(query, name)
  const column = reader.source.view[at]
  if (!column) return () => null
  const value = await reader.values(column, query.reviews[at]?.type)
  return review => value(review)
}

async function codesOf(
  view: View,
  name: string,
  query: CompiledQuery,
  reader: GroupReader,
  customers: Customers | null,
): Promise<Evaluated['single']> {
  if (view === 'customers') {
    const column = customers?.column(name)
    return column ? { side: 'customers', codes: column.codes, count: column.dictionary.count } : null
  }
  const column = view === 'reviews' ? reader.source.view[viewIndex(query, name)] : undefined
  if (column?.from !== 'file') return null
  const { codes, dictionary } = await reader.coded(column)
  return { side: 'reviews', codes, count: dictionary.count }
}

/** The index of a column in the reviews view. */
export function viewIndex({ reviews }: CompiledQuery, name: string): number {
  const known = viewIndexes.get(reviews) ?? new Map(reviews.map((column, i) => [column.name.toLowerCase(), i]))
  viewIndexes.set(reviews, known)
  return known.get(name.toLowerCase()) ?? -1
}

/** A view may have thousands of columns, each of which is asked for. */
const viewIndexes = new WeakMap<CompiledQuery['reviews'], ReadonlyMap<string, number>>()

function distinct(columns: readonly { readonly view: View; readonly name: string }[]) {
  const seen = new Set<string>()
  return columns.filter(({ view, name }) => {
    const key = `${view}.${name}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
