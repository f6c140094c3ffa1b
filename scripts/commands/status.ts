import { bytes, duration, many } from '../../functions/base/text.ts'
import { readCommitted } from '../../functions/lake/read-spark-sink.ts'
import type { Freshness } from '../../functions/protocol/freshness.ts'
import { defineCommand, factsJson, JSON_OPTION } from '../command-line/command.ts'
import { failOn, readFailOn } from '../command-line/fail-on.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../lakes/open-lake.ts'
import type { Stage } from '../lakes/stage/find-stage.ts'
import type { StageExecution } from '../lakes/stage/last-executions.ts'
import { QUERY_OPTIONS, readSql, SETTINGS_OPTIONS, sameAgain } from '../local/local-settings.ts'
import { doubtLines } from '../summary/doubts.ts'
import { findFacts, type LakeFacts } from '../summary/lake-facts.ts'
import { otherQueryLines } from '../summary/other-query.ts'
import { ruleLines } from '../summary/rule-lines.ts'
import { findSkipped, skippedLines } from '../summary/skipped-names.ts'
import { print } from '../terminal/print.ts'
import { table } from '../terminal/table.ts'

/** Executions that are shown, and files that are named. */
const SHOWN = 10

export default defineCommand(
  {
    purpose:
      'Shows which run is working, what is committed and published, and what waits: new bronze files, parked rows, changed ' +
      'files, files in quarantine that still exist. For a stage, also the last executions.',
    options: {
      ...ANY_LAKE_OPTIONS,
      sql: { ...QUERY_OPTIONS.sql, help: 'the query to compare batches with; default: silver.sql' },
      'ignore-spark-metadata': SETTINGS_OPTIONS['ignore-spark-metadata'],
      'fail-on': {
        type: 'string',
        value: 'LIST',
        help:
          'exit with status 1 on any of stale[=AGE] (new files have waited that long), quarantine, parked[=AGE] (reviews ' +
          'have waited that long), failed (the last execution failed, or a commit is not published); separated by commas',
      },
      ...JSON_OPTION,
    },
  },
  async values => {
    const conditions = readFailOn(values['fail-on'], CONDITIONS, ['stale', 'parked'])
    const lake = await openAnyLake(values)
    const stage = 'stage' in lake ? lake.stage : undefined
    const sql = stage ? undefined : await readSql('sql', values.sql)
    const { executions, failed } = stage ? await stageExecutions(stage) : { executions: [], failed: [] }
    const ignored = values['ignore-spark-metadata']
    const isCommitted = ignored ? null : await readCommitted(lake.store, lake.layout.roots.reviews)
    const facts = await findFacts(lake, { since: stage?.since ?? null, isCommitted, sql })
    const now = Date.now()
    const { changedKeys: _, ...told } = facts
    if (values.json) print(factsJson(stage ? { ...told, executions } : told))
    else {
      if (stage) print(`stage      ${stage.name}, s3://${stage.bucket}\n\n${executionsText(executions, failed)}\n`)
      const query = stage ? 'the newest' : (values.sql ?? 'silver.sql')
      const other = otherQueryLines(facts.otherQuery, query, sameAgain(values))
      const skipped = 'root' in lake ? skippedLines(await findSkipped(lake.root, 'bronze/')) : []
      print([...describeLake(facts, now), ...other, ...doubtLines(facts.doubts), ...skipped].join('\n'))
    }
    failOn(failures(facts, executions, conditions, now))
  },
)

const CONDITIONS = ['stale', 'quarantine', 'parked', 'failed'] as const

/** What of the conditions that a command was told to fail on holds, in a line each. */
function failures(
  { backlog, quarantine, parked, working, log, published }: LakeFacts,
  executions: readonly StageExecution[],
  conditions: ReadonlyMap<(typeof CONDITIONS)[number], number>,
  now: number,
): string[] {
  const told: string[] = []
  const age = (time: string | null) => (time === null ? -1 : now - Date.parse(time))
  const limit = (name: (typeof CONDITIONS)[number]) => conditions.get(name) ?? Number.POSITIVE_INFINITY
  if (age(backlog.oldest) >= limit('stale'))
    told.push(`stale: ${many(backlog.files, 'new file')} wait, the oldest for ${duration(age(backlog.oldest))}`)
  if (conditions.has('quarantine') && quarantine.length > 0)
    told.push(`quarantine: ${many(quarantine.length, 'file')}, such as ${quarantine[0]?.key}: ${quarantine[0]?.reason}`)
  if (age(parked.oldest) >= limit('parked'))
    told.push(`parked: ${many(parked.rows, 'review')} wait, the oldest for ${duration(age(parked.oldest))}`)
  if (!conditions.has('failed')) return told
  const last = executions.find(({ status }) => status !== 'RUNNING')
  if (last && last.status !== 'SUCCEEDED') told.push(`failed: execution ${last.name} ended as ${last.status}`)
  if (working === null && published.version < log.version)
    told.push(`failed: readers know version ${published.version} of ${log.version}: run again`)
  return told
}

function executionsText(executions: readonly StageExecution[], failed: readonly string[]): string {
  const rows = executions.map(({ name, status, started, stopped }) => {
    const took = started && stopped ? duration(Date.parse(stopped) - Date.parse(started)) : ''
    return [started?.slice(0, 19), status, took, name]
  })
  if (executions.length === 0) return 'no executions yet'
  const listing = table(['started', 'status', 'took', 'execution'], rows)
  return failed.length === 0 ? listing : `${listing}\n\n${failed.join('\n')}`
}

/** The facts in lines; `now` is in UTC milliseconds. */
function describeLake(facts: LakeFacts, now: number): string[] {
  const { log, published, freshness, backlog, parked, rules, changed, quarantine } = facts
  const waiting = (time: string | null) => (time ? `, the oldest for ${duration(now - Date.parse(time))}` : '')
  return [
    `working    ${workingText(facts)}`,
    `log        ${log.version < 0 ? 'empty' : `version ${log.version}, ${many(log.batches, 'batch')}`}`,
    `published  ${published.at === null ? 'nothing yet' : `up to version ${published.version}, ${published.at.slice(0, 19)}`}`,
    ...(freshness ? [`freshness  ${freshText(freshness)}`] : []),
    `backlog    ${many(backlog.files, 'file')}, ${bytes(backlog.bytes)}${waiting(backlog.oldest)}`,
    `parked     ${many(parked.rows, 'row')}${waiting(parked.oldest)}`,
    ...ruleLines(rules),
    `changed    ${many(changed, 'file')} since joined`,
    `quarantine ${many(quarantine.length, 'file')}`,
    ...quarantine.slice(0, SHOWN).map(({ key, reason }) => `           ${JSON.stringify(key).slice(1, -1)}: ${reason}`),
  ]
}

/** In seconds. */
function freshText({ newest, oldest }: Freshness): string {
  const after = (seconds: number) => duration(seconds * 1000)
  if (newest === oldest) return `the last new file was committed ${after(newest)} after it landed`
  return `the last new files were committed ${after(newest)} to ${after(oldest)} after they landed`
}

function workingText({ working: holder, perhaps }: LakeFacts): string {
  if (holder === null) return 'nobody'
  return perhaps ? `perhaps ${holder}, of another machine: a run waits half a minute to see` : holder
}

/** The last executions of a stage. */
async function stageExecutions(stage: Stage) {
  const { lastExecutions } = await import('../lakes/stage/last-executions.ts') // with the SDK
  return lastExecutions(stage, SHOWN)
}
