import { mapConcurrently } from '../../base/concurrently.ts'
import { BrokenLog, ReplaceRefused } from '../../base/errors.ts'
import type { Layout } from '../../lake/layout.ts'
import type { ObjectInfo, Store } from '../../lake/store.ts'
import { isSameVersion } from '../../lake/versions.ts'
import type { BatchState } from '../../log/batch-state.ts'
import type { Log } from '../../log/fold.ts'
import { needCommit } from '../../log/read.ts'
import type { ParkedFile, SupersededFile, UnparkedFile } from '../../protocol/commit.ts'
import type { BronzeInput, ParkedInput } from '../../protocol/plan.ts'
import { parkedOf } from './select-replace.ts'

/** What a batch is made of, to be joined again. */
export interface ReplaceSources {
  readonly bronze: readonly BronzeInput[]
  readonly parked: readonly ParkedInput[]
  /** The old versions of files that are taken as they are now. */
  readonly supersedes: readonly SupersededFile[]
  /** The batch's parked files, whose rows belong to them. */
  readonly excluded: readonly string[]
  /** Those that wait and are gone or can't be joined: the batch reads their rows again from where they came from. */
  readonly reclaimed: readonly ParkedFile[]
}

/** Files looked at side by side. */
const CONCURRENCY = 32

/**
 * Finds the files of a batch for writing it again. Each must be there, and unchanged unless changes are wanted; else
 * throws ReplaceRefused, which names them, and the batch stays as it is.
 */
export async function findReplaceSources(
  store: Store,
  layout: Layout,
  log: Log,
  batch: BatchState,
  acceptChanged: boolean,
): Promise<ReplaceSources> {
  const commit = await needCommit(store, layout, batch.version)
  if (commit.operation === 'abandon')
    throw new BrokenLog(
      `${layout.commit(batch.version)} is not a commit of batch ${batch.batch}: npx silversmith rebuild`,
    )
  const find = async <T extends { readonly key: string }>(file: T) => ({ file, now: await store.head(file.key) })
  const bronze = await mapConcurrently(commit.bronze, CONCURRENCY, find)
  const taken = await mapConcurrently(commit.unparked, CONCURRENCY, find)
  const own = await mapConcurrently(batch.everParked, CONCURRENCY, key => find({ key }))
  const compared = await mapConcurrently(bronze, CONCURRENCY, async ({ file, now }) => {
    const same = now !== undefined && (await isSameVersion(store, file.key, file.etag, now.etag))
    return { file, now, same }
  })
  const changed = compared.filter(({ now, same }) => now && !same)
  const gone = new Set(own.filter(({ now }) => !now).map(({ file }) => file.key))
  const reclaimed = batch.everParked.flatMap(key => {
    const waiting = log.state.parked.get(key)
    return waiting && (gone.has(key) || waiting.fault !== undefined) ? [waiting] : []
  })
  const back = new Set(reclaimed.map(({ key }) => key))
  const missing = [
    ...[...bronze, ...taken].filter(({ now }) => !now).map(({ file }) => file.key),
    ...[...gone].filter(key => !back.has(key) && emitted(key, log)),
  ]
  const reasons = missing.map(key => `${key} is gone`)
  refuse(batch, reasons, 'restore them')
  if (!acceptChanged) {
    const changes = changed.map(({ file }) => `${file.key} has changed`)
    refuse(batch, changes, 'restore them, or reprocess {"changed": true} to take them as they are')
  }
  return {
    // the log's etag stays where it means the same: parked rows name their file's version by it
    bronze: compared.flatMap(({ file, now, same }) => (now ? [asInput(same ? { ...now, etag: file.etag } : now)] : [])),
    parked: taken.flatMap(({ file, now }) => (now ? [parkedInput(file, now)] : [])),
    supersedes: changed.map(({ file: { key, etag } }) => ({ key, etag, parked: parkedOf({ key, etag }, batch, log) })),
    excluded: batch.everParked.filter(key => !gone.has(key) && !back.has(key)),
    reclaimed,
  }
}

/** Whether rows of a parked file are in silver. */
function emitted(key: string, { state }: Log): boolean {
  return [...state.batches.values()].some(({ unparked }) => unparked.some(file => file.key === key))
}

function refuse({ batch }: BatchState, reasons: readonly string[], remedy: string): void {
  if (reasons.length === 0) return
  const more = reasons.length > 5 ? ` and ${reasons.length - 5} more` : ''
  throw new ReplaceRefused(`batch ${batch} stays as it is: ${reasons.slice(0, 5).join(', ')}${more}: ${remedy}`)
}

function asInput({ key, etag, size, modified }: ObjectInfo): BronzeInput {
  return { key, etag, size, modified: new Date(modified).toISOString() }
}

/** A parked file is written once under its name: whatever its etag is now, it is the same file. */
function parkedInput({ key, since, bronze, rows }: UnparkedFile, { etag, size }: ObjectInfo): ParkedInput {
  return { key, etag, size, since, bronze, rows: rows.read }
}
