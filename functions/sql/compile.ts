import { sha256 } from '../base/bytes.ts'
import type { CompiledQuery, Dimension, OutputColumn } from './compiled.ts'
import { columnsUsed } from './evaluate.ts'
import type { View } from './expr.ts'
import { parse } from './parse/statement.ts'
import type { Statement } from './parse/syntax.ts'
import { prunedPlan } from './plan-columns.ts'
import { idCounter } from './resolve/environment.ts'
import { placeFilters } from './resolve/generate.ts'
import { placeWhere } from './resolve/place-where.ts'
import { resolveRules } from './resolve/rules.ts'
import { resolveQuery } from './resolve/select.ts'
import type { SelectedColumn } from './resolve/select-list.ts'
import type { SourceDimension } from './resolve/source.ts'
import { columnNameFault, PARTITION_COLUMNS } from './schema/column-name.ts'
import { typedColumns } from './schema/file-columns.ts'
import type { FileColumn } from './types.ts'
import { fail } from './typing/context.ts'
import { TooLarge } from './typing/make-call.ts'
import { isNullable } from './typing/nullable.ts'

export interface CompileRequest {
  /** The text of silver.sql. */
  readonly sql: string
  /** `declared`: the columns come from bronze.sql, not from the files. */
  readonly reviews: { readonly view: string; readonly columns: readonly FileColumn[]; readonly declared?: boolean }
  readonly customers: { readonly view: string; readonly columns: readonly FileColumn[] }
  /** The other static tables. `name` is that of the dimension, `view` that in SQL. */
  readonly dimensions?: readonly {
    readonly name: string
    readonly view: string
    readonly columns: readonly FileColumn[]
  }[]
  /** What current_timestamp is, in UTC microseconds. */
  readonly now: bigint
}

/**
 * Compiles silver.sql: parses it, finds its columns and types, and puts each condition where it can be tested first.
 * Reads nothing but its argument. Throws InvalidQuery, with line and column, for what is not a query or can't be done on a
 * stream.
 */
export async function compileQuery(request: CompileRequest): Promise<CompiledQuery> {
  try {
    return { ...compileParsed(request), sha256: await sha256(request.sql) }
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error
    return fail(request, 'the conditions grow too large when the names in them are written out; simplify them', 0)
  }
}

function compileParsed(request: CompileRequest): Omit<CompiledQuery, 'sha256'> {
  const { sql, reviews, customers, dimensions = [], now } = request
  const query = parse(sql)
  if (reviews.view.toLowerCase() === customers.view.toLowerCase()) {
    const at = query.from?.at ?? query.at
    fail(
      { sql },
      `the views of the reviews and of the customers are both called ${reviews.view}; rename one of them`,
      at,
    )
  }
  const views = [
    { view: 'reviews', name: reviews.view, columns: reviews.columns },
    { view: 'customers', name: customers.view, columns: customers.columns },
    ...dimensions.map(({ name, view, columns }) => ({ view: name, name: view, columns })),
  ]
  const source = resolveQuery(query, {
    sql,
    now,
    views,
    common: new Map(),
    statics: new Map(),
    newId: idCounter(),
  })
  if (source.kind === 'static') {
    fail({ sql }, `the query must read ${reviews.view}: silver holds reviews`, query.from?.at ?? query.at)
  }
  const compiled = {
    sql,
    reviews: typedColumns(reviews.columns),
    ...placeFilters(source),
    ...placeWhere(source),
    output: output(source.selected, sql),
    ...(query.rules.length > 0 && { rules: resolveRules(query.rules, source.selected, { sql, now }) }),
    comment: commentAbove(sql, query),
  }
  const needed = (view: View) => neededColumns(view, compiled, source.selected)
  return {
    ...compiled,
    dimensions: source.dimensions.map(dimension => compiledDimension(dimension, needed(dimension.name))),
    needed: { reviews: reviews.declared ? reviews.columns.map(({ name }) => name.toLowerCase()) : needed('reviews') },
  }
}

/** A dimension with its columns; of a derived one only those that the query needs. */
function compiledDimension({ columns, plan, ...dimension }: SourceDimension, needed: readonly string[]): Dimension {
  const typed = typedColumns(columns)
  if (!plan) return { ...dimension, columns: typed, needed }
  const places = [...typed.keys()].filter(i => needed.includes(typed[i]?.name.toLowerCase() ?? ''))
  const of = <T>(list: readonly T[]) => places.flatMap(i => list.slice(i, i + 1))
  return { name: dimension.name, columns: of(typed), plan: prunedPlan({ root: plan.root, ids: of(plan.ids) }) }
}

/** The columns of a view that the query reads or would put out, in lower case. */
function neededColumns(
  view: View,
  query: Pick<CompiledQuery, 'filters' | 'generators' | 'joins' | 'where' | 'output'>,
  selected: readonly SelectedColumn[],
): string[] {
  const { filters, generators = [], joins, where, output } = query
  const exprs = [
    ...output,
    ...filters,
    ...generators.flatMap(generator => generator.filters),
    ...[where, ...joins.map(join => join.where)].flatMap(condition => condition ?? []),
  ].map(({ expr }) => expr)
  for (const { keys, on } of joins) exprs.push(...keys.flatMap(key => [key.left, key.right]), ...(on ? [on] : []))
  for (const generator of generators)
    exprs.push(...(generator.kind === 'list' ? [generator.rows] : generator.conditions.flatMap(expr => expr ?? [])))
  const untyped = selected.flatMap(({ operand }) => (operand.op === 'null' && operand.column ? [operand.column] : []))
  const read = [...exprs.flatMap(columnsUsed), ...untyped].filter(column => column.view === view)
  return [...new Set(read.map(({ name }) => name.toLowerCase()))]
}

/** The columns of silver. One that has no type yet is left out, as long as there are others. */
function output(selected: readonly SelectedColumn[], sql: string): OutputColumn[] {
  const seen = new Map<string, string>()
  const columns = selected.flatMap(({ name, operand, at }): OutputColumn[] => {
    const lower = name.toLowerCase()
    const twin = seen.get(lower)
    if (twin !== undefined) {
      fail(
        { sql },
        `two output columns are named ${twin === name ? name : `${twin} and ${name}`}, but a table can have each name only once; list the columns one by one, rename one with AS, or join with USING`,
        at,
      )
    }
    seen.set(lower, name)
    checkName(name, sql, at)
    if (operand.op === 'null' && operand.column) return []
    if (operand.op === 'null')
      return fail({ sql }, `the column ${name} is NULL without a type; write CAST(NULL AS string)`, at)
    return [{ name, type: operand.type, nullable: isNullable(operand), expr: operand }]
  })
  const [first] = selected
  if (columns.length === 0 && first)
    fail(
      { sql },
      `no column has a type yet: ${first.name} is NULL in every row; declare its type in bronze.sql`,
      first.at,
    )
  return columns
}

/** Refuses names that can't be a column of the table in Athena. */
function checkName(name: string, sql: string, at: number): void {
  if (PARTITION_COLUMNS.some(partition => partition === name.toLowerCase())) {
    fail({ sql }, `the column ${name} has the name of a partition column of silver.reviews; rename it with AS`, at)
  }
  const fault = columnNameFault(name)
  if (fault !== null) fail({ sql }, `${fault}; give it ${name.length > 255 ? 'one' : 'a name'} with AS`, at)
}

/** The comments above the query, line by line: also above its rules, but not between them. */
function commentAbove(sql: string, { rules, at }: Statement): string {
  const above = sql.slice(0, rules[0]?.at ?? at)
  const below = rules.length > 0 ? sql.slice(rules.at(-1)?.end, at).replace(/^.*/, '') : ''
  const lines = `${above}\n${below}`.split('\n').map(line =>
    line
      .trim()
      .replace(/^(--+|\/\*+|\*\/|\*)\s?/, '')
      .replace(/\s*\*\/$/, '')
      .trim(),
  )
  return lines.filter(line => line !== '').join('\n')
}
