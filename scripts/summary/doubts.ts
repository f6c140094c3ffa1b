import { count, listed, many } from '../../functions/base/text.ts'
import { bronzeSource } from '../../functions/engine/sources/open-source.ts'
import type { Layout } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import type { FoldedLog } from '../../functions/log/fold.ts'
import { needCommit } from '../../functions/log/read.ts'
import { type ByteSource, readFooter } from '../../functions/parquet/metadata/footer.ts'
import { nullColumns } from '../../functions/parquet/pages/null-columns.ts'
import type { BatchCommit } from '../../functions/protocol/commit.ts'
import { readBatchPlan } from '../../functions/protocol/plan.ts'
import { plannedPlace, writerOf } from '../../functions/protocol/writers.ts'
import { definitionOf } from '../../functions/sql/calls/table.ts'
import type { CompiledQuery } from '../../functions/sql/compiled.ts'
import { columnsUsed } from '../../functions/sql/evaluate.ts'
import type { Expr } from '../../functions/sql/expr.ts'
import { printExpr } from '../../functions/sql/print-expr.ts'
import { printKeys } from '../../functions/sql/print-join.ts'
import type { Column } from '../../functions/sql/types.ts'

/** The most files of a batch whose footers are read; of a larger one nothing is said about its columns. */
const FILES = 64

/** What of the newest batch is allowed, and hardly meant. */
export interface Doubts {
  readonly batch: string
  /** None of its reviews has a customer. `key` is how they are compared, where that is known. */
  readonly unmatched: {
    readonly reviews: number
    readonly key: string | null
    /** What they may lack. */
    readonly dimensions: readonly string[]
  } | null
  /** Columns that are NULL in all its rows, and were not before, or whose CAST or pattern never fits. */
  readonly nulls: readonly {
    readonly name: string
    readonly rows: number
    readonly before: boolean
    readonly expr: string | null
  }[]
  /** Columns of the table that the query no longer has. */
  readonly gone: readonly string[]
}

interface Lake {
  readonly store: Store
  readonly layout: Layout
}

/** Looks at the newest batch; null for an empty log. Reads its commit, its plan if that is still there, and footers. */
export async function findDoubts(lake: Lake, state: FoldedLog): Promise<Doubts | null> {
  const batches = [...state.batches.values()].sort((a, b) => writerOf(b).version - writerOf(a).version)
  const [newest, ...earlier] = batches
  const commit = newest && (await needCommit(lake.store, lake.layout, newest.version))
  if (!newest || !commit || commit.operation === 'abandon') return null
  const query = await readBatchPlan(lake.store, lake.layout.query(plannedPlace(commit))).then(
    plan => plan.query,
    () => null,
  )
  const before = earlier.find(({ silver }) => silver.some(({ rows }) => rows > 0))
  const empty = await nullsOf(lake, commit)
  const filled = before && empty.size > 0 ? await nullsOf(lake, before) : null
  const nulls = []
  for (const [name, isNull] of empty) {
    if (!isNull) continue
    const expr = query?.output.find(column => column.name === name)?.expr
    const had = filled?.get(name) === false
    if (!had && !(expr && canFail(expr) && (await hasValues(lake, commit, expr)))) continue
    const rows = commit.silver.reduce((sum, file) => sum + file.rows, 0)
    nulls.push({ name, rows, before: had, expr: expr ? printExpr(expr) : null })
  }
  return {
    batch: commit.batch,
    unmatched: unmatchedOf(commit, query),
    nulls,
    gone: query ? goneColumns(state.schema, query) : [],
  }
}

/** The columns of the table that a query does not give. One whose bronze column has no type yet may well be in it. */
export function goneColumns(table: readonly Column[], query: CompiledQuery): string[] {
  const { output, sql, reviews, dimensions, needed } = query
  const given = new Set(output.map(({ name }) => name.toLowerCase()))
  const typed = (columns: readonly Column[]) => new Set(columns.map(({ name }) => name.toLowerCase()))
  const relations = [{ columns: reviews, needed: needed?.reviews }, ...dimensions]
  const hasUntyped = relations.some(({ columns, needed = [] }) => {
    const known = typed(columns)
    return needed.some(name => !known.has(name))
  })
  const words = new Set(hasUntyped ? sql.toLowerCase().match(/[\p{L}\p{N}_]+/gu) : [])
  return table.map(({ name }) => name).filter(name => !given.has(name.toLowerCase()) && !words.has(name.toLowerCase()))
}

function unmatchedOf({ rows }: BatchCommit, query: CompiledQuery | null): Doubts['unmatched'] {
  const joins = query?.joins ?? []
  if (rows.unmatched === 0 || rows.matched + (rows.rejected ?? 0) > 0 || joins.some(({ kind }) => kind === 'anti'))
    return null
  const dimensions = joins.filter(({ kind }) => kind !== 'left').map(({ dimension }) => dimension)
  const keys = joins.flatMap(join => printKeys(join) ?? [])
  return { reviews: rows.unmatched, key: keys.length > 0 ? keys.join(' and ') : null, dimensions }
}

/** Whether each column of a batch is NULL in all rows, as far as the footers of its files tell. */
async function nullsOf({ store, layout }: Lake, batch: Pick<BatchCommit, 'silver' | 'location'>) {
  const files = batch.silver.filter(({ rows }) => rows > 0)
  if (files.length > FILES) return new Map<string, boolean>()
  return await nullsIn(
    files.map(({ key, size }) => {
      const whole = `${layout.roots.silver}${batch.location}${key}`
      return { key: whole, size, read: range => store.get(whole, { range }) }
    }),
  )
}

async function nullsIn(files: readonly ByteSource[]): Promise<Map<string, boolean>> {
  const all = new Map<string, boolean>()
  for (const file of files) {
    for (const [name, isNull] of nullColumns(await readFooter(file))) all.set(name, isNull && (all.get(name) ?? true))
  }
  return all
}

/** Whether an expression is NULL for values that it can't make sense of: text that is not a number or a date. */
function canFail(expr: Expr): boolean {
  if (expr.op !== 'call') return false
  const isCast = expr.name === 'cast' || expr.name === 'try_cast'
  return isCast || definitionOf(expr.name)?.nulls === 'fails' || expr.args.some(canFail)
}

/** Whether each column of the reviews that an expression reads has a value in the batch's bronze files. */
async function hasValues({ store, layout }: Lake, { bronze }: BatchCommit, expr: Expr): Promise<boolean> {
  const read = columnsUsed(expr)
  if (read.length === 0 || read.some(({ view }) => view !== 'reviews') || bronze.length > FILES) return false
  try {
    const nulls = await nullsIn(bronze.map(file => bronzeSource(store, file, layout.roots.reviews)))
    return read.every(({ name }) => nulls.get(name) === false)
  } catch {
    return false // the files are others by now: nothing is known
  }
}

/** What none has: a customer, or a row of each dimension. */
function lacked(dimensions: readonly string[]): string {
  const others = dimensions.filter(name => name !== 'customers')
  return others.length === 0 ? 'a customer' : `a row in ${dimensions.join(' and ')}`
}

/** Says what is doubtful and what to do, in a line each. */
export function doubtLines(doubts: Doubts | null): string[] {
  if (!doubts) return []
  const { batch, unmatched, nulls, gone } = doubts
  const lines: string[] = []
  if (unmatched) {
    const key = unmatched.key === null ? 'the two sides of the join' : unmatched.key
    lines.push(
      `warning: none of ${many(unmatched.reviews, 'review')} of batch ${batch} has ${lacked(unmatched.dimensions)}: compare the values of ${key}: blanks, case, leading zeros, another id`,
    )
  }
  for (const { name, rows, before, expr } of nulls) {
    const why = before ? 'and was not before' : 'though bronze has values'
    const look = expr === null ? 'compare bronze with silver.sql' : `compare the values in bronze with ${expr}`
    lines.push(`warning: column ${name} is NULL in all ${count(rows)} rows of batch ${batch}, ${why}: ${look}`)
  }
  return [...lines, ...goneLines(gone)]
}

/** Says which columns of the table a query no longer has. */
export function goneLines(gone: readonly string[]): string[] {
  if (gone.length === 0) return []
  const columns = `${many(gone.length, 'column')} of the table (${listed(gone, 5)})`
  return [`no longer in the query: ${columns}; new batches are NULL there: name them in silver.sql to go on with them`]
}
