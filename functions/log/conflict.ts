import { versionName } from '../lake/keys.ts'
import type { ObjectVersion } from '../lake/store.ts'
import { type BatchCommit, type Commit, coveredBy, settledKeys } from '../protocol/commit.ts'

/**
 * Why a batch can't be committed after another commit that its plan did not see; undefined when they are disjoint.
 * Pure. A batch in conflict is void: what it wrote stays invisible, and its files are planned again.
 */
export function conflictWith(mine: BatchCommit, other: Commit): string | undefined {
  if (other.operation === 'abandon') {
    return other.attempt === mine.attempt ? `attempt ${mine.attempt} was abandoned` : undefined
  }
  const theirBatches = new Set(coveredBy(other))
  const batch = coveredBy(mine).find(id => theirBatches.has(id))
  if (batch !== undefined) return `batch ${batch} was committed by attempt ${other.attempt}`
  // the same rows in other files make no difference to any other batch
  if (mine.operation === 'compact' || other.operation === 'compact') return undefined
  const theirs = new Set(settledKeys(other))
  const key = settledKeys(mine).find(each => theirs.has(each))
  if (key !== undefined) return `bronze file ${key} is in batch ${other.batch}`
  const ended = new Set([...other.unparked.map(file => file.key), ...other.reclaimed])
  // `parked` holds new files and those that go on waiting
  const touched = [...[...mine.unparked, ...mine.parked].map(file => file.key), ...mine.reclaimed]
  const shared = touched.find(each => ended.has(each))
  if (shared !== undefined) return `parked file ${shared} went into batch ${other.batch}`
  const superseded = supersededRows(mine, other) ?? supersededRows(other, mine)
  if (superseded)
    return `rows of ${superseded.key} that batch ${other.batch} shares have been put aside by a newer version`
  return undefined
}

/** A bronze version that one batch replaced, while the other took in rows of it or kept them parked. */
function supersededRows(replacing: BatchCommit, looking: BatchCommit): ObjectVersion | undefined {
  const superseded = new Set(replacing.superseded.map(versionName))
  const looked = [...looking.unparked, ...looking.parked]
  return looked.flatMap(({ bronze }) => bronze).find(version => superseded.has(versionName(version)))
}
