import type { Json } from '../../functions/adapters/step-functions/distributed-map.ts'
import { ReplaceRefused } from '../../functions/base/errors.ts'
import { Refusal, UsageError } from '../../functions/base/refusal.ts'
import { bytes, count, duration, listed, many } from '../../functions/base/text.ts'
import { parkedIn } from '../../functions/log/fold.ts'
import { readLog } from '../../functions/log/read.ts'
import type { BatchCommit } from '../../functions/protocol/commit.ts'
import type { ExecutionInput } from '../../functions/protocol/input.ts'
import { defineCommand, factsJson, JSON_OPTION } from '../command-line/command.ts'
import { failOn, readFailOn } from '../command-line/fail-on.ts'
import { sameLake } from '../command-line/same-lake.ts'
import type { LocalLake } from '../lakes/lake.ts'
import { beginLake } from '../lakes/lake-record.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../lakes/open-lake.ts'
import type { StageLake } from '../lakes/stage/open-stage.ts'
import { checkQuery } from '../local/check-query.ts'
import { readSettings, SETTINGS_OPTIONS, sameAgain, withQueryNamed } from '../local/local-settings.ts'
import type { LocalRun } from '../local/run-local.ts'
import { runOnLake } from '../local/run-on-lake.ts'
import { copiedLines, findCopies } from '../summary/copied-files.ts'
import { lookAround, nothingLines } from '../summary/nothing-new.ts'
import { priceOf, usageOf } from '../summary/price.ts'
import { commitsOf, quarantineLines, RUN_CONDITIONS, runFailures } from '../summary/summary.ts'
import { print } from '../terminal/print.ts'
import { table } from '../terminal/table.ts'
import { type Estimate, estimateBackfill } from './backfill/estimate.ts'
import { nameRequest, REQUEST_OPTIONS, readRequest } from './backfill/request.ts'

/** Batches in one execution: each is a pass, of which an execution has 100, and some may be void and come again. */
const BATCHES = 80

export default defineCommand(
  {
    purpose:
      'Joins chosen bronze files, or writes batches again, in as many executions as it takes. First it shows what there is ' +
      'to do and what AWS would charge. Without options it joins every new bronze file. Parked reviews are left to run and ' +
      'to the schedule. A stage has the settings that it was deployed with, so the options from --sql on are for --lake.',
    options: {
      ...ANY_LAKE_OPTIONS,
      prefix: { ...REQUEST_OPTIONS.prefix, value: 'KEY', help: 'new files under this, such as bronze/reviews/2024/' },
      from: { ...REQUEST_OPTIONS.from, value: 'TIME', help: 'files last written at this time or later, in ISO 8601' },
      to: { ...REQUEST_OPTIONS.to, value: 'TIME', help: 'files last written before this time' },
      quarantined: { ...REQUEST_OPTIONS.quarantined, help: 'retry the files in quarantine' },
      changed: { ...REQUEST_OPTIONS.changed, help: 'write the batches again whose files have changed' },
      reprocess: {
        ...REQUEST_OPTIONS.reprocess,
        help: 'write batches again: those of --batch, those with files written from --from to --to, or --all',
      },
      batch: { ...REQUEST_OPTIONS.batch, value: 'ID', help: 'a batch to write again' },
      all: { ...REQUEST_OPTIONS.all, help: 'write every batch again' },
      after: { ...REQUEST_OPTIONS.after, value: 'ID', help: 'only batches after this one' },
      'dry-run': { type: 'boolean', default: false, help: 'only show what would be done' },
      stop: { type: 'boolean', default: false, help: 'stop the running backfills of a stage' },
      'fail-on': {
        type: 'string',
        value: 'LIST',
        help: 'exit with status 1 if it had any of quarantine, parked, unmatched, rules (separated by commas)',
      },
      ...JSON_OPTION,
      'max-usd': { type: 'string', value: 'N', help: 'refuse to run what would cost more than this on AWS' },
      ...SETTINGS_OPTIONS,
    },
  },
  async values => {
    const settings = await readSettings(values)
    const conditions = readFailOn(values['fail-on'], RUN_CONDITIONS)
    if (values.json && !values['dry-run']) throw new UsageError('--json goes with --dry-run')
    if (values.stage !== undefined && (values.sql ?? values.bronze) !== undefined) {
      throw new UsageError('--sql and --bronze are for --lake: a stage has the query it was deployed with')
    }
    const limit = values['max-usd']
    if (limit !== undefined && !(Number(limit) >= 0)) {
      throw new UsageError(`--max-usd must be a number from 0, not ${limit}`)
    }
    const lake = await openAnyLake(values)
    if (values.stop) return stop(lake)
    const input = readRequest(values, lake.layout.roots)
    const caps = 'stage' in lake ? lake.stage.caps : settings.caps
    const ignoreSparkMetadata = values['ignore-spark-metadata']
    const estimate = await estimateBackfill(lake, input, { caps, ignoreSparkMetadata })
    if (values.json) {
      const { work, batches } = estimate
      return print(factsJson({ input, work, batches, usd: priceOf(usageOf(work, memoryOf(lake))) }))
    }
    const usd = show(estimate, lake)
    if (estimate.work.files === 0 && estimate.batches.length === 0) {
      const log = await readLog(lake.store, lake.layout)
      if (!('stage' in lake)) await withQueryNamed(values, () => checkQuery(lake, log.state, settings))
      const again = { lake: sameLake(values), where: sameAgain(values) }
      const lines = nothingLines(await lookAround(lake, log, input), again)
      return print(`\n${[...lines, ...parkedLines(parkedIn(log.state).rows, again.lake, input)].join('\n')}`)
    }
    if (values['dry-run']) return
    if (limit !== undefined && usd > Number(limit)) {
      throw new Refusal(`this would cost about $${usd.toFixed(4)}, more than --max-usd ${limit}: nothing was run`)
    }
    if (!('stage' in lake)) await beginLake(lake)
    print()
    const refusals: string[] = []
    const committed: BatchCommit[] = []
    for (const each of split(input, estimate)) {
      await withQueryNamed(values, () => runToEnd(each, lake, { settings, committed, where: sameAgain(values) })).catch(
        error => {
          // the other batches of these were written, and those of the other parts can be
          if (error?.name !== 'ReplaceRefused') throw error
          refusals.push(error.message)
        },
      )
    }
    failOn(runFailures(committed, lake.layout, conditions))
    if (refusals.length > 0) throw new ReplaceRefused(refusals.join('; '))
  },
)

/** Stops what earlier calls have left running on a stage. */
async function stop(lake: LocalLake | StageLake): Promise<void> {
  if (!('stage' in lake)) throw new UsageError('--stop is for a stage: a run on a directory ends with Ctrl-C')
  const { stopBackfills } = await import('../lakes/stage/running.ts') // with the SDK
  const stopped = await stopBackfills(lake.stage.sfn, lake.stage.machineArn)
  print(stopped.length === 0 ? 'no backfill is running' : `stopped ${listed(stopped)}; what is committed stays`)
}

/** MB of the workers. */
function memoryOf(lake: LocalLake | StageLake): StageLake['stage']['memory'] {
  return 'stage' in lake ? lake.stage.memory : { join: 1769, other: 1024 }
}

/** Shows what would be done and what AWS would charge for it; returns that in USD. */
function show({ work, batches, packed }: Estimate, lake: LocalLake | StageLake): number {
  const usage = usageOf(work, memoryOf(lake))
  const usd = priceOf(usage)
  const price = `about $${usd < 0.01 ? usd.toFixed(4) : usd.toFixed(2)} at AWS list prices`
  const lines = [
    ...packed.map(([id, into]) => `batch ${id} was packed into ${into}, which is written again whole`),
    `to do      ${many(work.files, 'file')}, ${bytes(work.bytes)}, in ${many(work.items, 'item')} and ${many(work.passes, 'batch')}` +
      (batches.length > 0 ? ', which are written again' : ''),
    `on AWS     ${count(Math.ceil(usage.gbSeconds))} GB-seconds of Lambda, ${count(usage.transitions)} state transitions, ` +
      `${count(Math.ceil(usage.gets + usage.puts))} requests to S3: ${price}`,
  ]
  print(lines.join('\n'))
  return usd
}

/** Who looks for the customers of parked reviews, which backfills leave alone. */
function parkedLines(rows: number, lake: string, { reprocess }: ExecutionInput): string[] {
  if (rows === 0 || reprocess) return []
  const who = lake.startsWith(' --stage') ? 'the runs of the schedule look' : `npx silversmith run${lake} looks`
  return [`parked until their customer comes: ${many(rows, 'review')}, for which ${who}`]
}

/** Reprocessing is cut into executions of some batches each, because an execution forgets what another has done. */
function split(input: ExecutionInput, { batches }: Estimate): ExecutionInput[] {
  if (!input.reprocess || 'changed' in input.reprocess) return [input]
  const parts: ExecutionInput[] = []
  for (let at = 0; at < batches.length; at += BATCHES) {
    parts.push({ reprocess: { batches: batches.slice(at, at + BATCHES) } })
  }
  return parts
}

interface ToEnd {
  readonly settings: LocalRun['settings']
  /** Receives the commits. */
  readonly committed: BatchCommit[]
  /** The options that advice is given with. */
  readonly where: string
}

/** Runs executions until nothing is left of an input: one makes 100 passes at most. */
async function runToEnd(
  input: ExecutionInput,
  lake: LocalLake | StageLake,
  { settings, committed, where }: ToEnd,
): Promise<void> {
  for (;;) {
    const started = performance.now()
    const name = nameRequest(input, Date.now())
    const { state, failure } = await runOnLake(lake, { input: input as Json, name, settings, screen: process.stdout })
    const commits = await commitsOf(lake.store, lake.layout, state)
    committed.push(...commits)
    if (failure && commits.length === 0) throw failure
    const copies = await findCopies(lake, await readLog(lake.store, lake.layout), commits)
    print(
      commits.length > 0 ? `\n${[summarize(commits), ...copiedLines(copies, where)].join('\n')}` : `\n${state.reason}`,
    )
    print(`took ${duration(performance.now() - started)}\n`)
    if (failure) throw failure
    if (!state.more || state.done.length === 0) return
  }
}

function summarize(commits: readonly BatchCommit[]): string {
  const rows = commits.map(({ batch, operation, bronze, rows, parked, quarantined, deferred }) => [
    ...[batch, operation, bronze.length, rows.read, rows.written],
    ...[parked.reduce((sum, file) => sum + file.rows, 0), quarantined.length, deferred.length],
  ])
  const header = ['batch', 'operation', 'files', 'read', 'written', 'parked', 'quarantined', 'deferred']
  return [table(header, rows), ...quarantineLines(commits.flatMap(each => each.quarantined))].join('\n')
}
