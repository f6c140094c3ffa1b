import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Json } from '../../functions/adapters/step-functions/distributed-map.ts'
import { sha256 } from '../../functions/base/bytes.ts'
import { UsageError } from '../../functions/base/refusal.ts'
import { duration, many } from '../../functions/base/text.ts'
import { Layout } from '../../functions/lake/layout.ts'
import { type FoldedLog, parkedIn } from '../../functions/log/fold.ts'
import { readLog } from '../../functions/log/read.ts'
import type { BatchCommit } from '../../functions/protocol/commit.ts'
import { type ExecutionInput, parseInput } from '../../functions/protocol/input.ts'
import { countsOf } from '../../functions/protocol/state.ts'
import { defineCommand, factsJson, JSON_OPTION, wholeNumber } from '../command-line/command.ts'
import { failOn, readFailOn } from '../command-line/fail-on.ts'
import { makeLake } from '../demo/make-lake.ts'
import type { LakeOptions, LocalLake } from '../lakes/lake.ts'
import { beginLake, recordKey } from '../lakes/lake-record.ts'
import { LAKE_OPTIONS, lakeDirectory, openLake } from '../lakes/open-lake.ts'
import { parseS3 } from '../lakes/s3-address.ts'
import { QUERY_OPTIONS, readSettings, SETTINGS_OPTIONS, withQueryNamed } from '../local/local-settings.ts'
import type { LocalRun } from '../local/run-local.ts'
import { runShown } from '../local/run-on-lake.ts'
import { findCopies } from '../summary/copied-files.ts'
import { duplicateKeys } from '../summary/duplicate-keys.ts'
import { lookAround } from '../summary/nothing-new.ts'
import { findOtherQuery } from '../summary/other-query.ts'
import { findSkipped } from '../summary/skipped-names.ts'
import { commitsOf, newColumns, RUN_CONDITIONS, type RunCondition, runFailures, summarize } from '../summary/summary.ts'
import { print } from '../terminal/print.ts'
import { table } from '../terminal/table.ts'

export default defineCommand(
  {
    purpose:
      'Runs the state machine in this process, on a lake in a directory or on S3, and shows what it did. Without --lake it ' +
      'is the demo in ./lake of this project, which is made at the first run.',
    options: {
      ...LAKE_OPTIONS,
      input: { type: 'string', default: '{}', value: 'JSON', help: "the execution's input, see docs/operations.md" },
      'parked-warning': {
        type: 'string',
        default: '30',
        value: 'DAYS',
        help: 'how long reviews may wait for their customer before a warning says so',
      },
      'fail-on': {
        type: 'string',
        value: 'LIST',
        help: 'end with status 1 if the run had any of quarantine, parked and unmatched, separated by commas',
      },
      ...JSON_OPTION,
      ...SETTINGS_OPTIONS,
    },
  },
  async values => {
    const conditions = readFailOn(values['fail-on'], RUN_CONDITIONS)
    const settings = await readSettings(values)
    const parkedWarning = wholeNumber('parked-warning', values['parked-warning']) * 86_400_000
    const json = parseJson(values.input)
    const input = parseInput(json, new Layout().roots)
    if (parseS3(values.lake ?? '') === undefined) await findDirectory(values)
    const lake = await openLake(values)
    await beginLake(lake)
    const show = {
      ...{ input, parkedWarning, conditions, json: values.json },
      query: values.sql ?? 'silver.sql',
      where: sameAgain(values),
    }
    await withQueryNamed(values, () => runAndShow({ lake, input: json, settings }, show))
  },
)

interface Show {
  readonly input: ExecutionInput
  /** Milliseconds. */
  readonly parkedWarning: number
  readonly conditions: ReadonlyMap<RunCondition, number>
  readonly json: boolean
  /** What messages call the query, and the options that name the lake and the query, for advice that does the same. */
  readonly query: string
  readonly where: string
}

/** The options that name the same lake and the same query in another command, each with a space before it. */
function sameAgain(values: Readonly<Record<string, unknown>>): string {
  const presets: Readonly<Record<string, string>> = Object.fromEntries(
    Object.entries(QUERY_OPTIONS).flatMap(([name, option]) => ('default' in option ? [[name, option.default]] : [])),
  )
  return ['lake', ...Object.keys(QUERY_OPTIONS)]
    .filter(name => typeof values[name] === 'string' && values[name] !== presets[name])
    .map(name => ` --${name} ${shellWord(String(values[name]))}`)
    .join('')
}

/** A word as a shell takes it. */
function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

async function runAndShow(run: LocalRun & { readonly lake: LocalLake }, show: Show): Promise<void> {
  const started = performance.now()
  const { lake } = run
  const before = await readLog(lake.store, lake.layout)
  const state = await runShown(run, show.json ? process.stderr : process.stdout)
  const milliseconds = performance.now() - started
  const log = await readLog(lake.store, lake.layout)
  const commits = await commitsOf(lake.store, lake.layout, state)
  const root = lake.root === null ? lake.uri.replace(/\/$/, '') : shownPath(lake.root)
  const { sql } = await run.settings.query()
  const around = {
    ...{ root, layout: lake.layout, milliseconds, query: show.query, where: show.where },
    ...{ parked: parkedIn(log.state), now: Date.now(), parkedWarning: show.parkedWarning },
    nothing:
      commits.length === 0 && state.reason === 'nothing new'
        ? await lookAround({ ...lake, uri: root }, log, show.input)
        : null,
    newColumns: newColumns(before.state.reviews, commits),
    duplicateKeys: await duplicateKeys(lake, commits),
    otherQuery: findOtherQuery(log.state, await sha256(sql)),
    copies: await findCopies(lake, log, commits),
    skipped: await findSkipped(lake.root, 'bronze/'),
  }
  if (show.json) {
    const { reason, more, changed, ignored, uncommitted } = state
    const { parked, duplicateKeys, newColumns, otherQuery, copies } = around
    const facts = { commits: commits.map(factsOf), parked, duplicateKeys, newColumns, otherQuery, copies }
    print(factsJson({ reason, more, changed, ignored, uncommitted, milliseconds, ...facts }))
  } else {
    print(`\n${summarize(state, commits, around).join('\n')}`)
    if (commits.length > 0) await showQueries(lake, log.state)
  }
  failOn(runFailures(commits, lake.layout, show.conditions))
}

/** What `--json` tells of a commit. */
function factsOf(commit: BatchCommit) {
  const { version, operation, batch, attempt, location, committedAt, quarantined, deferred } = commit
  const { rows, files, silver, parked, bytesRead, bytesWritten } = countsOf(commit)
  const subject = { version, operation, batch, attempt, location, committedAt }
  return { ...subject, rows, files, silver, parked, bytesRead, bytesWritten, quarantined, deferred }
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
    const ask = `npx silversmith query --lake ${options.lake} "SELECT … FROM silver.reviews WHERE batch = '…'"`
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
      `${named} is no lake: it has no ${layout.roots.reviews}: put review files there, say where they lie by --reviews, ` +
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
