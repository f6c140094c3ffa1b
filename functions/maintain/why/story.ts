import type { BatchCommit } from '../../protocol/commit.ts'
import { isTakenOver } from './taken-over.ts'

/** What became of one occurrence of a review in bronze, as lines of a name and a text. */
export type Story = readonly (readonly [name: string, text: string])[]

/** The lines that say which batch joined a review's file. */
export function describeReview(commit: BatchCommit): Story {
  const { batch, operation, version, committedAt, attempt, customers, dimensions = [] } = commit
  const none = isTakenOver(commit) ? 'those of the Spark job' : 'the query does not join them'
  return [
    ['batch', `${batch} (${operation}, version ${version}, ${committedAt})`],
    ['attempt', attempt],
    ['customers', customers?.snapshot ?? none],
    ...dimensions.map(({ name, snapshot }) => [name, snapshot] as const),
  ]
}
