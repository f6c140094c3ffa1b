import { mapConcurrently } from '../../functions/base/concurrently.ts'
import { bytes, count, duration, listed, many } from '../../functions/base/text.ts'
import { excerpt } from '../../functions/lake/keys.ts'
import type { Layout } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import { needCommit, readLog } from '../../functions/log/read.ts'
import type { BatchCommit } from '../../functions/protocol/commit.ts'
import type { Parked, RunState } from '../../functions/protocol/state.ts'
import { NO_REPAIRS, repairLine } from '../../functions/readers/athena/repairs.ts'
import type { Column } from '../../functions/sql/types.ts'
import { type CopiedFile, copiedLines } from './copied-files.ts'
import { type Doubts, doubtLines, goneLines } from './doubts.ts'
import { type DuplicateKeys, duplicateLines } from './duplicate-keys.ts'
import { type Again, type NothingNew, nothingLines } from './nothing-new.ts'
import { type OtherQuery, otherQueryLines } from './other-query.ts'
import { ruleLines } from './rule-lines.ts'
import { type SkippedNames, skippedLines } from './skipped-names.ts'

/** Most files that are named under one heading. */
const NAMED = 10

/** The commits of the batches that a run has done, oldest first. */
export async function commitsOf(store: Store, layout: Layout, state: RunState): Promise<BatchCommit[]> {
  const log = await readLog(store, layout)
  const commits: BatchCommit[] = []
  for (const id of state.done) {
    const batch = log.state.batches.get(id)
    const commit = batch && (await needCommit(store, layout, batch.version))
    if (commit && commit.operation !== 'abandon') commits.push(commit)
  }
  return commits
}

/** What a summary tells beside what the run says of itself. */
export interface Surroundings extends Again {
  /** The lake's directory or URI, as messages name it, without a slash at its end. */
  readonly root: string
  readonly layout: Layout
  readonly milliseconds: number
  /** What waits after the run. */
  readonly parked: Parked
  /** UTC milliseconds, and after how many of them a parked row is old enough to be warned of. */
  readonly now: number
  readonly parkedWarning: number
  /** Null where the run has found something. */
  readonly nothing: NothingNew | null
  readonly duplicateKeys: readonly DuplicateKeys[]
  /** Columns that bronze has got in this run and that neither the query nor the table names. */
  readonly newColumns: readonly string[]
  /** What among the bronze files is not an object. */
  readonly skipped: SkippedNames
  /** How many batches another query has made. */
  readonly otherQuery: OtherQuery
  /** What of the newest batch is hardly meant; null where the run has committed nothing. */
  readonly doubts: Doubts | null
  /** Columns of the table that a query no longer has which has joined nothing yet. */
  readonly gone: readonly string[]
  /** What the query is called. */
  readonly query: string
  /** New files with the content of others. */
  readonly copies: readonly CopiedFile[]
  /** The keys of the reports of the run's batches that are there. */
  readonly reports: ReadonlySet<string>
}

/** The keys of the reports of some commits, as far as they were written. */
export async function findReports(
  { store, layout }: { readonly store: Store; readonly layout: Layout },
  commits: readonly BatchCommit[],
): Promise<ReadonlySet<string>> {
  const found = await mapConcurrently(commits, REPORTS, async commit => store.head(layout.report(commit)))
  return new Set(found.flatMap(info => info?.key ?? []))
}

/** Reports that are looked for at once. */
const REPORTS = 32

/** Of the columns that bronze has in some commits those that were not `known` before and that silver does without. */
export function newColumns(known: readonly Column[], commits: readonly BatchCommit[]): string[] {
  const last = commits.at(-1)
  if (!last || known.length === 0) return []
  const names = new Set([...known, ...last.schema].map(({ name }) => name.toLowerCase()))
  const words = new Set(last.query.sql.toLowerCase().match(/[\p{L}\p{N}_]+/gu))
  const columns = commits.flatMap(({ reviews }) => reviews.map(({ name }) => name))
  return [...new Set(columns)].filter(name => !names.has(name.toLowerCase()) && !words.has(name.toLowerCase()))
}

/** What a run has done, in lines. */
export function summarize(state: RunState, commits: readonly BatchCommit[], around: Surroundings): string[] {
  const lines: string[] = []
  for (const commit of commits) lines.push(...batchLines(commit, around), '')
  if (around.nothing) lines.push(...nothingLines(around.nothing, around))
  else if (commits.length === 0) lines.push(reasonLine(state))
  lines.push(...duplicateLines(around.duplicateKeys))
  if (around.newColumns.length > 0) {
    const columns = `${many(around.newColumns.length, 'column')} (${listed(around.newColumns, 5)})`
    lines.push(
      `new in bronze, and not in the query: ${columns}; once it names them, npx silversmith backfill${around.where} --reprocess --all fills earlier batches`,
    )
  }
  lines.push(...copiedLines(around.copies, around.where))
  lines.push(...otherQueryLines(around.otherQuery, around.query, around.where))
  lines.push(...doubtLines(around.doubts), ...goneLines(around.gone))
  lines.push(...parkedLines(around))
  const repaired = repairLine(state.repairs ?? NO_REPAIRS)
  if (repaired !== undefined) lines.push(repaired)
  if (state.changed > 0) {
    lines.push(
      `${many(state.changed, 'bronze file')} changed since being joined, and silver has what was joined; ` +
        `to take what is there now: npx silversmith backfill${around.where} --changed`,
    )
  }
  lines.push(...ignoredLines(state))
  lines.push(...skippedLines(around.skipped))
  if (state.uncommitted > 0) {
    lines.push(
      `left out, because the log of Spark's sink (_spark_metadata) does not have them: ${many(state.uncommitted, 'bronze file')}; ` +
        'to take them too: --ignore-spark-metadata',
    )
  }
  // parked files that are gone are named with what to do: running again does not bring them back
  const { reviews } = around.layout.roots
  // and the files whose worker died have been tried again by this very run
  const moved = commits.flatMap(commit => commit.deferred).filter(({ key, died }) => !died && key.startsWith(reviews))
  const deferred = moved.length
  if (deferred > 0)
    lines.push(`${many(deferred, 'file')} changed or went during the run: run again to take what is there`)
  if (state.more) lines.push('more waits than one run takes: run again')
  lines.push(`took ${duration(around.milliseconds)}`)
  return lines
}

/** The objects under the reviews that are taken for something else than reviews. */
function ignoredLines({ ignored, ignoredKeys = [] }: RunState): string[] {
  if (ignored === 0) return []
  const names = ignoredKeys.map(key => excerpt(key))
  const all =
    names.length === 0
      ? ''
      : ` (${listed([...names, ...(ignored > names.length ? [`${count(ignored - names.length)} more`] : [])])})`
  return [`ignored, because the name does not end in .parquet: ${many(ignored, 'object')} under the reviews${all}`]
}

/** What waits for its customer, with a warning where that takes too long. */
function parkedLines({ parked, now, parkedWarning }: Surroundings): string[] {
  if (parked.rows === 0 || parked.oldest === null) return []
  const age = now - Date.parse(parked.oldest)
  const line = `waiting for their customer: ${many(parked.rows, 'review')}, the oldest since ${parked.oldest.slice(0, 16)}`
  return age > parkedWarning ? [`warning: ${line}: ${duration(age)}: are its customers still to come?`] : [line]
}

/** What a run says that has committed nothing, and why. */
function reasonLine({ reason, work }: RunState): string {
  if (reason === 'dry run' && work) {
    const { files, bytes: size, rows, items } = work
    const sources = `${many(files, 'file')}, ${bytes(size)}, ${many(rows, 'row')} in ${many(items, 'item')}`
    return `dry run: the next batch would be of ${sources}; nothing was written`
  }
  return REASONS[reason] ?? reason
}

const REASONS: Readonly<Record<string, string>> = {
  busy: 'another run is working on this lake: this one gives way',
  'too many passes': 'this run has made 100 passes: run again for the rest',
  void: 'other runs were quicker: nothing was left to commit',
}

function batchLines(commit: BatchCommit, { root, layout, reports }: Surroundings): string[] {
  const { silver, bronze, unparked } = commit
  const size = silver.reduce((sum, file) => sum + file.size, 0)
  const [parked, again] = parkedRows(commit, layout)
  const waiting =
    (parked > 0 ? `, parked until their customer comes ${count(parked)}` : '') +
    (again > 0 ? `, looked up again and still waiting ${count(again)}` : '')
  const below = root === '.' ? '' : `${root}/`
  const taken = `${many(bronze.length, 'bronze file')}${unparked.length > 0 ? `, ${many(unparked.length, 'parked file')}` : ''}`
  return [
    `batch      ${commit.batch} (${commit.operation}, version ${commit.version})`,
    `files      ${taken} → ${many(silver.length, 'silver file')}, ${bytes(size)}`,
    ...rowsLine(commit, waiting),
    `silver     ${below}${layout.roots.silver}${commit.location}`,
    ...(reports.has(layout.report(commit)) ? [`report     ${below}${layout.report(commit)}`] : []),
    ...reasonLines(commit),
  ]
}

/** What became of a batch's rows. */
export function rowsLine({ rows, rules }: BatchCommit, more = ''): string[] {
  const rejected = rules ? ` + rejected ${count(rows.rejected ?? 0)}` : ''
  const generated = rows.generated === undefined ? '' : ` + generated ${count(rows.generated)}`
  return [
    `rows       read ${count(rows.read)}${generated} = filtered ${count(rows.filtered)}${rejected} + without key ${count(rows.nullKey)} + ` +
      `unmatched ${count(rows.unmatched)} + matched ${count(rows.matched)}`,
    `           written ${count(rows.written)}${more}`,
    ...ruleLines(rules),
  ]
}

/** The files that a batch has left out, with the reasons. */
export function reasonLines({ quarantined, deferred }: BatchCommit): string[] {
  return [...quarantineLines(quarantined), ...named('deferred', deferred)]
}

/** The rows that an attempt has parked, and those of earlier parked files that it found no customer for either. */
function parkedRows(commit: BatchCommit, layout: Layout): readonly [own: number, again: number] {
  const folder = layout.parked(commit, 0, '').replace(/[^/]*$/, '')
  const own = commit.parked.filter(({ key }) => key.startsWith(folder))
  const rows = (files: typeof own) => files.reduce((sum, file) => sum + file.rows, 0)
  return [rows(own), rows(commit.parked.filter(file => !own.includes(file)))]
}

/** The files that a batch has put into quarantine, with the reasons and what to do. */
export function quarantineLines(files: BatchCommit['quarantined']): string[] {
  if (files.length === 0) return []
  const them = files.length === 1 ? 'it' : 'them'
  return [
    ...named('quarantine', files),
    `           repair or replace ${them}, and the next run takes ${them}; without that no row of ${them} comes into silver`,
  ]
}

/** What of a run's conditions holds, in a line each: files put into quarantine, rows parked, rows left without a customer, rules broken. */
export function runFailures(
  commits: readonly BatchCommit[],
  layout: Layout,
  conditions: ReadonlyMap<RunCondition, number>,
): string[] {
  const quarantined = commits.flatMap(commit => commit.quarantined)
  const parked = commits.reduce((sum, commit) => sum + parkedRows(commit, layout)[0], 0)
  const unmatched = commits.reduce((sum, { rows }) => sum + rows.unmatched, 0)
  const told: string[] = []
  if (conditions.has('quarantine') && quarantined.length > 0) {
    const [first] = quarantined
    told.push(`quarantine: ${many(quarantined.length, 'file')}, such as ${first?.key}: ${first?.reason}`)
  }
  if (conditions.has('parked') && parked > 0) told.push(`parked: ${many(parked, 'review')} wait for their customer`)
  if (conditions.has('unmatched') && unmatched > 0)
    told.push(`unmatched: ${many(unmatched, 'review')} have no customer`)
  const broken = commits.flatMap(({ rules = [] }) => rules).filter(({ violated }) => violated > 0)
  if (conditions.has('rules') && broken.length > 0)
    told.push(`rules: rows break ${listed([...new Set(broken.map(({ name }) => name))])}`)
  return told
}

/** What `run --fail-on` and `backfill --fail-on` take. */
export const RUN_CONDITIONS = ['quarantine', 'parked', 'unmatched', 'rules'] as const
export type RunCondition = (typeof RUN_CONDITIONS)[number]

function named(heading: string, files: readonly { readonly key: string; readonly reason: string }[]): string[] {
  const lines = files
    .slice(0, NAMED)
    .map(({ key, reason }) => `${heading.padEnd(11)}${JSON.stringify(key).slice(1, -1)}: ${reason}`)
  return files.length > NAMED ? [...lines, `           and ${count(files.length - NAMED)} more`] : lines
}
