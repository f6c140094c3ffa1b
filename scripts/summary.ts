import { join } from 'node:path'
import type { Layout } from '../functions/lake/layout.ts'
import type { Store } from '../functions/lake/store.ts'
import type { BatchCommit } from '../functions/log/commit.ts'
import { readCommit, readLog } from '../functions/log/read.ts'
import type { Parked, RunState } from '../functions/planning/state.ts'
import { bytes, count, duration, many } from './text.ts'

/** Most files that are named under one heading. */
const NAMED = 10

/** The commits of the batches that a run has done, oldest first. */
export async function commitsOf(store: Store, layout: Layout, state: RunState): Promise<BatchCommit[]> {
  const log = await readLog(store, layout)
  const commits: BatchCommit[] = []
  for (const id of state.done) {
    const batch = log.state.batches.get(id)
    const commit = batch && (await readCommit(store, layout, batch.version))
    if (commit && commit.operation !== 'abandon') commits.push(commit)
  }
  return commits
}

/** What a run has done, in lines. */
export function summarize(
  state: RunState,
  commits: readonly BatchCommit[],
  place: {
    readonly root: string
    readonly layout: Layout
    readonly milliseconds: number
    /** What waits after the run. */
    readonly parked: Parked
    /** UTC milliseconds, and after how many of them a parked row is old enough to be warned of. */
    readonly now: number
    readonly parkedWarning: number
  },
): string[] {
  const lines: string[] = []
  for (const commit of commits) lines.push(...batchLines(commit, place), '')
  if (commits.length === 0) lines.push(REASONS[state.reason] ?? state.reason)
  lines.push(...parkedLines(place))
  if (state.changed > 0) {
    lines.push(
      `${many(state.changed, 'bronze file')} changed since being processed and stayed as they were; ` +
        'to take them as they are now: --input \'{"reprocess": {"changed": true}}\'',
    )
  }
  if (state.ignored > 0)
    lines.push(`${many(state.ignored, 'object')} under the reviews without the name .parquet: ignored`)
  if (state.uncommitted > 0) {
    lines.push(
      `left out, because the log of Spark's sink (_spark_metadata) does not have them: ${many(state.uncommitted, 'bronze file')}; ` +
        'to take them too: --ignore-spark-metadata',
    )
  }
  if (state.more) lines.push(`more files wait: run again`)
  lines.push(`took ${duration(place.milliseconds)}`)
  return lines
}

/** What waits for its customer, with a warning where that takes too long. */
function parkedLines({ parked, now, parkedWarning }: Parameters<typeof summarize>[2]): string[] {
  if (parked.rows === 0 || parked.oldest === null) return []
  const age = now - Date.parse(parked.oldest)
  const line = `waiting for their customer: ${many(parked.rows, 'review')}, the oldest since ${parked.oldest.slice(0, 16)}`
  return age > parkedWarning ? [`warning: ${line}: ${duration(age)}: are its customers still to come?`] : [line]
}

const REASONS: Readonly<Record<string, string>> = {
  'nothing new': 'nothing new: every bronze file is in silver, and nothing was written',
  busy: 'another run is working on this lake: this one gives way',
  'dry run': 'dry run: nothing was written',
  'too many passes': 'this run has made 100 passes: run again for the rest',
  void: 'other runs were quicker: nothing was left to commit',
}

function batchLines(
  commit: BatchCommit,
  { root, layout }: { readonly root: string; readonly layout: Layout },
): string[] {
  const { rows, silver, bronze, unparked } = commit
  const size = silver.reduce((sum, file) => sum + file.size, 0)
  const parked = commit.parked.reduce((sum, file) => sum + file.rows, 0)
  const taken = `${many(bronze.length, 'bronze file')}${unparked.length > 0 ? `, ${many(unparked.length, 'parked file')}` : ''}`
  return [
    `batch      ${commit.batch} (${commit.operation}, version ${commit.version})`,
    `files      ${taken} → ${many(silver.length, 'silver file')}, ${bytes(size)}`,
    `rows       read ${count(rows.read)} = filtered ${count(rows.filtered)} + without key ${count(rows.nullKey)} + ` +
      `unmatched ${count(rows.unmatched)} + matched ${count(rows.matched)}`,
    `           written ${count(rows.written)}${parked > 0 ? `, parked until their customer comes ${count(parked)}` : ''}`,
    `silver     ${join(root, layout.roots.silver, commit.location)}`,
    ...named('quarantine', commit.quarantined),
    ...named('deferred', commit.deferred),
  ]
}

function named(heading: string, files: readonly { readonly key: string; readonly reason: string }[]): string[] {
  const lines = files
    .slice(0, NAMED)
    .map(({ key, reason }) => `${heading.padEnd(11)}${JSON.stringify(key).slice(1, -1)}: ${reason}`)
  return files.length > NAMED ? [...lines, `           and ${count(files.length - NAMED)} more`] : lines
}
