import type { Layout } from '../lake/layout.ts'
import type { ObjectVersion, Store } from '../lake/store.ts'
import type { BatchState, OutdatedVersion } from '../log/fold.ts'
import { type Log, readCommit } from '../log/read.ts'
import { mapConcurrently } from '../runtime/concurrently.ts'
import { BrokenLog, InvalidInput, ReplaceRefused } from '../runtime/errors.ts'
import type { BronzeInput, ParkedInput } from './batch-plan.ts'
import type { ChangedFile } from './candidates.ts'
import type { ExecutionInput } from './input.ts'

type Reprocess = NonNullable<ExecutionInput['reprocess']>

/** The batches that an input asks to write again, oldest first; those done already are left out. */
export function selectBatches(
  log: Log,
  reprocess: Reprocess,
  done: readonly string[],
  changed: readonly ChangedFile[],
): BatchState[] {
  const all = [...log.state.batches.values()].sort((a, b) => a.since - b.since)
  const finished = new Set(done)
  return matching(all, reprocess, changed, log.state.outdated).filter(({ batch }) => !finished.has(batch))
}

function matching(
  all: readonly BatchState[],
  reprocess: Reprocess,
  changed: readonly ChangedFile[],
  outdated: readonly OutdatedVersion[],
): BatchState[] {
  if ('batches' in reprocess) {
    const byId = new Map(all.map(batch => [batch.batch, batch]))
    return reprocess.batches.map(id => {
      const batch = byId.get(id)
      if (!batch) throw new InvalidInput(`execution input: reprocess.batches: the log has no batch ${id}`)
      return batch
    })
  }
  if ('from' in reprocess) {
    const { from, to } = reprocess
    return all.filter(({ modified }) => modified !== null && modified.last >= from && modified.first < to)
  }
  // The batches of the changed files first, which makes their old versions outdated; then those that took in rows which had
  // been parked of such versions. What is outdated stands in the log, so that a second run can finish what the first began.
  const batches = new Set(changed.map(({ batch }) => batch))
  const holders = all.filter(({ batch }) => batches.has(batch))
  const takers = all.filter(each => !batches.has(each.batch) && tookIn(each, outdated))
  return [...holders, ...takers]
}

/** Whether a batch shows rows of a version in whose place another was put since. */
function tookIn(batch: BatchState, outdated: readonly OutdatedVersion[]): boolean {
  const since = outdated.filter(({ version }) => version > batch.version)
  return batch.unparked.some(({ bronze }) =>
    bronze.some(({ key, etag }) => since.some(old => old.key === key && old.etag === etag)),
  )
}

/** What a batch is made of, to be joined again. */
export interface ReplaceSources {
  readonly bronze: readonly BronzeInput[]
  readonly parked: readonly ParkedInput[]
  /** The old versions of files that are taken as they are now. */
  readonly outdates: readonly ObjectVersion[]
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
  batch: BatchState,
  acceptChanged: boolean,
): Promise<ReplaceSources> {
  const commit = await readCommit(store, layout, batch.version)
  if (!commit || commit.operation === 'abandon') throw new BrokenLog(`${layout.commit(batch.version)} is missing`)
  const found = await mapConcurrently(commit.bronze, CONCURRENCY, async old => ({
    old,
    now: await store.head(old.key),
  }))
  const missing = found.filter(({ now }) => !now).map(({ old }) => `${old.key} is gone`)
  const changed = found.filter(({ old, now }) => now && now.etag !== old.etag)
  const refused = acceptChanged ? missing : [...missing, ...changed.map(({ old }) => `${old.key} has changed`)]
  if (refused.length > 0) {
    const some = refused.slice(0, 5).join(', ')
    throw new ReplaceRefused(
      `batch ${batch.batch} stays as it is: ${some}${refused.length > 5 ? ` and ${refused.length - 5} more` : ''}: ` +
        'restore the files, or reprocess {"changed": true} to take changed ones as they are',
    )
  }
  return {
    bronze: found.flatMap(({ now }) =>
      now ? [{ key: now.key, etag: now.etag, size: now.size, modified: new Date(now.modified).toISOString() }] : [],
    ),
    parked: commit.unparked.map(({ key, etag, size, since, bronze, rows }) => {
      return { key, etag, size, since, bronze, rows: rows.read }
    }),
    outdates: changed.map(({ old: { key, etag } }) => ({ key, etag })),
  }
}
