import { join } from 'node:path'
import type { Layout } from '../functions/lake/layout.ts'
import type { Store } from '../functions/lake/store.ts'
import type { BatchCommit } from '../functions/log/commit.ts'
import { readCommit, readLog } from '../functions/log/read.ts'
import type { RunState } from '../functions/planning/state.ts'
import { bytes, count, duration } from './text.ts'

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
  place: { readonly root: string; readonly layout: Layout; readonly milliseconds: number },
): string[] {
  const lines: string[] = []
  for (const commit of commits) lines.push(...batchLines(commit, place), '')
  if (commits.length === 0) lines.push(REASONS[state.reason] ?? state.reason)
  if (state.changed > 0) {
    lines.push(
      `${count(state.changed)} bronze files have changed since they were processed and were left alone; ` +
        'to take them as they are now: --input \'{"reprocess": {"changed": true}}\'',
    )
  }
  if (state.ignored > 0)
    lines.push(`${count(state.ignored)} objects under the reviews are not named .parquet and were ignored`)
  if (state.uncommitted > 0) {
    lines.push(
      `${count(state.uncommitted)} bronze files are not in the log of Spark's sink (_spark_metadata) and were left out; ` +
        'to take them too: --ignore-spark-metadata',
    )
  }
  if (state.more) lines.push(`${count(Math.max(0, state.backlog.files))} files wait: run again`)
  lines.push(`took ${duration(place.milliseconds)}`)
  return lines
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
  const taken = `${count(bronze.length)} bronze files${unparked.length > 0 ? `, ${count(unparked.length)} parked files` : ''}`
  return [
    `batch      ${commit.batch} (${commit.operation}, version ${commit.version})`,
    `files      ${taken} → ${count(silver.length)} silver files, ${bytes(size)}`,
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
