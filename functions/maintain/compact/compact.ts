import { sha256 } from '../../base/bytes.ts'
import { BrokenLog } from '../../base/errors.ts'
import { FileFault } from '../../engine/sources/file-fault.ts'
import { clockTime, passIds } from '../../lake/ids.ts'
import type { Layout } from '../../lake/layout.ts'
import type { Store } from '../../lake/store.ts'
import { commitBatch } from '../../log/append.ts'
import type { FoldedLog } from '../../log/fold.ts'
import { needCommit, readCommit } from '../../log/read.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import { trySnapshot } from '../../pipeline/commit/commit-pass.ts'
import type { SilverResult } from '../../protocol/result.ts'
import { readWholeLog } from '../../readers/whole-log.ts'
import { type Candidate, chooseBatches, newestRows, QUIET } from './choose-batches.ts'
import { describePacked, draftPacked, type Packing } from './describe-packed.ts'
import { openPackable, packFiles, takeAll } from './pack-files.ts'

export interface CompactOptions {
  readonly store: Store
  readonly layout: Layout
  readonly codecs: Codecs
  /** UTC milliseconds. */
  readonly clock: () => number
  /** The most bytes of files that are packed into one. */
  readonly targetBytes: number
  /** Only batches whose rows were committed before this, UTC milliseconds; 7 days before the newest rows if not given. */
  readonly before?: number | undefined
  /** How many times fewer files are worth a commit; 2 if not given. */
  readonly factor?: number
  readonly dryRun?: boolean
}

/** What became of a batch that was worth packing. Sizes are bytes. */
export interface Compacted {
  readonly batch: string
  /** `kept`: it stays as it is, because somebody else has changed it meanwhile. `refused`: a file of it is damaged or gone. */
  readonly outcome: 'packed' | 'kept' | 'refused' | 'would be packed'
  /** Why it stays. */
  readonly reason: string | null
  readonly files: { readonly before: number; readonly after: number }
  readonly bytes: { readonly before: number; readonly after: number | null }
  readonly rows: number
  /** The version of the commit, null where there is none. */
  readonly version: number | null
}

type Outcome =
  | { readonly outcome: 'packed'; readonly version: number; readonly bytes: number; readonly reason?: never }
  | { readonly outcome: 'kept' | 'refused'; readonly reason: string; readonly version?: never; readonly bytes?: never }
  | { readonly outcome: 'would be packed'; readonly reason?: never; readonly version?: never; readonly bytes?: never }

/**
 * Writes the files of each batch that has many small ones into few, with a commit for each batch: readers see the old files or
 * the new, which hold the same rows. Runs may go on meanwhile. What was done stays when it dies. Throws BrokenLog for a log
 * that is not whole.
 */
export async function compactLake(options: CompactOptions): Promise<Compacted[]> {
  const { store, layout, clock, targetBytes, factor = 2 } = options
  const { state } = (await readWholeLog(store, layout)).log
  const now = clock()
  const before = options.before ?? (newestRows(state) ?? now) - QUIET
  const chosen = chooseBatches(state, { now, before, targetBytes, factor })
  if (options.dryRun) return chosen.map(each => tell(each, { outcome: 'would be packed' }))
  const execution = `compact-${crypto.randomUUID()}`
  const done: Compacted[] = []
  for (const [pass, candidate] of chosen.entries()) {
    await catchUp(state, options)
    const { attempt } = await passIds(execution, pass, clock())
    done.push(tell(candidate, await compactBatch(candidate, attempt, state, options)))
  }
  if (done.length > 0) await trySnapshot(options)
  return done
}

/** Folds in what was committed since. */
async function catchUp(state: FoldedLog, { store, layout }: CompactOptions): Promise<void> {
  for (;;) {
    const commit = await readCommit(store, layout, state.version + 1)
    if (!commit) return
    state.apply(commit)
  }
}

async function compactBatch(
  { batch, groups }: Candidate,
  attempt: string,
  state: FoldedLog,
  options: CompactOptions,
): Promise<Outcome> {
  const { store, layout, codecs, clock } = options
  if (state.batches.get(batch.batch)?.version !== batch.version) {
    return { outcome: 'kept', reason: 'another commit has changed it meanwhile' }
  }
  const commit = await needCommit(store, layout, batch.version)
  if (commit.operation === 'abandon') {
    throw new BrokenLog(`${layout.commit(batch.version)} is no commit of batch ${batch.batch}: npx silversmith rebuild`)
  }
  const ids = { batch: batch.batch, attempt, ingestDate: batch.ingestDate }
  const plan = await sha256(JSON.stringify(groups.map(group => group.map(({ key }) => batch.location + key))))
  const packing = { commit, batch, groups, ids, plan }
  try {
    const files = await openPackable(store, layout.roots.silver + batch.location, batch.silver)
    const query = await takeAll(files, clock())
    const packed: SilverResult[] = []
    let from = 0
    for (const result of describePacked(packing, state)) {
      const some = files.slice(from, from + (groups[result.item]?.length ?? 0))
      packed.push(await packFiles(some, layout.silverFile(ids, result.item), { query, result }, { store, codecs }))
      from += some.length
    }
    const draft = draftPacked(packing, packed, { layout, state, committedAt: clockTime(clock()) })
    const outcome = await commitBatch(store, layout, draft, state)
    if (outcome.outcome === 'committed') {
      const bytes = packed.reduce((sum, { size }) => sum + size, 0)
      return { outcome: 'packed', version: outcome.commit.version, bytes }
    }
    await removeFiles(packing, options)
    return { outcome: 'kept', reason: outcome.reason }
  } catch (error) {
    if (!(error instanceof FileFault)) throw error
    await removeFiles(packing, options)
    return { outcome: 'refused', reason: error.message }
  }
}

/** Removes what was written for an attempt that nobody can commit any more: no other process knows of it. */
async function removeFiles({ groups, ids }: Packing, { store, layout }: CompactOptions): Promise<void> {
  for (const item of groups.keys()) await store.delete(layout.silverFile(ids, item))
}

function tell({ batch, groups }: Candidate, outcome: Outcome): Compacted {
  const { silver } = batch
  return {
    batch: batch.batch,
    outcome: outcome.outcome,
    reason: outcome.reason ?? null,
    files: { before: silver.length, after: groups.length },
    bytes: { before: silver.reduce((sum, { size }) => sum + size, 0), after: outcome.bytes ?? null },
    rows: silver.reduce((sum, { rows }) => sum + rows, 0),
    version: outcome.version ?? null,
  }
}
