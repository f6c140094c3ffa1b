import type { Lake } from '../../lake/lake.ts'
import { readCommit } from '../../log/read.ts'
import type { BatchCommit } from '../../protocol/commit.ts'
import { writerOfFile } from '../../protocol/writers.ts'
import type { Unsearched } from './find-rows.ts'
import { isTakenOver } from './taken-over.ts'

/** What became of one occurrence of a review in bronze, as lines of a name and a text. */
export type Story = readonly (readonly [name: string, text: string])[]

/** What is known of a review. */
export interface ReviewExplanation {
  /** One for each place where it stands. */
  readonly stories: readonly Story[]
  readonly unsearched: readonly Unsearched[]
  /** Joined bronze files that are gone or have changed; none where the review was found without them. */
  readonly lost: number
}

/** The lines that say which batch joined a review's file, `by` another batch that was packed into it since. */
export function describeReview(commit: BatchCommit, by?: string): Story {
  const { batch, operation, version, committedAt, attempt, customers, dimensions = [] } = commit
  const none = isTakenOver(commit) ? 'those of the Spark job' : 'the query does not join them'
  return [
    ['batch', `${batch} (${operation}, version ${version}, ${committedAt})`],
    ...(by === undefined ? [] : [['packed', `joined by batch ${by}, which was packed into ${batch}`] as const]),
    ['attempt', attempt],
    ['customers', customers?.snapshot ?? none],
    ...dimensions.map(({ name, snapshot }) => [name, snapshot] as const),
  ]
}

/**
 * A commit with the dimensions that one of its files was joined with: of a packed batch they may be others than those
 * of its newest rows. The commit that wrote the rows says, where a rebuilt log still has it.
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
