import type { Lake } from '../../lake/lake.ts'
import { readCommit } from '../../log/read.ts'
import type { BatchCommit } from '../../protocol/commit.ts'
import { writerOfFile } from '../../protocol/writers.ts'

/**
 * A commit with the dimensions that one of its files was joined with: of a packed batch they may be others than those of its newest
 * rows. The commit that wrote the rows tells, where a rebuilt log still has it.
 */
export async function asWritten(
  commit: BatchCommit,
  file: { readonly batch?: string },
  { store, layout }: Lake,
): Promise<BatchCommit> {
  if (!commit.writers) return commit
  const { version, attempt } = writerOfFile(commit, file)
  const wrote = await readCommit(store, layout, version)
  if (wrote?.attempt !== attempt || wrote.operation === 'abandon') return commit
  const { dimensions: _, ...rest } = commit
  return { ...rest, customers: wrote.customers, ...(wrote.dimensions && { dimensions: wrote.dimensions }) }
}
