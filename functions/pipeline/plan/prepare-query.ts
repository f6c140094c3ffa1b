import { elementAt } from '../../base/at.ts'
import { DimensionUnreadable, JoinTooLarge, ReviewsUnreadable } from '../../base/errors.ts'
import { count } from '../../base/text.ts'
import { FileFault, UnreadableFile } from '../../engine/sources/file-fault.ts'
import type { Lake } from '../../lake/lake.ts'
import type { Layout } from '../../lake/layout.ts'
import type { FoldedLog } from '../../log/fold.ts'
import type { BatchPlan, BronzeInput, PinnedDimension, PinnedFile } from '../../protocol/plan.ts'
import { compileQuery } from '../../sql/compile.ts'
import type { Dimension, TimestampForm } from '../../sql/compiled.ts'
import type { QueryText } from '../../sql/declare.ts'
import { InvalidQuery } from '../../sql/invalid.ts'
import type { FileSchema, Misfit } from '../../sql/schema/bind.ts'
import { spelledAs } from '../../sql/schema/evolve.ts'
import { scannedTables } from '../../sql/static-plan.ts'
import type { FileColumn } from '../../sql/types.ts'
import { type FittedQuery, fitDeclared, fitQuery } from './fit-query.ts'
import { checkTable, type FoundTable, lookAtTable, unread } from './look-at-dimension.ts'
import { pinDimension } from './pin-dimensions.ts'
import { type InspectedFile, inspectReviews } from './sources.ts'
import { type DeclaredView, findViews, type Views } from './views.ts'

export interface QueryContext extends Lake {
  /** The table and the reviews as the log has them. */
  readonly state: Pick<FoldedLog, 'version' | 'schema' | 'reviews'>
  /** The pass's time, which is `current_timestamp`: ISO 8601. */
  readonly time: string
  readonly query: () => Promise<QueryText>
  /** Whether to take files that the log of Spark's sink does not have. */
  readonly ignoreSparkMetadata: boolean
  /** `int64` if not given. */
  readonly timestamps?: TimestampForm | undefined
}

/** A query with the dimensions that it joins. */
export type PinnedQuery = Pick<BatchPlan, 'query' | 'dimensions'>

export interface PreparedQuery<File> extends PinnedQuery, Pick<BatchPlan, 'rows'> {
  /** Files that the query can't be asked of. */
  readonly misfits: readonly Misfit[]
  /** The parked files to be joined. */
  readonly parked: readonly File[]
}

/**
 * Reads the schemas of a batch's files and of the dimensions, compiles the query over them, and pins the dimensions. Of
 * the parked files it takes, and reads, those that `choose` wants: there may be many, of which the log knows the
 * columns. Throws InvalidQuery, SchemaChanged, and ReviewsUnreadable or DimensionUnreadable where there is nothing to
 * ask the query of.
 */
export async function prepareQuery<File extends PinnedFile>(
  bronze: readonly BronzeInput[],
  waiting: readonly File[],
  context: QueryContext,
  choose: (waiting: readonly File[], pinned: PinnedQuery) => Promise<readonly File[]> = async all => all,
): Promise<PreparedQuery<File>> {
  const { store, layout } = context
  const text = await context.query()
  const views = findViews(text, layout.roots)
  const [reviews, customers, ...others] = await Promise.all([
    inspectReviews(store, layout.roots.reviews, bronze, []),
    asks(text.sql, views.customers) ? lookAtTable(views.customers, context) : unread(views.customers),
    ...[...views.others, ...views.guessed].map(table => lookAtTable(table, context)),
  ])
  const tables: Tables = {
    customers,
    others: others.filter(({ files }, i) => i < views.others.length || files.length > 0),
  }
  refuseUnknown(reviews, views, context)
  const pin = async (schemas: readonly InspectedFile[]) => {
    const fitted = await compileOver(text.sql, views, schemas, tables, context)
    const { dimensions, joins } = fitted.query
    const pinned = dimensions.map(async (dimension, i) => {
      const read = tablesOf(dimension, tables)
      for (const { table, needed } of read) {
        checkTable(table, needed)
        if (table.files.length === 0) throw noFiles(table)
      }
      const join = elementAt(joins, i)
      const own = read.map(({ table }) => table)
      const pinned = await pinDimension(dimension, join, own)
      if (join.keys.length === 0) checkPairs(pinned, schemas)
      return pinned
    })
    return { ...fitted, dimensions: await Promise.all(pinned) }
  }
  const pinned = await pin(reviews.schemas)
  const parked = await choose(waiting, pinned)
  if (parked.length === 0) return { ...pinned, parked, rows: reviews.rows }
  const { schemas, rows } = await inspectReviews(store, layout.roots.reviews, [], parked)
  return { ...(await pin([...reviews.schemas, ...schemas])), parked, rows: reviews.rows + rows }
}

/** Without bronze.sql the first files say what columns there are: one of them must be readable. */
function refuseUnknown(
  { schemas, faults }: Awaited<ReturnType<typeof inspectReviews>>,
  views: Views,
  { layout, state }: QueryContext,
): void {
  const fault = faults.find(each => each instanceof UnreadableFile) ?? faults[0]
  if (!fault || views.reviews.declared || schemas.length > 0 || state.reviews.length > 0) return
  throw nothingKnown(layout, fault)
}

function nothingKnown({ roots }: Layout, fault: FileFault): ReviewsUnreadable {
  const remedy =
    fault instanceof UnreadableFile ? 'put a Parquet file there, or declare the columns in bronze.sql' : 'run again'
  return new ReviewsUnreadable(
    `the columns of ${roots.reviews} are not known yet, and no file there can be read: ${fault.message}: ${remedy}`,
    { cause: fault },
  )
}

interface Tables {
  readonly customers: FoundTable
  readonly others: readonly FoundTable[]
}

interface ReadTable {
  readonly table: FoundTable
  readonly needed: readonly string[] | undefined
}

/** The tables that a dimension is made of: its own, those that its query reads, or none. */
function tablesOf(dimension: Dimension, { customers, others }: Tables): ReadTable[] {
  const { name, table = name, values, plan, needed } = dimension
  const find = (wanted: string, needed: readonly string[] | undefined): ReadTable[] => {
    const found = [customers, ...others].find(each => each.name === wanted)
    return found ? [{ table: found, needed }] : []
  }
  if (values) return []
  if (!plan) return find(table, needed)
  return [...scannedTables(plan.root)].flatMap(([name, columns]) =>
    find(
      name,
      columns.map(column => column.name.toLowerCase()),
    ),
  )
}

function asks(sql: string, { view }: DeclaredView): boolean {
  return sql.toLowerCase().includes(view.toLowerCase())
}

/** Compiles the query over the columns that bronze.sql declares, or over those of the files. */
async function compileOver(
  sql: string,
  views: Views,
  schemas: readonly FileSchema[],
  { customers, others }: Tables,
  { state, time, layout, timestamps = 'int64' }: QueryContext,
): Promise<FittedQuery> {
  const { declared, view } = views.reviews
  const compile = async (columns: readonly FileColumn[]) => {
    const query = await compileQuery({
      sql,
      reviews: { view, columns, declared: declared !== null },
      customers: { view: customers.view, columns: customers.columns },
      dimensions: others.map(({ name, view, columns }) => ({ name, view, columns })),
      now: BigInt(Date.parse(time)) * 1000n,
    })
    return { ...query, output: spelledAs(state.schema, query.output), timestamps }
  }
  try {
    return await (declared ? fitDeclared(declared, state, compile) : fitQuery(schemas, state, compile))
  } catch (error) {
    if (error instanceof FileFault) throw nothingKnown(layout, error)
    if (!(error instanceof InvalidQuery)) throw error
    // files that are not there or do not fit explain why the query does not find their columns
    for (const table of [customers, ...others].filter(each => asks(sql, each))) {
      if (table.columns.length === 0) throw noFiles(table, error)
      checkTable(table, undefined, error)
    }
    throw error
  }
}

/** Pairs that a join without a key may compare for one file: some two minutes of a worker. */
const MOST_PAIRS = 1_000_000_000

function checkPairs({ name, rows }: PinnedDimension, files: readonly InspectedFile[]): void {
  const large = files.find(file => file.rows * rows > MOST_PAIRS)
  if (!large) return
  throw new JoinTooLarge(
    `the join with ${name} has no equality, so each of the ${count(large.rows)} rows of ${large.key} would be compared with ${count(rows)}: at most ${count(MOST_PAIRS)} pairs are compared for one file`,
  )
}

function noFiles({ name, root }: FoundTable, cause?: Error): DimensionUnreadable {
  // what the query says of columns is left out: without a file there are none
  return new DimensionUnreadable(`there are no ${name} under ${root}: put their Parquet files there`, { cause })
}
