import type { Layout } from '../lake/layout.ts'
import type { Store } from '../lake/store.ts'
import type { FoldedLog } from '../log/fold.ts'
import { type Misfit, unionSchemas, widens } from '../query/bind.ts'
import { compileQuery } from '../query/compile.ts'
import type { Column } from '../query/types.ts'
import { CustomersUnreadable } from '../runtime/errors.ts'
import type { BatchPlan, BronzeInput, PinnedFile } from './batch-plan.ts'
import { fitDeclared, fitQuery } from './fit-query.ts'
import { listCustomers, pinCustomers } from './pin-customers.ts'
import { inspectCustomers, inspectReviews } from './sources.ts'
import { findViews, type QueryText } from './views.ts'

export interface QueryContext {
  readonly store: Store
  readonly layout: Layout
  /** The table and the reviews as the log has them. */
  readonly state: Pick<FoldedLog, 'schema' | 'reviews'>
  /** `current_timestamp`, ISO 8601. */
  readonly time: string
  readonly query: () => Promise<QueryText>
}

export interface PreparedQuery extends Pick<BatchPlan, 'query' | 'customers' | 'rows'> {
  /** Files that the query can't be asked of. */
  readonly misfits: readonly Misfit[]
}

/** Reads the schemas of a batch's files and of the customers, compiles the query over them, and pins the customers. */
export async function prepareQuery(
  bronze: readonly BronzeInput[],
  parked: readonly PinnedFile[],
  context: QueryContext,
): Promise<PreparedQuery> {
  const { store, layout, state } = context
  const text = await context.query()
  const views = findViews(text, layout.roots)
  const files = await listCustomers(store, layout.roots.customers)
  const [reviews, customers] = await Promise.all([
    inspectReviews(store, layout.roots.reviews, bronze, parked),
    inspectCustomers(store, layout.roots.customers, files),
  ])
  const customersColumns = declaredCustomers(views.customers.declared, unionSchemas(customers.schemas).columns)
  const compile = (columns: readonly Column[]) =>
    compileQuery({
      sql: text.sql,
      reviews: { view: views.reviews.view, columns },
      customers: { view: views.customers.view, columns: customersColumns },
      now: BigInt(Date.parse(context.time)) * 1000n,
    })
  const { declared } = views.reviews
  const fitted = declared
    ? await fitDeclared(declared, state, compile)
    : await fitQuery(reviews.schemas, state, compile)
  if (fitted.query.join && files.length === 0) {
    throw new CustomersUnreadable(
      `there are no customers under ${layout.roots.customers}: put their Parquet files there`,
    )
  }
  return { ...fitted, customers: await pinCustomers(fitted.query, files, customers.rows), rows: reviews.rows }
}

/** Customers are needed whole: a column that is not what bronze.sql says stops the run. */
function declaredCustomers(declared: readonly Column[] | null, found: readonly Column[]): readonly Column[] {
  if (!declared) return found
  for (const { name, type } of declared) {
    const column = found.find(each => each.name.toLowerCase() === name.toLowerCase())
    if (!column || widens(column.type, type)) continue
    throw new CustomersUnreadable(
      `customers column ${name} is ${column.type} in the files and ${type} in bronze.sql: correct bronze.sql`,
    )
  }
  return declared
}
