import { ObjectMissing, PlanExpired } from '../base/errors.ts'
import { orUndefined } from '../base/or-undefined.ts'
import { isAttemptId, isBatchId } from '../lake/ids.ts'
import type { Lake } from '../lake/lake.ts'
import type { Layout } from '../lake/layout.ts'
import { readSinkIds } from '../lake/read-spark-sink.ts'
import { parseSink, SPARK_METADATA } from '../lake/spark-sink.ts'
import type { Store } from '../lake/store.ts'
import type { FoldedLog, Log } from '../log/fold.ts'
import { readLog } from '../log/read.ts'
import { readBatchPlan } from '../protocol/plan.ts'
import { findVersionBehind } from './delta/delta-log.ts'
import { lostLog, type Published, readPublished, refuseOtherLog } from './published.ts'
import { findEntryBehind, type Position, readPosition } from './spark-sink/spark-metadata.ts'

/** Reads the log as readLog does. Throws BrokenLog for one that is gone, is shorter than it once was, or is another log. */
export async function readWholeLog(
  store: Store,
  layout: Layout,
  options: { readonly batches: boolean } = { batches: true },
): Promise<{ readonly log: Log; readonly published: Published }> {
  // before the log, which may grow in the meantime
  const [published, position] = await Promise.all([readPublished(store, layout), readPosition(store, layout)])
  const log = await readLog(store, layout, { ...options, near: published.version })
  await refuseLostLog({ store, layout }, published, position, log.state)
  return { log, published }
}

/** Joining again what a log no longer knows would double the table. Throws BrokenLog for a log that is not whole. */
async function refuseLostLog(lake: Lake, published: Published, position: Position, state: FoldedLog): Promise<void> {
  const { store, layout } = lake
  await refuseOtherLog(store, layout, published, state)
  const { version } = state
  const trace =
    version < 0
      ? await findTrace(lake)
      : ((await findEntryBehind(store, layout, state, position)) ??
        (await findStrangeEntry(lake, version, position)) ??
        (published.version < 0 ? await findVersionBehind(store, layout, version) : undefined))
  if (trace === undefined || (await store.head(layout.commit(version + 1)))) return // another run has committed just now
  const reason =
    version < 0
      ? `it has no commits, but ${trace} was written by one`
      : `its last commit has version ${version}, but ${trace} names a later one`
  throw lostLog(layout, reason)
}

/**
 * What the Delta log has after the log's end, or the newest entry for Spark's readers, where it names an attempt that the
 * log does not have. Looked at only where the hint of how far readers have come is gone.
 */
async function findStrangeEntry({ store, layout }: Lake, version: number, position: Position) {
  if (position.version >= 0) return undefined
  const behind = await findVersionBehind(store, layout, version)
  if (behind !== undefined) return behind
  const ids = await readSinkIds(store, `${layout.roots.silver}${SPARK_METADATA}`)
  const newest = ids.get(Math.max(...ids.keys()))
  if (newest === undefined) return undefined
  const { state } = await readLog(store, layout)
  const known = state.attempts()
  // a damaged entry says nothing
  const reading = store.get(newest).then(bytes => parseSink(new TextDecoder().decode(bytes)))
  const told = await orUndefined(reading, SyntaxError, ObjectMissing)
  return told?.some(({ path }) => !known.has(path.split('/').at(-2) ?? '')) ? newest : undefined
}

/** What only a lake with commits has. */
async function findTrace(lake: Lake): Promise<string | undefined> {
  return (
    (await findSinkEntry(lake)) ??
    (await findVersionBehind(lake.store, lake.layout, -1)) ??
    (await findCommittedAttempt(lake))
  )
}

/** An entry for Spark's readers that names a commit; id 0 is there before the first. */
async function findSinkEntry({ store, layout }: Lake): Promise<string | undefined> {
  const ids = await readSinkIds(store, `${layout.roots.silver}${SPARK_METADATA}`)
  return [...ids].find(([id]) => id >= 1)?.[1]
}

/** A silver file that was not planned on an empty log, as those of first runs that died are. */
async function findCommittedAttempt({ store, layout }: Lake): Promise<string | undefined> {
  let last = ''
  for await (const { key } of store.list(`${layout.roots.silver}ingest_date=`)) {
    const [, batchPart = '', attempt = ''] = key.slice(layout.roots.silver.length).split('/')
    const batch = batchPart.replace(/^batch=/, '')
    if (!isBatchId(batch) || !isAttemptId(attempt) || attempt === last) continue
    last = attempt
    const plan = await orUndefined(readBatchPlan(store, layout.query({ batch, attempt })), PlanExpired)
    if (!plan || plan.seen.version >= 0) return key
  }
  return undefined
}
