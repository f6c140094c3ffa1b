import * as v from 'valibot'
import { sha256 } from '../base/bytes.ts'
import { FormatMismatch, InvalidInput, ObjectMissing, PlanExpired, ResultRefused } from '../base/errors.ts'
import { orUndefined } from '../base/or-undefined.ts'
import { parseShape } from '../base/parse-shape.ts'
import { isAttemptId, isBatchId } from '../lake/ids.ts'
import type { Lake } from '../lake/lake.ts'
import type { AttemptIds, Layout } from '../lake/layout.ts'
import type { Store } from '../lake/store.ts'
import type { CompiledQuery } from '../sql/compiled.ts'
import type { Column } from '../sql/types.ts'
import type { BatchCommit, ParkedFile, SupersededFile } from './commit.ts'
import { checkFormat } from './format.ts'
import { fromPersisted, PLAN_NAMES, toPersisted } from './persisted-names.ts'
import type { PinnedDimension, PinnedFile } from './pinned-dimension.ts'
import { withDimensions } from './single-join-plan.ts'
import { decodeTypes, encodeTypes } from './type-json.ts'

export type { PinnedDimension, PinnedFile } from './pinned-dimension.ts'

/** What all items of an attempt share: `query.json`. Written before `plan.json`, which it names by its hash. */
export interface BatchPlan
  extends Pick<BatchCommit, 'format' | 'batch' | 'attempt' | 'ingestDate' | 'absorbs' | 'execution' | 'input'> {
  readonly operation: 'append' | 'replace'
  /** When the pass was planned, ISO 8601: the query's `current_timestamp`. */
  readonly plannedAt: string
  readonly seen: SeenLog
  readonly query: CompiledQuery
  /** Those of the query's joins, in their order. */
  readonly dimensions: readonly PinnedDimension[]
  readonly unmatched: 'park' | 'drop'
  /** A replace: parked files of the batch, whose rows are left out because they belong to those files. */
  readonly excluded: readonly string[]
  /** The parked files among the items. */
  readonly parked: readonly ParkedInput[]
  /** A replace: parked files of the batch that can't be read: their rows are read again where they came from. */
  readonly reclaimed: readonly Pick<ParkedFile, 'key' | 'since'>[]
  /** Bronze versions that others have replaced: what the named parked files hold of them is left out. */
  readonly superseded: readonly SupersededFile[]
  /** Those that this batch itself replaces. */
  readonly supersedes: readonly SupersededFile[]
  /** Bronze and parked files, their bytes and, where their footers were read, their rows. */
  readonly files: number
  readonly bytes: number
  readonly rows: number
  /** How many items `plan.json` has, and the hex SHA-256 of its bytes. */
  readonly items: number
  readonly plan: string
}

/** The log as the plan saw it: Commit looks at every version after it. */
export interface SeenLog {
  /** -1 for an empty log. */
  readonly version: number
  /** The attempt of the commit at that version: if it is another one, the log has been rebuilt since. */
  readonly attempt: string
  /** The snapshot it was read from, or -1. */
  readonly snapshot: number
  readonly schema: readonly Column[]
}

/** One join worker's work: bronze files or parked files, never both. `plan.json` is an array of these. */
export interface Item {
  /** From 0. */
  readonly item: number
  readonly bronze: readonly BronzeInput[]
  readonly parked: readonly PinnedFile[]
}

export interface BronzeInput extends PinnedFile {
  /** ISO 8601. */
  readonly modified: string
  /** Why it does not fit the other files, if Plan saw that: Join quarantines it unread. */
  readonly misfit?: string
}

/** A parked file whose rows are tried again. */
export type ParkedInput = Omit<ParkedFile, 'snapshot' | 'join' | 'fault'>

const workSchema = v.object({ format: v.unknown(), query: v.string() })

/**
 * The key of query.json in a worker's input `{format, query}`. Throws FormatMismatch for another version's input, InvalidInput
 * for anything but the key of a plan in this lake.
 */
export function parseQueryKey(input: unknown, layout: Layout): string {
  const { format, query } = parseShape(workSchema, input, '{"format", "query"}')
  checkFormat(format, 'the input')
  const root = `${layout.hidden}runs/`
  const [batch = '', attempt = '', name, ...rest] = query.slice(root.length).split('/')
  const known = query.startsWith(root) && isBatchId(batch) && isAttemptId(attempt) && name === 'query.json'
  if (!known || rest.length > 0) throw new InvalidInput(`query must be a key ${root}<batch>/<attempt>/query.json`)
  return query
}

/**
 * Reads what the items of an attempt share. Throws FormatMismatch if another version of the code planned it, PlanExpired if it
 * is gone.
 */
export async function readBatchPlan(store: Store, key: string): Promise<BatchPlan> {
  try {
    const read: BatchPlan = fromPersisted(JSON.parse(new TextDecoder().decode(await store.get(key))), PLAN_NAMES)
    checkFormat(read.format, key)
    const { seen } = read
    const { query, dimensions } = withDimensions(read)
    return {
      ...read,
      ...decodeTypes<Pick<BatchPlan, 'seen' | 'query' | 'dimensions'>>({ seen, query, dimensions }, key),
    }
  } catch (error) {
    if (!(error instanceof ObjectMissing)) throw error
    throw new PlanExpired(`the plan ${key} was removed: start a new execution`, { cause: error })
  }
}

/** The plan of an attempt; undefined where it is gone, or another version of the code made it. */
export function findPlan({ store, layout }: Lake, ids: AttemptIds): Promise<BatchPlan | undefined> {
  return orUndefined(readBatchPlan(store, layout.query(ids)), PlanExpired, FormatMismatch)
}

/** Reads a plan by the key of its query.json, with exactly the items that it was made with. */
export async function readPlanned(store: Store, query: string): Promise<{ plan: BatchPlan; items: Item[] }> {
  const key = query.replace(/query\.json$/, 'plan.json')
  const reading = store.get(key)
  reading.catch(() => undefined) // thrown when it is awaited
  const plan = await readBatchPlan(store, query)
  return { plan, items: await checkItems(await reading, plan, key) }
}

/** Reads exactly the items that a plan was made with. */
export async function readItems(store: Store, layout: Layout, plan: BatchPlan): Promise<Item[]> {
  const key = layout.plan(plan)
  return checkItems(await store.get(key), plan, key)
}

async function checkItems(bytes: Uint8Array<ArrayBuffer>, { plan }: BatchPlan, key: string): Promise<Item[]> {
  if ((await sha256(bytes)) !== plan) {
    throw new ResultRefused(`${key} is not the plan that its query.json names: start a new execution`)
  }
  return JSON.parse(new TextDecoder().decode(bytes))
}

/** One item of a plan, by its number. Throws InvalidInput if the plan has no such item. */
export async function readItem(store: Store, layout: Layout, plan: BatchPlan, number: number): Promise<Item> {
  const item = (await readItems(store, layout, plan))[number]
  if (!item) throw new InvalidInput(`${layout.plan(plan)} has no item ${number}`)
  return item
}

/**
 * Writes a plan: query.json first, plan.json second, each put-if-absent. An earlier invocation of the same pass may have
 * written them: if its plan is whole, that one counts and is returned; if it died between the two, the pass is void
 * (undefined), and the next pass gets an attempt of its own.
 */
export async function writePlan(
  store: Store,
  layout: Layout,
  plan: Omit<BatchPlan, 'items' | 'plan'>,
  items: readonly Item[],
): Promise<BatchPlan | undefined> {
  const encoder = new TextEncoder()
  const list = encoder.encode(JSON.stringify(items))
  const mine: BatchPlan = { ...plan, items: items.length, plan: await sha256(list) }
  const { seen, query, dimensions } = mine
  const typed = encodeTypes({ seen, query, dimensions })
  const body = encoder.encode(JSON.stringify(toPersisted({ ...mine, ...typed }, PLAN_NAMES)))
  const { written } = await store.put(layout.query(mine), body, { ifNoneMatch: '*' })
  const agreed = written ? mine : await readBatchPlan(store, layout.query(mine))
  if (agreed.plan === mine.plan) {
    await store.put(layout.plan(mine), list, { ifNoneMatch: '*' })
    return agreed
  }
  const there = await orUndefined(store.get(layout.plan(mine)), ObjectMissing)
  return there && (await sha256(there)) === agreed.plan ? agreed : undefined
}
