import type { ByteRange } from '../../base/bytes.ts'
import { mapConcurrently } from '../../base/concurrently.ts'
import { ReplaceRefused, ResultRefused } from '../../base/errors.ts'
import { clockTime } from '../../lake/ids.ts'
import { type Layout, partName } from '../../lake/layout.ts'
import type { ObjectInfo, Store } from '../../lake/store.ts'
import { type BatchDraft, type CommitOutcome, commitBatch, entryAt } from '../../log/append.ts'
import { readCommit } from '../../log/read.ts'
import { readFooter } from '../../parquet/metadata/footer.ts'
import { ParquetError } from '../../parquet/metadata/parquet-error.ts'
import {
  type Commit,
  countRules,
  dimensionsOfCommit,
  type ParkedFile,
  type RejectedFile,
  sumRows,
} from '../../protocol/commit.ts'
import { formatOf } from '../../protocol/format.ts'
import { type BatchPlan, type Item, readPlanned } from '../../protocol/plan.ts'
import { type ItemResult, readSilverResult, type SilverResult } from '../../protocol/result.ts'
import { joinName, triedName } from '../plan/pin-dimensions.ts'
import { refuseViolated } from './check-rules.ts'
import { refusal } from './verify.ts'

export interface CommitDependencies {
  readonly store: Store
  readonly layout: Layout
  /** UTC milliseconds. */
  readonly clock: () => number
}

/** Footers read at once. */
const CONCURRENCY = 32

export type BatchOutcome = (CommitOutcome | { readonly outcome: 'empty' }) & {
  /** The version of the log's snapshot that the plan was made from, -1 for none. */
  readonly snapshot: number
  /** The results of the items, in their order. */
  readonly results: readonly (ItemResult | undefined)[]
}

/**
 * Commits an attempt: reads the results of all its items from their silver files, checks them against the plan and
 * against themselves, and puts the commit. `empty` means that every file was deferred, so that there is nothing to
 * commit. Throws ResultRefused or ReplaceRefused, which name the file, and commits nothing then.
 */
export async function commitAttempt(queryKey: string, dependencies: CommitDependencies): Promise<BatchOutcome> {
  const { plan, items } = await readPlanned(dependencies.store, queryKey)
  const last = entryAt(dependencies.store, dependencies.layout, plan.seen.version)
  last.catch(() => undefined) // thrown where it is waited for
  const silver = await mapConcurrently(items, CONCURRENCY, ({ item }) =>
    readSilverResult(dependencies.store, dependencies.layout.silverFile(plan, item)),
  )
  const outcome = await commitPlan(plan, { items, silver, last }, dependencies)
  return { ...outcome, snapshot: plan.seen.snapshot, results: silver.map(each => each?.result) }
}

/** What is known of an attempt before it is judged. */
interface Attempt {
  readonly items: readonly Item[]
  /** By item; undefined for a file that is gone. */
  readonly silver: readonly (SilverResult | undefined)[]
  /** The last entry of the log that the plan knew. */
  readonly last: ReturnType<typeof entryAt>
}

async function commitPlan(
  plan: BatchPlan,
  { items, silver: results, last }: Attempt,
  dependencies: CommitDependencies,
): Promise<CommitOutcome | { readonly outcome: 'empty' }> {
  const { store, layout } = dependencies
  const verified: SilverResult[] = []
  for (const item of items) {
    const key = layout.silverFile(plan, item.item)
    const silver = results[item.item]
    if (!silver) {
      // what was committed may be superseded and removed since, what was abandoned is removed
      const settled = await findAttempt(store, layout, plan)
      if (settled) return settled
      throw new ResultRefused(`${key} is missing: start a new execution`)
    }
    const reason = refusal(plan, item, silver)
    if (reason !== undefined) throw new ResultRefused(`${key} is refused: ${reason}`)
    verified.push(silver)
  }
  checkReplace(plan, verified)
  refuseViolated(plan, verified)
  const draft = await assemble(plan, verified, dependencies)
  // a worker's death is worth a commit: the files are then joined one by one
  const died = draft.deferred.filter(file => file.died)
  const settles = [...draft.bronze, ...draft.quarantined, ...draft.unparked, ...draft.parked, ...died].length
  if (settles === 0) return { outcome: 'empty' }
  return commitBatch(store, layout, draft, plan.seen, last)
}

/** A replace takes the place of rows that readers have seen: none of its files may be left out. */
function checkReplace(plan: BatchPlan, results: readonly SilverResult[]): void {
  if (plan.operation !== 'replace') return
  const left = results.flatMap(({ result }) => [...result.quarantined, ...result.deferred])
  const [first] = left
  if (!first) return
  throw new ReplaceRefused(
    `batch ${plan.batch} stays as it is: ${left.length} of its files can't be joined, ${first.key} (${first.reason}) among them`,
  )
}

async function assemble(
  plan: BatchPlan,
  silver: readonly SilverResult[],
  { store, layout, clock }: CommitDependencies,
): Promise<BatchDraft> {
  const results = silver.map(({ result }) => result)
  const bronze = results.flatMap(result =>
    result.bronze.map(({ rows, broken, ...file }) => ({
      ...{ ...file, silver: partName(result.item), rows },
      ...(broken && { broken }),
    })),
  )
  const unparked = results.flatMap(result =>
    result.unparked.map(({ key, rows, broken }) => {
      const { etag, size, since, bronze } = parkedFile(plan, key)
      return { key, etag, size, since, bronze, silver: partName(result.item), rows, ...(broken && { broken }) }
    }),
  )
  const rejected = await rejectedFiles(store, silver)
  const deferred = results.flatMap(result => result.deferred)
  return {
    format: formatOf(plan),
    operation: plan.operation,
    batch: plan.batch,
    attempt: plan.attempt,
    ingestDate: plan.ingestDate,
    location: layout.location(plan),
    ...(plan.absorbs && { absorbs: plan.absorbs }),
    committedAt: clockTime(clock()),
    execution: plan.execution,
    input: plan.input,
    query: { sha256: plan.query.sha256, sql: plan.query.sql, comment: plan.query.comment },
    reviews: plan.query.reviews,
    output: plan.query.output.map(({ name, type }) => ({ name, type })),
    ...dimensionsOfCommit(plan.dimensions),
    rows: sumRows([...bronze, ...unparked].map(file => file.rows)),
    silver: silver.map(({ result, size, rows, stats }) => ({ key: partName(result.item), size, rows, stats })),
    bronze,
    unparked,
    parked: await parkedFiles(store, plan, silver),
    excluded: plan.excluded,
    reclaimed: plan.reclaimed.map(({ key }) => key),
    superseded: plan.supersedes,
    ...(plan.query.rules && { rules: countRules(plan.query.rules, [...bronze, ...unparked]) }),
    ...(rejected.length > 0 && { rejected }),
    quarantined: results.flatMap(result => result.quarantined),
    deferred,
  }
}

/** A result names only parked files of its item, which verify has compared, so the plan has them. */
function parkedFile(plan: BatchPlan, key: string): BatchPlan['parked'][number] {
  const file = plan.parked.find(each => each.key === key)
  if (!file) throw new ResultRefused(`parked file ${key} is not in the plan`)
  return file
}

/** The parked files that wait after this commit: new ones, and those that wait on. */
async function parkedFiles(store: Store, plan: BatchPlan, silver: readonly SilverResult[]): Promise<ParkedFile[]> {
  const tried = { snapshot: await triedName(plan.query, plan.dimensions), join: await joinName(plan.query) }
  const fresh = silver.flatMap(({ result }) => result.parked)
  const files = await mapConcurrently(fresh, CONCURRENCY, async ({ key, rows, since, bronze }) => {
    const { etag, size } = await checkRows(store, key, rows)
    return { key, etag, size, rows, ...tried, since, bronze }
  })
  const kept = new Set(silver.flatMap(({ result }) => result.kept.map(file => file.key)))
  const faults = new Map(silver.flatMap(({ result }) => result.deferred.map(fault => [fault.key, fault])))
  const waitOn = plan.parked.flatMap((file): ParkedFile[] => {
    const fault = faults.get(file.key)
    if (fault) return [{ ...file, ...(fault.died ? UNTRIED : tried), fault: fault.reason }]
    return kept.has(file.key) ? [{ ...file, ...tried }] : []
  })
  return [...files, ...waitOn]
}

/** What makes a parked file be tried again whatever the dimensions are. */
const UNTRIED = { snapshot: '', join: '' }

async function rejectedFiles(store: Store, silver: readonly SilverResult[]): Promise<RejectedFile[]> {
  const files = silver.flatMap(({ result }) => result.rejected ?? [])
  return await mapConcurrently(files, CONCURRENCY, async ({ key, rows }) => {
    const { etag, size } = await checkRows(store, key, rows)
    return { key, etag, size, rows }
  })
}

/** Looks at a file of parked or rejected rows that a result names: rows that are not in it would be lost. */
async function checkRows(store: Store, key: string, rows: number): Promise<ObjectInfo> {
  const head = await store.head(key)
  if (!head) throw new ResultRefused(`${key} is missing: start a new execution`)
  const read = (range: ByteRange) => store.get(key, { range, ifMatch: head.etag })
  const { rowGroups } = await readFooter({ ...head, read }).catch(error => {
    if (!(error instanceof ParquetError)) throw error
    throw new ResultRefused(`${key}: ${error.message}: start a new execution`, { cause: error })
  })
  const found = rowGroups.reduce((sum, group) => sum + group.rows, 0)
  if (found !== rows) throw new ResultRefused(`${key} holds ${found} rows, its result says ${rows}`)
  return head
}

/** Looks for what the log says of an attempt since it was planned. */
async function findAttempt(store: Store, layout: Layout, plan: BatchPlan): Promise<CommitOutcome | undefined> {
  for (let version = plan.seen.version + 1; ; version++) {
    const commit: Commit | undefined = await readCommit(store, layout, version)
    if (!commit) return undefined
    if (commit.attempt !== plan.attempt) continue
    if (commit.operation !== 'abandon') return { outcome: 'committed', commit }
    return { outcome: 'conflict', version, reason: `attempt ${plan.attempt} was abandoned` }
  }
}
