import { mapConcurrently } from '../../base/concurrently.ts'
import { BrokenLog } from '../../base/errors.ts'
import { blaming, FileFault } from '../../engine/sources/file-fault.ts'
import type { Lake } from '../../lake/lake.ts'
import type { BatchState } from '../../log/batch-state.ts'
import { needCommit } from '../../log/read.ts'
import { columnsOf, readFooter } from '../../parquet/metadata/footer.ts'
import { sideBySide } from './choose-batches.ts'
import type { BatchNow } from './describe-packed.ts'
import { openPackable, type PackableFile } from './pack-files.ts'

/** A batch with its files opened. */
export interface OpenBatch extends BatchNow {
  readonly files: readonly PackableFile[]
}

/** A batch of which a file is gone, or not as the log says. */
export interface FaultyBatch {
  readonly batch: BatchState
  readonly reason: string
}

/** Batches opened at once. */
const CONCURRENCY = 8

/** As much as a batch that a run makes has at most, by default: so much has to be joined at once when it is written again. */
const MOST_SOURCES = 5000
const MOST_BYTES = 64 * 2 ** 30

/** Opens batches, in their order. Throws BrokenLog where the log lacks a commit of one. */
export async function openBatches(
  lake: Lake,
  batches: readonly BatchState[],
): Promise<{ readonly open: readonly OpenBatch[]; readonly faulty: readonly FaultyBatch[] }> {
  const all = await mapConcurrently(batches, CONCURRENCY, batch => openBatch(lake, batch))
  return {
    open: all.flatMap(each => ('files' in each ? [each] : [])),
    faulty: all.flatMap(each => ('reason' in each ? [each] : [])),
  }
}

async function openBatch({ store, layout }: Lake, batch: BatchState): Promise<OpenBatch | FaultyBatch> {
  const commit = await needCommit(store, layout, batch.version)
  if (commit.operation === 'abandon') {
    throw new BrokenLog(
      `${layout.commit(batch.version)} is not a commit of batch ${batch.batch}: npx silversmith rebuild`,
    )
  }
  try {
    return { batch, commit, files: await openPackable(store, layout.roots.silver + batch.location, batch.silver) }
  } catch (error) {
    if (!(error instanceof FileFault)) throw error
    return { batch, reason: error.message }
  }
}

/**
 * Batches that can be put together, in their order: their files have the same columns, and together they are no more than can be
 * joined at once, nor larger than `mostBytes`. A batch whose own files differ is alone. Throws FileFault for a damaged file.
 */
export async function divide(
  batches: readonly OpenBatch[],
  mostBytes = MOST_BYTES,
): Promise<readonly (readonly OpenBatch[])[]> {
  if (batches.length < 2) return [batches]
  const named = await mapConcurrently(batches, CONCURRENCY, async batch => ({ batch, columns: await columnsIn(batch) }))
  const alike = Map.groupBy(named, ({ columns, batch }) => columns ?? batch.batch.batch)
  return [...alike.values()].flatMap(some =>
    cut(
      some.map(({ batch }) => batch),
      mostBytes,
    ),
  )
}

/** The columns of a batch's files; undefined where they differ. */
async function columnsIn({ files }: OpenBatch): Promise<string | undefined> {
  const all = await Promise.all(
    files.map(async file => JSON.stringify(columnsOf(await blaming(file.key, () => readFooter(file))))),
  )
  return new Set(all).size === 1 ? all[0] : undefined
}

/** Batches side by side, as many as do not exceed what can be joined at once, nor `mostBytes`. */
function cut(batches: readonly OpenBatch[], mostBytes: number): OpenBatch[][] {
  return sideBySide(batches, [MOST_SOURCES, Math.min(MOST_BYTES, mostBytes)], ({ commit }) => {
    const { bronze, unparked, silver } = commit
    const sizes = [bronze, silver].map(files => files.reduce((sum, file) => sum + file.size, 0))
    return [bronze.length + unparked.length, Math.max(...sizes)]
  })
}
