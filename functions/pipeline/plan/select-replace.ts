import { InvalidInput } from '../../base/errors.ts'
import { versionName } from '../../lake/keys.ts'
import { type BatchState, sincesOf } from '../../log/batch-state.ts'
import { type Log, type SupersededVersion, voidIn } from '../../log/fold.ts'
import type { ExecutionInput } from '../../protocol/input.ts'
import { writerOfFile, writersOf } from '../../protocol/writers.ts'
import type { ChangedFile } from './candidates.ts'

type Reprocess = NonNullable<ExecutionInput['reprocess']>

/**
 * The batches that an input asks to write again, without those that the execution has written or had to leave as they
 * are. Rows that were parked and have come out since lie in another batch than the rest of their file: where files are
 * asked for, the batches that took their rows in come with them, after those that hold the files.
 */
export async function selectBatches(
  log: Log,
  reprocess: Reprocess,
  { done, skipped }: { readonly done: readonly string[]; readonly skipped: readonly string[] },
  changed: readonly ChangedFile[],
): Promise<BatchState[]> {
  const all = [...log.state.batches.values()].sort((a, b) => a.since - b.since)
  const [written, left] = [new Set(done), new Set(skipped)]
  // what was packed into a batch since it was written again has to be written again too; and a batch of which a part is older than
  // one that parked rows for another part may have been written before the versions of those were superseded
  const isAgain = (batch: BatchState) => 'changed' in reprocess && tookInVoid(batch, log.state.superseded)
  const isOver = (batch: BatchState) =>
    left.has(batch.batch) || (writersOf(batch).every(each => written.has(each.batch)) && !isAgain(batch))
  const selected = (await matching(all, log, reprocess, changed)).filter(batch => !isOver(batch))
  if (!('after' in reprocess) || reprocess.after === undefined) return selected
  const { after } = reprocess
  const last = log.state.sinceOf(after)
  if (last === undefined) throw new InvalidInput(`execution input: reprocess.after: the log has no batch ${after}`)
  return selected.filter(batch => sincesOf(batch).some(since => since > last))
}

async function matching(
  all: readonly BatchState[],
  log: Log,
  reprocess: Reprocess,
  changed: readonly ChangedFile[],
): Promise<readonly BatchState[]> {
  if ('batches' in reprocess) {
    const named = reprocess.batches.map(id => {
      const batch = log.state.batchOf(id)
      if (!batch) throw new InvalidInput(`execution input: reprocess.batches: the log has no batch ${id}`)
      return batch
    })
    return [...new Set(named)]
  }
  if ('all' in reprocess) return all
  if ('from' in reprocess) return withTakers(all, await holdersOf(log, reprocess.from, reprocess.to))
  // The batches of the changed files first, which makes their old versions superseded; then those that took in rows which had
  // been parked of such versions. What is superseded stands in the log, so that a second run can finish what the first began.
  const batches = new Set(changed.map(({ batch }) => batch))
  const holders = all.filter(({ batch }) => batches.has(batch))
  const takers = all.filter(each => !batches.has(each.batch) && tookInVoid(each, log.state.superseded))
  return [...holders, ...takers]
}

/** The batches that hold a file written in a range of time. */
async function holdersOf(log: Log, from: string, to: string): Promise<Set<string>> {
  const holders = new Set<string>()
  for await (const { modified, batch, reason } of log.bronze()) {
    if (reason === undefined && modified >= from && modified < to) holders.add(batch)
  }
  return holders
}

/** Batches, and those that took in what they or their takers had parked. */
function withTakers(all: readonly BatchState[], holders: ReadonlySet<string>): BatchState[] {
  const parked = new Set<string>()
  const isSelected = ({ batch, unparked }: BatchState) =>
    holders.has(batch) || unparked.some(({ key }) => parked.has(key))
  // a parker comes first in the order of the log, but where another batch, which is older, has absorbed the taker
  for (let known = -1; known < parked.size; ) {
    known = parked.size
    for (const batch of all) if (isSelected(batch)) for (const key of batch.everParked) parked.add(key)
  }
  return all.filter(isSelected)
}

/** Whether a batch shows rows of a version that was replaced since. */
function tookInVoid(batch: BatchState, superseded: readonly SupersededVersion[]): boolean {
  return batch.unparked.some(file => {
    const { version } = writerOfFile(batch, file)
    const isVoid = voidIn(superseded.filter(each => each.version > version))
    return file.bronze.some(each => isVoid(file.key, each))
  })
}

/** The parked files that may hold rows of a bronze version of this batch, whether they still wait or not. */
export function parkedOf(
  version: { readonly key: string; readonly etag: string },
  { everParked }: BatchState,
  { state }: Log,
): string[] {
  const name = versionName(version)
  const taken = [...state.batches.values()].flatMap(({ unparked }) => unparked)
  const holding = [...state.parked.values(), ...taken].filter(({ bronze }) => {
    return bronze.some(each => versionName(each) === name)
  })
  return [...new Set([...everParked, ...holding.map(({ key }) => key)])]
}
