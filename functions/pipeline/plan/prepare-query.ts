import { elementAt } from '../../base/at.ts'
import { CustomersUnreadable, ReviewsUnreadable } from '../../base/errors.ts'
import { FileFault, UnreadableFile } from '../../engine/sources/file-fault.ts'
import type { Layout } from '../../lake/layout.ts'
import type { Store } from '../../lake/store.ts'
import type { FoldedLog } from '../../log/fold.ts'
import type { BatchPlan, BronzeInput, PinnedFile } from '../../protocol/plan.ts'
import { compileQuery } from '../../sql/compile.ts'
import type { QueryText } from '../../sql/declare.ts'
import { InvalidQuery } from '../../sql/invalid.ts'
import type { FileSchema, Misfit } from '../../sql/schema/bind.ts'
import type { FileColumn } from '../../sql/types.ts'
import { type FittedQuery, fitDeclared, fitQuery } from './fit-query.ts'
import { checkCustomers, type FoundCustomers, lookAtCustomers } from './look-at-dimension.ts'
import { pinDimension } from './pin-dimensions.ts'
import { inspectReviews } from './sources.ts'
import { findViews } from './views.ts'

export interface QueryContext {
  readonly store: Store
  readonly layout: Layout
  /** The table and the reviews as the log has them. */
  readonly state: Pick<FoldedLog, 'version' | 'schema' | 'reviews'>
  /** `current_timestamp`, ISO 8601. */
  readonly time: string
  readonly query: () => Promise<QueryText>
  readonly ignoreSparkMetadata: boolean
}

/** A query with the dimensions that it joins. */
export type PinnedQuery = Pick<BatchPlan, 'query' | 'dimensions'>

export interface PreparedQuery<File> extends PinnedQuery, Pick<BatchPlan, 'rows'> {
  /** Files that the query can't be asked of. */
  readonly misfits: readonly Misfit[]
  /** The parked files to be joined. */
  readonly parked: readonly File[]
}

type Views = ReturnType<typeof findViews>

/**
 * Reads the schemas of a batch's files and of the customers, compiles the query over them, and pins the customers. Of the
 * parked files it takes, and reads, those that `choose` wants: there may be many, of which the log knows the columns. Throws
 * InvalidQuery, SchemaChanged, and ReviewsUnreadable or CustomersUnreadable where there is nothing to ask the query of.
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
  const [reviews, customers] = await Promise.all([
    inspectReviews(store, layout.roots.reviews, bronze, []),
    lookAtCustomers(context, views.customers.declared),
  ])
  refuseUnknown(reviews, views, context)
  const pin = async (schemas: readonly FileSchema[]) => {
    const fitted = await compileOver(text.sql, views, schemas, customers, context)
    const { dimensions, joins } = fitted.query
    const pinned = await Promise.all(
      dimensions.map(async (dimension, i) => {
        checkCustomers(customers, dimension.needed)
        if (customers.files.length === 0) throw noCustomers(layout)
        return await pinDimension(dimension, elementAt(joins, i), customers.files, customers.rows)
      }),
    )
    return { ...fitted, dimensions: pinned }
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

/** Compiles the query over the columns that bronze.sql declares, or over those of the files. */
async function compileOver(
  sql: string,
  views: Views,
  schemas: readonly FileSchema[],
  customers: FoundCustomers,
  { state, time, layout }: QueryContext,
): Promise<FittedQuery> {
  const { declared, view } = views.reviews
  const compile = (columns: readonly FileColumn[]) =>
    compileQuery({
      sql,
      reviews: { view, columns, declared: declared !== null },
      customers: { view: views.customers.view, columns: customers.columns },
      now: BigInt(Date.parse(time)) * 1000n,
    })
  try {
    return await (declared ? fitDeclared(declared, state, compile) : fitQuery(schemas, state, compile))
  } catch (error) {
    if (error instanceof FileFault) throw nothingKnown(layout, error)
    // it is no wonder that the query does not find the columns of customers files that are not there, or do not fit
    const asks = sql.toLowerCase().includes(views.customers.view.toLowerCase())
    if (!(error instanceof InvalidQuery) || !asks) throw error
    if (customers.columns.length === 0) throw noCustomers(layout, error)
    checkCustomers(customers, undefined, error)
    throw error
  }
}

function noCustomers({ roots }: Layout, cause?: Error): CustomersUnreadable {
  // what the query says of columns is left out: without a file there are none
  return new CustomersUnreadable(`there are no customers under ${roots.customers}: put their Parquet files there`, {
    cause,
  })
}
