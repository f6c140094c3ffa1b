import type { RejectedFile, RuleCount, SilverFile, UnparkedFile } from '../protocol/commit.ts'
import type { Writer, WrittenBy } from '../protocol/writers.ts'

/** One batch as the log leaves it. */
export interface BatchState {
  readonly batch: string
  readonly ingestDate: string
  readonly attempt: string
  readonly location: string
  /** The version of the commit that made this its location. */
  readonly version: number
  /** The version of the batch's first commit. */
  readonly since: number
  readonly committedAt: string
  /** The commit that wrote its rows, if their files have been packed since. */
  readonly writtenBy?: WrittenBy
  readonly silver: readonly SilverFile[]
  /** Hex SHA-256 of the query that made it. */
  readonly query: string
  /** Every file that its commits parked, except those that a replace took back: a later replace leaves their rows out. */
  readonly everParked: readonly string[]
  /** The parked files whose rows it took in: a replace reads them again. */
  readonly unparked: readonly UnparkedFile[]
  /** Its rejected rows, and how often its rows break the query's rules; missing if there are none. */
  readonly rejected?: readonly RejectedFile[]
  readonly rules?: readonly RuleCount[]
  /** The commits that wrote its rows, if its files hold those of several. */
  readonly writers?: readonly Writer[]
  /** Earlier locations, which readers may still use. */
  readonly superseded: readonly Superseded[]
  /** The batches that were packed into it, oldest first; missing if there are none. */
  readonly absorbed?: readonly Absorbed[]
}

export interface Superseded {
  readonly attempt: string
  readonly location: string
  /** The version that put the newer location in its place. */
  readonly version: number
}

/** A batch that no longer exists: its rows belong to another. */
export interface Absorbed {
  readonly batch: string
  /** The version of its first commit. */
  readonly since: number
  /** Its locations; the last one gave way to the one that its rows share now. */
  readonly superseded: readonly Superseded[]
}

/**
 * What a batch has absorbed after a commit of a version that absorbs others: those, what they had absorbed themselves, and
 * `lost` ones, of which a rebuilt log has no commit.
 */
export function absorbedBy(
  batch: BatchState | undefined,
  others: readonly BatchState[],
  lost: readonly string[],
  version: number,
): Absorbed[] {
  const gone = others.flatMap(({ batch, since, superseded, attempt, location, absorbed = [] }) => [
    { batch, since, superseded: [...superseded, { attempt, location, version }] },
    ...absorbed,
  ])
  const unknown = lost.map(id => ({ batch: id, since: version, superseded: [] }))
  return [...(batch?.absorbed ?? []), ...gone, ...unknown].sort((a, b) => a.since - b.since)
}

/** All locations that gave way to the one that a batch has now. */
export function supersededIn({ superseded, absorbed = [] }: BatchState): readonly Superseded[] {
  return [...superseded, ...absorbed.flatMap(each => each.superseded)]
}

/** A batch's id, and those of the batches that were packed into it. */
export function idsOf({ batch, absorbed = [] }: BatchState): readonly string[] {
  return [batch, ...absorbed.map(each => each.batch)]
}

/** The versions of the first commits of a batch and of those that were packed into it. */
export function sincesOf({ since, absorbed = [] }: BatchState): readonly number[] {
  return [since, ...absorbed.map(each => each.since)]
}
