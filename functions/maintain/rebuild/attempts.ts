import { mapConcurrently } from '../../base/concurrently.ts'
import { orUndefined } from '../../base/or-undefined.ts'
import { isAttemptId, isBatchId } from '../../lake/ids.ts'
import type { Lake } from '../../lake/lake.ts'
import { type AttemptIds, type Layout, partName } from '../../lake/layout.ts'
import type { Store } from '../../lake/store.ts'
import { type BatchPlan, findPlan } from '../../protocol/plan.ts'
import { readSilverResult, type SilverResult } from '../../protocol/result.ts'

/** An attempt as its own files describe it. */
export interface FoundAttempt extends AttemptIds {
  readonly location: string
  readonly results: readonly SilverResult[]
  /** The end of the log that its plan saw, as far as that is known: it proves that commit. */
  readonly seen?: SeenEnd | undefined
  /** Why it can't have been committed, or must not be; undefined for a whole attempt. */
  readonly broken: string | undefined
}

export interface SeenEnd {
  readonly version: number
  readonly attempt: string
}

/** Footers read at once. */
const CONCURRENCY = 32

/** Reads all attempts that lie in silver, oldest first, from nothing but their files. */
export async function findAttempts(store: Store, layout: Layout): Promise<FoundAttempt[]> {
  const keys = new Map<string, { batch: string; attempt: string; keys: string[] }>()
  for await (const { key } of store.list(`${layout.roots.silver}ingest_date=`)) {
    const [day = '', batchPart = '', attempt = ''] = key.slice(layout.roots.silver.length).split('/')
    const batch = batchPart.replace(/^batch=/, '')
    if (!isBatchId(batch) || !isAttemptId(attempt)) continue
    const location = `${day}/${batchPart}/${attempt}/`
    const found = keys.get(location) ?? { batch, attempt, keys: [] }
    keys.set(location, found)
    found.keys.push(key)
  }
  const attempts: FoundAttempt[] = []
  for (const [location, { batch, attempt, keys: files }] of keys) {
    const read = await mapConcurrently(files, CONCURRENCY, key => readOrReason(store, key))
    const reason = read.find(each => typeof each === 'string')
    const results = read.filter(each => typeof each === 'object').sort((a, b) => a.result.item - b.result.item)
    const place = `${layout.roots.silver}${location}`
    const broken = reason ?? incomplete(results, files, place) ?? refused(results)
    const seen = results[0]?.result.seen ?? (await readPlan({ store, layout }, { batch, attempt }))?.seen
    attempts.push({ batch, attempt, location, results, seen, broken })
  }
  return attempts.sort((a, b) => (a.attempt < b.attempt ? -1 : 1))
}

/** The plan of an attempt; undefined where it is gone, or can't be read. */
export function readPlan(lake: Lake, ids: AttemptIds): Promise<BatchPlan | undefined> {
  return orUndefined(findPlan(lake, ids), SyntaxError)
}

async function readOrReason(store: Store, key: string): Promise<SilverResult | string> {
  try {
    return (await readSilverResult(store, key)) ?? `${key} is gone`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** An attempt is whole when each of its items has written its file, all by the same plan. */
function incomplete(results: readonly SilverResult[], keys: readonly string[], place: string): string | undefined {
  const [first] = results
  if (!first) return 'it has no files'
  const { items, plan } = first.result
  if (results.length !== items) return `it has ${results.length} of ${items} files`
  const names = new Set(keys)
  const stray = results.find(({ result }, i) => {
    return result.item !== i || result.plan !== plan || !names.has(place + partName(result.item))
  })
  return stray ? `its file ${stray.result.item} is of another plan` : undefined
}

/** A batch is written again whole, or stays as it is. */
function refused(results: readonly SilverResult[]): string | undefined {
  const left = results.flatMap(({ result }) => {
    return result.operation === 'replace' ? [...result.quarantined, ...result.deferred] : []
  })
  return left[0] && `it was to write its batch again without ${left[0].key}`
}

/** The bronze keys whose rows an attempt joined. */
export function joinedBy({ results }: FoundAttempt): string[] {
  return results.flatMap(({ result }) => result.bronze.map(fileKey))
}

/** The parked files whose rows an attempt took in. */
export function unparkedBy({ results }: FoundAttempt): string[] {
  return results.flatMap(({ result }) => result.unparked.map(fileKey))
}

/** The parked files that belong to an attempt's batch, as far as the attempt shows: it wrote them, or left their rows out. */
export function parkedBy({ results }: FoundAttempt): string[] {
  return results.flatMap(({ result }) => [...result.parked.map(fileKey), ...result.excluded])
}

/** Whether an attempt wrote a parked file. */
export function wrote({ results }: FoundAttempt, key: string): boolean {
  return results.some(({ result }) => result.parked.some(file => file.key === key))
}

/** The batches that were packed into an attempt's batch. */
export function absorbedIn({ results }: FoundAttempt): readonly string[] {
  return results[0]?.result.absorbs ?? []
}

/** An attempt's batch, and those that were packed into it. */
export function idsIn(found: FoundAttempt): readonly string[] {
  return [found.batch, ...absorbedIn(found)]
}

/** The key of a file that a commit or a result names. */
export function fileKey({ key }: { readonly key: string }): string {
  return key
}

/** The rows that a query sees of an attempt. */
export function rowsOf({ results }: FoundAttempt): number {
  return results.reduce((sum, { rows }) => sum + rows, 0)
}
