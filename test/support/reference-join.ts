import type { RowCounts } from '../../functions/engine/sources/source-file.ts'
import type { CompiledQuery, Expr, View } from '../../functions/sql/compiled.ts'
import { comparison } from '../../functions/sql/evaluate/compare.ts'
import { type ColumnRef, evaluator } from '../../functions/sql/evaluate.ts'
import { bind, type PathValues, pathValue, widener } from '../../functions/sql/schema/bind.ts'
import type { Value } from '../../functions/sql/types.ts'
import type { ParquetRows } from './parquet-rows.ts'

/** One file as the reference join reads it. */
export interface ReferenceFile extends ParquetRows {
  readonly key: string
  readonly path: PathValues
  /** What `_metadata` gives: file_path, file_name, file_size, file_modification_time. */
  readonly metadata: readonly Value[]
}

export interface ReferenceResult {
  /** Values in the order of `query.output`. */
  readonly rows: readonly (readonly Value[])[]
  readonly counts: Omit<RowCounts, 'parked'>
}

const METADATA = ['file_path', 'file_name', 'file_size', 'file_modification_time']

/**
 * The join as SQL defines it, row by row and pair by pair, with nothing clever: the truth that the engine is compared
 * with. Throws for a file that does not fit.
 */
export function referenceJoin(
  query: CompiledQuery,
  reviews: readonly ReferenceFile[],
  customers: readonly ReferenceFile[],
): ReferenceResult {
  const customerRows = customers.flatMap(file => viewRows(query.dimensions[0]?.columns ?? [], file))
  const counts = { read: 0, filtered: 0, nullKey: 0, unmatched: 0, matched: 0, written: 0 }
  const rows: Value[][] = []
  const engine = prepare(query)
  for (const file of reviews) {
    for (const review of viewRows(query.reviews, file)) {
      counts.read++
      const { fate, kept } = joinRow(query, engine, [...review, ...file.metadata], customerRows)
      counts[fate]++
      for (const pair of kept) rows.push(engine.output.map(evaluate => evaluate(pair)))
    }
  }
  return { rows, counts: { ...counts, written: rows.length } }
}

type Evaluate = (values: readonly Value[]) => Value
type Fate = 'filtered' | 'nullKey' | 'unmatched' | 'matched'

interface Prepared {
  readonly filters: readonly Evaluate[]
  readonly reviewsKey: Evaluate | undefined
  readonly customersKey: Evaluate | undefined
  readonly on: Evaluate
  readonly where: Evaluate
  readonly output: readonly Evaluate[]
}

/** The slots of a joined row: reviews, their file, customers. */
function prepare(query: CompiledQuery): Prepared {
  const refs = (view: View, names: readonly string[]): ColumnRef[] => names.map(name => ({ view, name }))
  const slots = [
    ...refs(
      'reviews',
      query.reviews.map(({ name }) => name),
    ),
    ...refs('file', METADATA),
    ...refs(
      'customers',
      (query.dimensions[0]?.columns ?? []).map(({ name }) => name),
    ),
  ]
  const of = (expr: Expr | null | undefined): Evaluate => (expr ? evaluator(expr, slots) : () => true)
  const [join] = query.joins
  return {
    filters: query.filters.map(({ expr }) => of(expr)),
    reviewsKey: join && of(join.leftKey),
    customersKey: join && of(join.rightKey),
    on: of(join?.on),
    where: of(query.where?.expr),
    output: query.output.map(({ expr }) => of(expr)),
  }
}

function joinRow(
  query: CompiledQuery,
  engine: Prepared,
  review: readonly Value[],
  customers: readonly (readonly Value[])[],
): { fate: Fate; kept: readonly (readonly Value[])[] } {
  const alone = [...review, ...(query.dimensions[0]?.columns ?? []).map(() => null)]
  if (engine.filters.some(filter => filter(alone) !== true)) return { fate: 'filtered', kept: [] }
  const [join] = query.joins
  if (!join) return kept('matched', [alone], engine)
  const key = engine.reviewsKey?.(alone) ?? null
  const order = comparison(join.type)
  const sameKey = customers
    .map(customer => [...review, ...customer])
    .filter(pair => {
      const other = engine.customersKey?.(pair) ?? null
      return key !== null && other !== null && order(key, other) === 0
    })
  const pairs = sameKey.filter(pair => engine.on(pair) === true)
  const without = key === null ? 'nullKey' : 'unmatched'
  // A review that has customers, all of them rejected by ON, is filtered where the join would leave it out.
  const missing: Fate = sameKey.length > 0 ? 'filtered' : without
  switch (join.kind) {
    case 'inner':
      return pairs.length === 0 ? { fate: missing, kept: [] } : kept('matched', pairs, engine)
    case 'left':
      return pairs.length === 0 ? kept(without, [alone], engine) : kept('matched', pairs, engine)
    case 'semi':
      return pairs.length === 0 ? { fate: missing, kept: [] } : kept('matched', [alone], engine)
    case 'anti':
      return pairs.length === 0 ? kept(without, [alone], engine) : { fate: 'matched', kept: [] }
  }
}

/** Rows that WHERE lets through; a matched review none of whose rows it does is filtered. */
function kept(
  fate: Fate,
  rows: readonly (readonly Value[])[],
  engine: Prepared,
): { fate: Fate; kept: readonly (readonly Value[])[] } {
  const through = rows.filter(row => engine.where(row) === true)
  return { fate: through.length === 0 && fate === 'matched' ? 'filtered' : fate, kept: through }
}

/** A file's rows as the view has them: columns by name, widened, from the path, or NULL. */
function viewRows(view: CompiledQuery['reviews'], file: ReferenceFile): Value[][] {
  const binding = bind({ reviews: view }, file.columns, file.path)
  if (!binding.fits) throw new Error(`${file.key}: ${binding.reason}`)
  const cells = binding.columns.map((column, i): ((row: readonly Value[]) => Value) => {
    const type = view[i]?.type ?? 'string'
    if (column.from === 'nowhere' || column.from === 'nulls') return () => null
    if (column.from === 'path') {
      const value = pathValue(column.value, type) ?? null
      return () => value
    }
    const slot = file.columns.findIndex(({ name }) => name === column.name)
    const widen = widener(column.type, type) ?? ((value: Value) => value)
    return row => widen(row[slot] ?? null)
  })
  return file.rows.map(row => cells.map(cell => cell(row)))
}
