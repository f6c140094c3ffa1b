import { PlanExpired } from '../base/errors.ts'
import { orUndefined } from '../base/or-undefined.ts'
import { blaming } from '../engine/sources/file-fault.ts'
import { parkedSource } from '../engine/sources/open-source.ts'
import { readOrigins } from '../engine/sources/provenance.ts'
import type { Lake } from '../lake/lake.ts'
import { type FoldedLog, type ParkedState, voidIn } from '../log/fold.ts'
import { columnsOf, readFooter } from '../parquet/metadata/footer.ts'
import { readColumns } from '../parquet/values/read-columns.ts'
import { readBatchPlan } from '../protocol/plan.ts'
import { plannedPlace } from '../protocol/writers.ts'
import { columnsUsed } from '../sql/evaluate.ts'
import { columnNamed } from './known-column.ts'
import { lacksIn } from './lacks.ts'
import type { ReadableLake } from './readable-lake.ts'

/** A review that waits for its customer. */
export interface ParkedReview {
  readonly id: string | null
  /** Its customer's id, or the key of the dimension that it waits for. */
  readonly customer: string | null
  /** What it waits for, where the query joins several. */
  readonly dimension?: string
  /** When it was first parked, ISO 8601; of a file that several runs have filled the oldest. */
  readonly since: string
  /** The batch that parked it. */
  readonly batch: string
  /** The bronze file that it stands in, and its row there from 0. */
  readonly bronze: string
  readonly row: number
}

/** The columns that hold a review's id and its customer's; the customer's is the query's join key if not given. */
export interface ParkedColumns {
  readonly id: string
  readonly customer: string | undefined
}

/** The reviews that wait, those parked first before the others. Throws UnreadableFile for a parked file that is damaged. */
export async function* parkedReviews(
  lake: ReadableLake,
  state: FoldedLog,
  columns: ParkedColumns,
): AsyncGenerator<ParkedReview> {
  const files = [...state.parked.values()].sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0))
  for (const file of files) yield* await reviewsOf(lake, state, file, columns)
}

/** The reviews of one parked file that wait. Throws UnreadableFile for one that is damaged, ObjectMissing for one that is gone. */
export async function reviewsOf(
  lake: ReadableLake,
  state: FoldedLog,
  file: ParkedState,
  columns: ParkedColumns,
): Promise<ParkedReview[]> {
  const isVoid = voidIn(state.superseded)
  const origins = await readOrigins(lake.store, file.key, lake.codecs)
  const customer = columns.customer ?? (await keyColumns(lake, state, file.batch))[0] ?? 'customer_id'
  const lacks = columns.customer === undefined ? await lacksIn(lake, state, file) : undefined
  const [ids, customers] = await valuesOf(lake, file, [columns.id, customer])
  const { since, batch } = file
  return origins.flatMap(({ key: bronze, etag, row }, i) => {
    if (isVoid(file.key, { key: bronze, etag })) return []
    const lack = lacks?.[i]
    const found = { id: ids?.[i] ?? null, customer: lack?.key ?? customers?.[i] ?? null, since, batch, bronze, row }
    return [{ ...found, ...(lack && { dimension: lack.dimension }) }]
  })
}

/**
 * The columns of reviews in the keys of what a review of a batch may wait for, the inner joins', each once; of any join where
 * there are none. Empty where the batch's plan is gone.
 */
export async function keyColumns({ store, layout }: Lake, state: FoldedLog, id: string): Promise<string[]> {
  const batch = state.batchOf(id)
  const plan = batch && (await orUndefined(readBatchPlan(store, layout.query(plannedPlace(batch))), PlanExpired))
  const joins = plan?.query.joins ?? []
  const inner = joins.filter(({ kind }) => kind === 'inner')
  const keys = (inner.length > 0 ? inner : joins).flatMap(join => join.keys)
  const columns = keys.flatMap(({ left }) => columnsUsed(left)).filter(({ view }) => view === 'reviews')
  return [...new Set(columns.map(({ name }) => name))]
}

/** The values of columns as texts, named in any case; undefined for a column that the file does not have. */
async function valuesOf(
  { store, codecs }: ReadableLake,
  file: ParkedState,
  wanted: readonly string[],
): Promise<((string | null)[] | undefined)[]> {
  const source = parkedSource(store, file, [])
  const known = columnsOf(await blaming(file.key, () => readFooter(source)))
  const names = wanted.map(name => columnNamed(known, name))
  const columns = names.filter(name => name !== undefined)
  if (columns.length === 0) return names.map(() => undefined)
  const values = await blaming(file.key, () => readColumns(source, columns, codecs))
  return names.map(name => {
    if (name === undefined) return undefined
    return values[columns.indexOf(name)]?.map(value => (value === null || value === undefined ? null : String(value)))
  })
}
