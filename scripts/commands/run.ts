import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Json } from '../../functions/adapters/step-functions/distributed-map.ts'
import { sha256 } from '../../functions/base/bytes.ts'
import { UsageError } from '../../functions/base/refusal.ts'
import { duration, many } from '../../functions/base/text.ts'
import { Layout } from '../../functions/lake/layout.ts'
import { type FoldedLog, type Log, parkedIn } from '../../functions/log/fold.ts'
import { readLog } from '../../functions/log/read.ts'
import type { BatchCommit } from '../../functions/protocol/commit.ts'
import { type ExecutionInput, isScheduled, parseInput } from '../../functions/protocol/input.ts'
import { countsOf } from '../../functions/protocol/state.ts'
import { defineCommand, factsJson, JSON_OPTION, readAge, wholeNumber } from '../command-line/command.ts'
import { failOn, readFailOn } from '../command-line/fail-on.ts'
import { sameLake } from '../command-line/same-lake.ts'
import { makeLake } from '../demo/make-lake.ts'
import type { LakeOptions, LocalLake } from '../lakes/lake.ts'
import { beginLake, recordKey } from '../lakes/lake-record.ts'
import { LAKE_OPTIONS, lakeDirectory, openLake } from '../lakes/open-lake.ts'
import { parseS3 } from '../lakes/s3-address.ts'
import { checkQuery } from '../local/check-query.ts'
import { readSettings, SETTINGS_OPTIONS, sameAgain, withQueryNamed } from '../local/local-settings.ts'
import type { LocalRun } from '../local/run-local.ts'
import { type Ended, runShown } from '../local/run-shown.ts'
import { watchLake } from '../local/watch-lake.ts'
import { batchLine } from '../summary/batch-line.ts'
import { findCopies } from '../summary/copied-files.ts'
import { findDoubts, goneColumns } from '../summary/doubts.ts'
import { duplicateKeys } from '../summary/duplicate-keys.ts'
import { lookAround } from '../summary/nothing-new.ts'
import { findOtherQuery } from '../summary/other-query.ts'
import { findSkipped } from '../summary/skipped-names.ts'
import {
  commitsOf,
  findReports,
  newColumns,
  RUN_CONDITIONS,
  type RunCondition,
  runFailures,
  summarize,
} from '../summary/summary.ts'
import { explainError } from '../terminal/explain-error.ts'
import { Interrupted } from '../terminal/interrupt.ts'
import { print, printError } from '../terminal/print.ts'
import { table } from '../terminal/table.ts'

export default defineCommand(
  {
    purpose:
      'Runs the state machine in this process, on a lake in a directory or on S3, and shows what it did. Without --lake it ' +
      'uses the demo in ./lake of the current directory, and makes it at the first run.',
    options: {
      ...LAKE_OPTIONS,
      input: { type: 'string', default: '{}', value: 'JSON', help: "the execution's input; see docs/operations.md" },
      watch: {
        type: 'boolean',
        default: false,
        help: 'keep running: join what lands, one line for each batch, until Ctrl-C',
      },
      every: {
        type: 'string',
        default: '10s',
        value: 'TIME',
        help: 'with --watch: also look this often; the only way on S3, where no events come',
      },
      'parked-warning': {
        type: 'string',
        default: '30',
        value: 'DAYS',
        help: 'warn if reviews have waited this many days for their customer',
      },
      'fail-on': {
        type: 'string',
        value: 'LIST',
        help: 'exit with status 1 if the run had any of quarantine, parked, unmatched, rules (separated by commas)',
      },
      ...JSON_OPTION,
      ...SETTINGS_OPTIONS,
    },
  },
  async values => {
    const conditions = readFailOn(values['fail-on'], RUN_CONDITIONS)
    const settings = await readSettings(values)
    const parkedWarning = wholeNumber('parked-warning', values['parked-warning']) * 86_400_000
    const every = readAge('every', values.every)
    const json = parseJson(values.input)
    const input = parseInput(json, new Layout().roots)
    if (parseS3(values.lake ?? '') === undefined) await findDirectory(values)
    const lake = await openLake(values)
    await beginLake(lake)
    const show = {
      ...{ input, parkedWarning, conditions, json: values.json },
      query: values.sql ?? 'silver.sql',
      lake: sameLake(values),
      where: sameAgain(values),
      isDeclared: values.bronze !== undefined,
    }
    const run = { lake, input: json, settings }
    await withQueryNamed(values, () => (values.watch ? keepRunning(run, every, show) : runAndShow(run, show)))
  },
)

/** Joins what lands until it is interrupted, and prints a line for each batch. */
async function keepRunning(run: ShownRun, every: number, { json, conditions, input }: Show): Promise<void> {
  if (conditions.size > 0) throw new UsageError('--fail-on does not go with --watch: status has it too')
  if (!isScheduled(input)) throw new UsageError('--input does not go with --watch, which takes all that lands')
  if (!json) print(`watching ${run.lake.name}; Ctrl-C ends it`)
  await watchLake(run, {
    every,
    committed: (commit, visible) => print(json ? JSON.stringify(factsOf(commit)) : batchLine(commit, visible)),
    failed: error => printError(`${explainError(error)}; trying again in ${duration(every)}`),
  })
}

interface Show {
  readonly input: ExecutionInput
  /** Milliseconds. */
  readonly parkedWarning: number
  readonly conditions: ReadonlyMap<RunCondition, number>
  readonly json: boolean
  /** What messages call the query. */
  readonly query: string
  /** The options that name the lake, and those of a backfill that does the same, for advice. */
  readonly lake: string
  readonly where: string
  /** Whether an option says more of the views than the project's own bronze.sql. */
  readonly isDeclared: boolean
}

/** Runs, and shows what was committed: also by a run that was interrupted or failed, which ends with its error. */
async function runAndShow(run: ShownRun, show: Show): Promise<void> {
  const started = performance.now()
  const before = await readLog(run.lake.store, run.lake.layout)
  const ended = await runShown(run, show.json ? process.stderr : process.stdout)
  const showEnd = () => showEnded(run, { ...ended, before, milliseconds: performance.now() - started }, show)
  // what is wrong with the run comes before what is wrong with its summary
  await showEnd().catch(error => {
    throw ended.failure ?? error
  })
  if (ended.failure) throw ended.failure
}

type ShownRun = LocalRun & { readonly lake: LocalLake }

async function showEnded(
  run: ShownRun,
  { state, failure, before, milliseconds }: Ended & { readonly before: Log; readonly milliseconds: number },
  show: Show,
): Promise<void> {
  const { lake } = run
  const log = await readLog(lake.store, lake.layout)
  const commits = await commitsOf(lake.store, lake.layout, state)
  const root = lake.root === null ? lake.uri.replace(/\/$/, '') : shownPath(lake.root)
  const { sql } = await run.settings.query()
  const otherQuery = findOtherQuery(log.state, await sha256(sql))
  const isIdle = commits.length === 0 && state.reason === 'nothing new' && !failure
  const isUntried = isIdle && (otherQuery.batches > 0 || show.isDeclared)
  const untried = isUntried ? await checkQuery(lake, log.state, run.settings) : null
  const reports = await findReports(lake, commits)
  const around = {
    ...{ root, layout: lake.layout, milliseconds, query: show.query, lake: show.lake, where: show.where },
    ...{ parked: parkedIn(log.state), now: Date.now(), parkedWarning: show.parkedWarning },
    nothing: isIdle ? await lookAround({ ...lake, uri: root }, log, show.input) : null,
    newColumns: newColumns(before.state.reviews, commits),
    duplicateKeys: await duplicateKeys(lake, commits),
    otherQuery,
    doubts: commits.length > 0 ? await findDoubts(lake, log.state) : null,
    gone: untried ? goneColumns(log.state.schema, untried) : [],
    copies: await findCopies(lake, log, commits),
    skipped: await findSkipped(lake.root, 'bronze/'),
    reports,
  }
  const pathOf = (commit: BatchCommit) => {
    const key = lake.layout.report(commit)
    return reports.has(key) ? (root === '.' ? key : `${root}/${key}`) : null
  }
  if (show.json) {
    const { reason, more, changed, ignored, uncommitted } = state
    const { parked, newColumns, otherQuery, doubts, copies } = around
    const told = commits.map(commit => ({ ...factsOf(commit), report: pathOf(commit) }))
    const duplicateKeys = around.duplicateKeys.reduce((sum, { keys }) => sum + keys, 0)
    const facts = { commits: told, parked, duplicateKeys, newColumns, otherQuery, doubts, copies }
    const end = failure ? { reason: reasonOf(failure), more: true } : { reason, more }
    print(factsJson({ ...end, changed, ignored, uncommitted, milliseconds, ...facts }))
  } else if (!failure) {
    print(`\n${summarize(state, commits, around).join('\n')}`)
    if (commits.length > 0) await showQueries(lake, log.state)
  } else if (commits.length > 0) {
    print(`\n${summarize({ ...state, more: false }, commits, around).join('\n')}`)
  }
  failOn(runFailures(commits, lake.layout, show.conditions))
}

/** What `--json` calls the end of a run that did not come to its own. */
function reasonOf(failure: Error): 'interrupted' | 'failed' {
  return failure instanceof Interrupted ? 'interrupted' : 'failed'
}

/** What `--json` tells of a commit. */
function factsOf(commit: BatchCommit) {
  const { version, operation, batch, attempt, location, committedAt, quarantined, deferred } = commit
  const { rows, files, silver, parked, bytesRead, bytesWritten, rejected, rules } = countsOf(commit)
  const subject = { version, operation, batch, attempt, location, committedAt }
  const ofRules = commit.rules && { rejected, rules }
  return { ...subject, rows, files, silver, parked, bytesRead, bytesWritten, quarantined, deferred, ...ofRules }
}

/** A directory from where the caller stands; npm has changed the directory, so a way up would mislead. */
function shownPath(path: string): string {
  const below = relative('.', path) || '.'
  return below.startsWith('..') ? path : below
}

/** Silver that is fetched from S3 only to show some rows of it. */
const SHOWN = 256 * 2 ** 20

/** The validation that people do by hand, and a count: as far as the table has the columns. */
async function showQueries({ root, connect, query, options }: LocalLake, state: FoldedLog): Promise<void> {
  const size = [...state.batches.values()].flatMap(({ silver }) => silver).reduce((sum, file) => sum + file.size, 0)
  if (root === null && connect !== null && size > SHOWN) {
    const ask = `npx silversmith query${sameLake(options)} "SELECT … FROM silver.reviews WHERE batch = '…'"`
    return print(`\nto see rows, for which the files that are asked for are fetched: ${ask}`)
  }
  const has = (name: string) => state.schema.some(column => column.name.toLowerCase() === name)
  const usual = ['product_title', 'star_rating', 'review_timestamp', 'customer_name', 'gender', 'city', 'state'].filter(
    has,
  )
  const queries = [
    ...(usual.length > 0 ? [`SELECT ${usual.join(', ')} FROM silver.reviews LIMIT 10`] : []),
    `SELECT ${has('star_rating') ? 'star_rating' : 'batch'}, COUNT(*) AS reviews FROM silver.reviews GROUP BY 1 ORDER BY 1`,
  ]
  for (const sql of queries) {
    const started = performance.now()
    const { columns, rows } = await query(sql)
    print(`\n${sql}\n${table(columns, rows)}\n${many(rows.length, 'row')}, ${duration(performance.now() - started)}`)
  }
}

/** Looks for the lake's directory: the one named, or the demo's, which is made at the first run. */
async function findDirectory({ lake: named, reviews }: LakeOptions): Promise<void> {
  const root = lakeDirectory(named)
  const layout = new Layout()
  if (existsSync(join(root, layout.roots.reviews))) return
  if (reviews !== undefined || existsSync(join(root, recordKey(layout)))) return // bronze lies elsewhere
  if (named !== undefined) {
    throw new UsageError(
      `${named} is not a lake: it has no ${layout.roots.reviews}: put review files there, say where they lie by --reviews, ` +
        'or leave --lake out for the demo',
    )
  }
  if (existsSync(root)) {
    throw new UsageError(
      `./${relative('.', root)} has no ${layout.roots.reviews}: put review files there, or remove it to get a new demo`,
    )
  }
  const started = performance.now()
  const made = await makeLake(root)
  print(`made a bronze lake in ./${relative('.', root)}: ${made} (${duration(performance.now() - started)})\n`)
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`--input is not JSON: ${text.slice(0, 100)}`)
  }
}
