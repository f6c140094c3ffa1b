import { listed } from '../../base/text.ts'
import type { ObjectInfo } from '../../lake/store.ts'
import { isSameVersion } from '../../lake/versions.ts'
import type { BatchState } from '../../log/batch-state.ts'
import type { FoldedLog, Log } from '../../log/fold.ts'
import { needCommit } from '../../log/read.ts'
import type { BatchCommit } from '../../protocol/commit.ts'
import { columnNamed } from '../known-column.ts'
import { reviewsOf } from '../read-parked.ts'
import type { ReadableLake } from '../readable-lake.ts'
import { reasonOf, rowsWith, type SoughtReview, type Unsearched } from './find-rows.ts'
import { rejectedWith, tellRejected } from './rejected.ts'
import { describeReview, type ReviewExplanation, type Story } from './story.ts'
import { isTakenOver } from './taken-over.ts'

/** A review, and where in bronze it may have stood. */
interface Sought extends SoughtReview {
  readonly prefix: string
}

/**
 * Finds a review of joined bronze files that are gone, or have other content now, where its id still stands: among the
 * rows that wait, in the silver files that those files went into, and among the rows that rules rejected. `there` are
 * the bronze files of now.
 */
export async function findLater(
  lake: ReadableLake,
  log: Log,
  sought: Sought,
  there: readonly ObjectInfo[],
): Promise<ReviewExplanation> {
  const lost = await findLost(lake, log, sought, there)
  if (lost.size === 0) return { stories: [], unsearched: [], lost: 0 }
  const unsearched: Unsearched[] = []
  const stories = await findWaiting(lake, log.state, sought, lost, unsearched)
  for (const batch of log.state.batches.values()) {
    const commit = await needCommit(lake.store, lake.layout, batch.version)
    if (commit.operation === 'abandon') continue
    for (const [name, sources] of silverOf(commit, batch, lost)) {
      const key = `${lake.layout.roots.silver}${commit.location}${name}`
      if (!(await hasRow(lake, key, commit, sought, unsearched))) continue
      stories.push([
        ['bronze', nameLost(sources, lost)],
        ...describeReview(commit),
        ['status', `in silver, as far as its id says: ${key}`],
      ])
    }
    for (const { bronze, rules } of await rejectedWith(lake, commit, sought, unsearched)) {
      if (!lost.has(bronze)) continue
      const where = ['bronze', nameLost(new Set([bronze]), lost)] as const
      stories.push([where, ...describeReview(commit), ['status', tellRejected(rules, commit)]])
    }
  }
  return { stories, unsearched, lost: lost.size }
}

/** Joined bronze files by key, and what became of them. */
type Lost = ReadonlyMap<string, 'gone' | 'changed'>

/** The joined files that are gone or have changed. */
async function findLost(
  { store }: ReadableLake,
  log: Log,
  { prefix }: Sought,
  there: readonly ObjectInfo[],
): Promise<Lost> {
  const now = new Map(there.map(({ key, etag }) => [key, etag]))
  const lost = new Map<string, 'gone' | 'changed'>()
  for await (const { key, etag, reason } of log.bronze()) {
    if (reason !== undefined || !key.startsWith(prefix)) continue
    const found = now.get(key)
    if (found === undefined) lost.set(key, 'gone')
    else if (!(await isSameVersion(store, key, etag, found))) lost.set(key, 'changed')
  }
  return lost
}

/** What a story says of the bronze files in one of which the review stood. */
function nameLost(keys: ReadonlySet<string>, lost: Lost): string {
  const [first = '', ...others] = [...keys].sort()
  if (others.length === 0) return `${first}, which ${lost.get(first) === 'changed' ? 'has changed since' : 'is gone'}`
  return `one of ${listed([first, ...others], 3)}, which are gone or have changed since`
}

/** Looks among the rows that wait. A parked file that can't be read is added to `unsearched`. */
async function findWaiting(
  lake: ReadableLake,
  state: FoldedLog,
  { id, column }: Sought,
  lost: Lost,
  unsearched: Unsearched[],
): Promise<Story[]> {
  const stories: Story[] = []
  for (const file of state.parked.values()) {
    if (!file.bronze.some(({ key }) => lost.has(key))) continue
    try {
      for (const review of await reviewsOf(lake, state, file, { id: column, customer: undefined })) {
        const { bronze, batch, since, customer } = review
        if (review.id !== id || !lost.has(bronze)) continue
        const known = customer === null ? '' : ` ${customer}`
        stories.push([
          ['bronze', nameLost(new Set([bronze]), lost)],
          ['batch', batch],
          ['status', `parked since ${since}: its customer${known} is not known yet (${file.key})`],
        ])
      }
    } catch (error) {
      unsearched.push({ key: file.key, reason: reasonOf(error) })
    }
  }
  return stories
}

/** The silver files of a batch that may have rows of lost files, by name, each with those files. */
function silverOf(commit: BatchCommit, { unparked }: BatchState, lost: Lost): ReadonlyMap<string, ReadonlySet<string>> {
  const files = new Map<string, Set<string>>()
  const add = (silver: string, key: string) => {
    if (lost.has(key)) files.set(silver, (files.get(silver) ?? new Set()).add(key))
  }
  for (const { key, silver } of commit.bronze) {
    // which of a Spark job's silver files has a bronze file's rows is not known
    for (const name of isTakenOver(commit) ? commit.silver.map(file => file.key) : [silver]) add(name, key)
  }
  for (const { silver, bronze } of unparked) for (const { key } of bronze) add(silver, key)
  return files
}

/** Whether a silver file has a row of the id; one that can't be searched is added to `unsearched`. */
async function hasRow(
  lake: ReadableLake,
  key: string,
  { schema }: BatchCommit,
  { column, id }: Sought,
  unsearched: Unsearched[],
): Promise<boolean> {
  const name = columnNamed(schema, column)
  const head = name === undefined ? undefined : await lake.store.head(key)
  if (name !== undefined && head) return (await rowsWith(lake, head, name, id)).length > 0
  unsearched.push({ key, reason: name === undefined ? `silver does not show ${column}` : 'it is gone' })
  return false
}
