import { elementAt } from '../../functions/base/at.ts'
import type { RowCounts } from '../../functions/engine/sources/source-file.ts'
import type { CompiledQuery, Dimension, Generator, Join } from '../../functions/sql/compiled.ts'
import { comparison } from '../../functions/sql/evaluate/compare.ts'
import { type ColumnRef, evaluator } from '../../functions/sql/evaluate.ts'
import type { Expr, View } from '../../functions/sql/expr.ts'
import { decodeLiteral } from '../../functions/sql/literal.ts'
import { bind, type PathValues, pathValue, widener } from '../../functions/sql/schema/bind.ts'
import { isList, type Value } from '../../functions/sql/types.ts'
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
 * The joins as SQL defines them, row by row and pair by pair, with nothing clever: the truth that the engine is compared
 * with. `tables` are the files of each dimension by name. With `parks`, a review that an inner join lacks gives no row at
 * all. Throws for a file that does not fit.
 */
export function referenceJoin(
  query: CompiledQuery,
  reviews: readonly ReferenceFile[],
  tables: Readonly<Record<string, readonly ReferenceFile[]>>,
  parks = false,
): ReferenceResult {
  const counts = { read: 0, filtered: 0, nullKey: 0, unmatched: 0, matched: 0, written: 0 }
  const rows: Value[][] = []
  let generated = 0
  const prepared = prepare(query, tables)
  for (const file of reviews) {
    for (const review of viewRows(query.reviews, file)) {
      counts.read++
      const { fates, kept, made } = joinMade(prepared, [...review, ...file.metadata], parks)
      generated += made
      for (const fate of fates) counts[fate]++
      for (const row of kept) rows.push(prepared.output.map(evaluate => evaluate(row)))
    }
  }
  return { rows, counts: { ...counts, written: rows.length, ...(generated > 0 && { generated }) } }
}

type Evaluate = (values: readonly Value[]) => Value
type Fate = 'filtered' | 'nullKey' | 'unmatched' | 'matched'

interface MadeBy {
  readonly columns: readonly unknown[]
  /** Where its columns stand in a row. */
  readonly at: number
  /** The rows that are made of one so far. */
  readonly rows: (row: readonly Value[]) => readonly Value[]
  readonly filters: readonly Evaluate[]
}

interface Prepared {
  readonly generators: readonly MadeBy[]
  readonly filters: readonly Evaluate[]
  readonly joins: readonly PreparedJoin[]
  readonly where: Evaluate
  readonly output: readonly Evaluate[]
}

interface PreparedJoin {
  readonly kind: Join['kind']
  readonly keys: readonly {
    readonly left: Evaluate
    readonly right: Evaluate
    readonly nullSafe: boolean
    readonly order: ReturnType<typeof comparison>
  }[]
  readonly on: Evaluate
  readonly where: Evaluate
  readonly rows: readonly (readonly Value[])[]
  readonly nulls: readonly null[]
}

/** The slots of a joined row: reviews, their file, the dimensions one after the other. */
function prepare(query: CompiledQuery, tables: Readonly<Record<string, readonly ReferenceFile[]>>): Prepared {
  const { generators = [] } = query
  const refs = (view: View, names: readonly string[]): ColumnRef[] => names.map(name => ({ view, name }))
  const namesOf = (columns: CompiledQuery['reviews']) => columns.map(({ name }) => name)
  const slots = [
    ...refs('reviews', namesOf(query.reviews)),
    ...refs('file', METADATA),
    ...generators.flatMap(({ name, columns }) => refs(name, namesOf(columns))),
    ...query.dimensions.flatMap(({ name, columns }) => refs(name, namesOf(columns))),
  ]
  const of = (expr: Expr | null | undefined): Evaluate => (expr ? evaluator(expr, slots) : () => true)
  return {
    generators: generators.map((generator, i) => ({
      columns: generator.columns,
      at: query.reviews.length + METADATA.length + generators.slice(0, i).flatMap(({ columns }) => columns).length,
      rows: rowsOf(generator, of),
      filters: generator.filters.map(({ expr }) => of(expr)),
    })),
    filters: query.filters.map(({ expr }) => of(expr)),
    joins: query.joins.map(({ kind, keys, on, where }, i) => {
      const { name, table = name, columns, values } = elementAt(query.dimensions, i)
      return {
        kind,
        keys: keys.map(({ left, right, type, nullSafe }) => {
          return { left: of(left), right: of(right), nullSafe, order: comparison(type) }
        }),
        on: of(on),
        where: of(where?.expr),
        rows: values ? inlineRows(columns, values) : (tables[table] ?? []).flatMap(file => viewRows(columns, file)),
        nulls: columns.map(() => null),
      }
    }),
    where: of(query.where?.expr),
    output: query.output.map(({ expr }) => of(expr)),
  }
}

function inlineRows(columns: CompiledQuery['reviews'], rows: NonNullable<Dimension['values']>): Value[][] {
  return rows.map(row => columns.map(({ type }, i) => decodeLiteral({ op: 'literal', value: row[i] ?? null, type })))
}

function rowsOf(generator: Generator, of: (expr: Expr) => Evaluate): MadeBy['rows'] {
  if (generator.kind === 'branches') {
    const conditions = generator.conditions.map(condition => condition && of(condition))
    return row => conditions.flatMap((condition, i) => (!condition || condition(row) === true ? [[i]] : []))
  }
  const evaluate = of(generator.rows)
  return row => {
    const made = evaluate(row)
    const list = isList(made) ? made : []
    return list.length === 0 && generator.outer ? [null] : list
  }
}

/** The rows that generators make of one, each of the rows before. `rest` are the slots behind it. */
function generate(
  [generator, ...others]: readonly MadeBy[],
  row: readonly Value[],
  rest: readonly Value[],
): (readonly Value[])[] {
  if (!generator) return [row]
  return generator.rows([...row, ...rest]).flatMap(made => {
    const cells = generator.columns.map((_, i) => (isList(made) ? (made[i] ?? null) : null))
    const next = row.toSpliced(generator.at, cells.length, ...cells)
    const isThere = generator.filters.every(filter => filter([...next, ...rest]) === true)
    return isThere ? generate(others, next, rest) : []
  })
}

/** The fates of the rows that are made of a review, and `made`, how many more they are than one. A review that waits is one. */
function joinMade(
  prepared: Prepared,
  review: readonly Value[],
  parks: boolean,
): { fates: Fate[]; kept: (readonly Value[])[]; made: number } {
  const { generators, joins, filters } = prepared
  const nulls = joins.flatMap(join => join.nulls)
  const row = [...review, ...generators.flatMap(({ columns }) => columns.map(() => null))]
  const passes = filters.every(filter => filter([...row, ...nulls]) === true)
  const rows = passes ? generate(generators, row, nulls) : []
  const joined = rows.map(one => joinRow(prepared, one, parks))
  if (rows.length === 0) return { fates: ['filtered'], kept: [], made: 0 }
  if (joined.some(({ waits }) => waits)) return { fates: ['unmatched'], kept: [], made: 0 }
  return { fates: joined.map(({ fate }) => fate), kept: joined.flatMap(({ kept }) => kept), made: rows.length - 1 }
}

function joinRow(
  { joins, where }: Prepared,
  review: readonly Value[],
  parks: boolean,
): { fate: Fate; kept: readonly (readonly Value[])[]; waits: boolean } {
  const kept: { readonly row: readonly Value[]; readonly fate: Fate }[] = []
  const dropped: Fate[] = []
  let waits = false
  let isFiltered = false

  /** Goes on with the rows that a join gives and its part of WHERE lets pass. */
  const goOn = (rows: readonly (readonly Value[])[], at: number, fate: Fate): void => {
    const rest = joins.slice(at + 1).flatMap(({ nulls }) => nulls)
    const passed = rows.filter(row => joins[at]?.where([...row, ...rest]) === true)
    if (passed.length === 0) dropped.push('filtered')
    for (const row of passed) visit(row, at + 1, fate)
  }
  const visit = (before: readonly Value[], at: number, fate: Fate): void => {
    const join = joins[at]
    const rest = joins.slice(at + 1).flatMap(({ nulls }) => nulls)
    if (!join) {
      if (where(before) === true) kept.push({ row: before, fate })
      else isFiltered = true
      return
    }
    const sameKey = join.rows.map(row => [...before, ...row]).filter(row => hasKey(join, [...row, ...rest]))
    const pairs = sameKey.filter(row => join.on([...row, ...rest]) === true)
    const alone = [...before, ...join.nulls]
    const lacksKey = join.keys.some(({ left, nullSafe }) => !nullSafe && left([...alone, ...rest]) === null)
    const missing: Fate = lacksKey ? 'nullKey' : 'unmatched'
    const miss = fate === 'matched' ? missing : fate
    if (join.kind === 'anti' && pairs.length > 0) dropped.push('matched')
    else if (join.kind === 'anti') goOn([alone], at, miss)
    else if (join.kind === 'semi' && pairs.length > 0) goOn([alone], at, fate)
    else if (pairs.length > 0) goOn(pairs, at, fate)
    else if (join.kind === 'left') goOn([alone], at, miss)
    else if (join.kind === 'semi') dropped.push(missing)
    // A row whose key is there, but that ON rejects, is filtered.
    else if (join.keys.length > 0 && sameKey.length > 0) dropped.push('filtered')
    else {
      dropped.push(missing)
      if (missing === 'unmatched') waits = true
    }
  }
  visit(review, 0, 'matched')

  if (parks && waits) return { fate: 'unmatched', kept: [], waits }
  const [first] = kept
  const fate = first?.fate ?? (isFiltered ? 'filtered' : (dropped[0] ?? 'filtered'))
  return { fate, kept: kept.map(({ row }) => row), waits: false }
}

function hasKey({ keys }: PreparedJoin, row: readonly Value[]): boolean {
  return keys.every(({ left, right, nullSafe, order }) => {
    const [a, b] = [left(row), right(row)]
    if (a === null || b === null) return nullSafe && a === b
    return order(a, b) === 0
  })
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
