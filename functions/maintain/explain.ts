import { createTable, createTableOverDelta, type TableName } from '../readers/athena/athena-ddl.ts'
import { type CompiledQuery, isGenerated, type Join, type RuleAction } from '../sql/compiled.ts'
import type { Expr } from '../sql/expr.ts'
import { planNotes } from '../sql/plan-notes.ts'
import { printExpr } from '../sql/print-expr.ts'
import { printKeys } from '../sql/print-join.ts'
import { type DerivedPlan, scannedTables } from '../sql/static-plan.ts'
import { printType } from '../sql/type-text.ts'

/** What a compiled query does, for `npx silversmith explain` as JSON or, by explanationText, as text. */
export interface QueryExplanation {
  readonly columns: readonly ExplainedColumn[]
  /** Columns that are copied and may be INT96 in bronze: they are written as INT64. Missing where none are. */
  readonly timestamps?: readonly string[]
  /**
   * Columns whose names have a character that only a Delta table with column mapping may have when another engine
   * writes it; all read them here. Missing where none have.
   */
  readonly needAlias?: readonly string[]
  /** Conditions over reviews; a review that is not TRUE for one of them is filtered. */
  readonly filters: readonly string[]
  /** What makes several rows of a review, before it is joined; missing where nothing does. */
  readonly rows?: readonly { readonly of: string; readonly unless: readonly string[] }[]
  /** In the order in which they are made. */
  readonly joins: readonly ExplainedJoin[]
  /** The condition on joined rows. */
  readonly where: string | null
  /** What is expected of each output row; missing where nothing is. */
  readonly rules?: readonly { readonly name: string; readonly expect: string; readonly action: RuleAction }[]
  /** The statement that makes the table in Athena, for queries that go by its partitions. */
  readonly ddl: string
  /** The one that makes a second table, over the same files, for queries that go by the Delta log. */
  readonly ddlOverDelta: string
}

export interface ExplainedColumn {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
  /** `copied` from the review, `looked up` in a dimension, `constant` for all rows, or `computed`. */
  readonly how: 'copied' | 'looked up' | 'computed' | 'constant'
  readonly from: string
}

export interface ExplainedJoin {
  readonly dimension: string
  readonly kind: Join['kind']
  /** null where every row of the dimension is tried. */
  readonly key: string | null
  /** What both sides of each part of the key are compared as. */
  readonly type: string
  /** The rest of ON. */
  readonly on: string | null
  /** The part of WHERE that is tested before later joins are tried; missing for none. */
  readonly where?: string
  /** What becomes of a review that the dimension lacks. */
  readonly unmatched: string
  /** Of a dimension that is the result of a query: the tables that it reads, and what its order leaves open. */
  readonly derived?: { readonly tables: readonly string[]; readonly notes: readonly string[] }
}

/** Explains a query. `table` and `location` are those of the DDL. Throws InvalidDdl if they can't be in it. */
export function explain(query: CompiledQuery, table: TableName, location: string): QueryExplanation {
  return {
    columns: query.output.map(({ name, type, nullable, expr }) => ({
      name,
      type: printType(type),
      nullable,
      how: how(expr),
      from: printExpr(expr),
    })),
    ...instants(query),
    ...unmapped(query),
    filters: query.filters.map(({ text }) => text),
    ...(query.generators && {
      rows: query.generators.map(({ text, filters }) => ({ of: text, unless: filters.map(filter => filter.text) })),
    }),
    joins: query.joins.map((join, i) => explainJoin(join, query.dimensions[i]?.plan)),
    where: query.where?.text ?? null,
    ...(query.rules && { rules: query.rules.map(({ name, text, action }) => ({ name, expect: text, action })) }),
    ddl: createTable(table, query.output, location, query.comment),
    ddlOverDelta: createTableOverDelta({ ...table, table: `${table.table}_delta` }, location),
  }
}

function explainJoin({ dimension, kind, keys, on, where }: Join, plan: DerivedPlan | undefined): ExplainedJoin {
  return {
    dimension,
    kind,
    key: printKeys({ keys }),
    type: keys.map(({ type }) => printType(type)).join(', '),
    on: on && printExpr(on),
    ...(where && { where: where.text }),
    unmatched: UNMATCHED[kind],
    ...(plan && { derived: { tables: [...scannedTables(plan.root).keys()], notes: planNotes(plan.root) } }),
  }
}

const UNMATCHED: Readonly<Record<Join['kind'], string>> = {
  inner: 'is left out until it is there',
  left: 'is kept, with NULLs',
  semi: 'is left out',
  anti: 'is kept, and only it',
}

/** The copied columns that hold timestamps, inside lists and structs too. */
function instants({ output, timestamps }: CompiledQuery): Pick<QueryExplanation, 'timestamps'> {
  const copied = output.filter(({ type, expr }) => how(expr) === 'copied' && /\btimestamp\b/.test(printType(type)))
  return timestamps === 'int64' && copied.length > 0 ? { timestamps: copied.map(({ name }) => name) } : {}
}

/** What Delta's writers refuse in a name without column mapping (`DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES`). */
const UNMAPPED = /[ ,;{}()\n\t=]/

/** The columns whose names need an AS where others are to write Delta tables of them. */
function unmapped({ output }: CompiledQuery): Pick<QueryExplanation, 'needAlias'> {
  const names = output.map(({ name }) => name).filter(name => UNMAPPED.test(name))
  return names.length > 0 ? { needAlias: names } : {}
}

function how(expr: Expr): ExplainedColumn['how'] {
  if (expr.op === 'literal') return 'constant'
  if (expr.op !== 'column' || expr.view === 'file') return 'computed'
  if (isGenerated(expr.view)) return 'computed'
  return expr.view === 'reviews' ? 'copied' : 'looked up'
}

/** An explanation as lines of text. */
export function explanationText(explained: QueryExplanation): string {
  const { columns, filters, rows: made = [], joins, where, rules } = explained
  const rows = columns.map(column => [
    ...[column.name, column.type, column.nullable ? 'nullable' : 'not null', column.how, column.from],
  ])
  const sections = [
    [`Columns (${columns.length})`, ...align(rows)],
    explained.timestamps && timestampLines(explained.timestamps),
    explained.needAlias && aliasLines(explained.needAlias),
    filters.length > 0 && ['A review is filtered unless', ...filters.map(text => `  ${text}`)],
    ...made.map(madeLines),
    ...joins.map(joinLines),
    joins.length + made.length === 0 && ['No join: every review that is not filtered gives one row'],
    where !== null && ['A joined row is left out unless', `  ${where}`],
    rules && ruleLines(rules),
    [explained.ddl],
    ['or, over the Delta log', explained.ddlOverDelta],
  ]
  return `${sections.flatMap(lines => (lines ? [lines.join('\n')] : [])).join('\n\n')}\n`
}

function timestampLines(names: readonly string[]): string[] {
  return [
    `${names.join(', ')}: written as INT64 microseconds where bronze has INT96, unless timestamps are to stay as-is`,
    '  batches that were written with INT96 keep it until a reprocess (docs/readers.md says what readers make of both)',
  ]
}

function aliasLines(names: readonly string[]): string[] {
  return [
    `${names.join(', ')}: every reader takes ${names.length === 1 ? 'this name' : 'these names'}, but other engines can't copy the table`,
    '  to a Delta table of their own without column mapping; write AS and a name without spaces, parentheses, braces or =',
  ]
}

function madeLines({ of, unless }: NonNullable<QueryExplanation['rows']>[number]): string[] {
  return [
    'Each review that is not filtered gives rows, none or several, by',
    `  ${of}`,
    ...unless.map(text => `  of which one is kept only if ${text}`),
  ]
}

function ruleLines(rules: NonNullable<QueryExplanation['rules']>): string[] {
  return [
    'An output row breaks a rule unless it is TRUE',
    ...align(rules.map(({ name, expect, action }) => [name, expect, BROKEN[action]])),
  ]
}

const BROKEN: Readonly<Record<RuleAction, string>> = {
  warn: 'else it is counted',
  drop: 'else it is rejected',
  fail: 'else nothing is committed',
}

function joinLines({ dimension, kind, type, key, on, where, unmatched, derived }: ExplainedJoin): string[] {
  return [
    `Join (${kind}) with ${dimension}, ${key === null ? 'without a key: every row of it is tried for each review, up to 1,000,000,000 pairs a file' : `keys compared as ${type}`}`,
    ...(key === null ? [] : [`  ${key}`]),
    ...(on === null ? [] : [`  ${key === null ? '' : 'and '}for each pair: ${on}`]),
    `  a review without one ${unmatched}`,
    ...(where === undefined ? [] : [`  a joined row is kept only if ${where}`]),
    ...derivedLines(derived),
  ]
}

function derivedLines(derived: ExplainedJoin['derived']): string[] {
  if (!derived) return []
  const from = derived.tables.length > 0 ? ` from ${derived.tables.join(', ')}` : ''
  return [`  derived: computed once per run${from}`, ...derived.notes.map(note => `  note: ${note}`)]
}

/** Rows as lines of columns that stand below each other. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map(row => row[i]?.length ?? 0)))
  return rows.map(row => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd())
}
