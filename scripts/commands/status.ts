import { ListExecutionsCommand } from '@aws-sdk/client-sfn'
import { type Executions, readClaim } from '../../functions/lake/claim.ts'
import type { BronzeEntry } from '../../functions/log/fold.ts'
import { findCandidates } from '../../functions/planning/candidates.ts'
import type { Since } from '../../functions/planning/since.ts'
import { readCommitted } from '../../functions/planning/spark-source.ts'
import { parkedIn } from '../../functions/planning/state.ts'
import { readWholeLog } from '../../functions/planning/whole-log.ts'
import { defineCommand } from '../command.ts'
import { SETTINGS_OPTIONS } from '../local-settings.ts'
import { ANY_LAKE_OPTIONS, type OpenLake, openAnyLake } from '../open-lake.ts'
import { findSkipped, skippedLines } from '../skipped-names.ts'
import { failureLines, lastFailures } from '../stage/failures.ts'
import type { Stage } from '../stage/find-stage.ts'
import { table } from '../table.ts'
import { print } from '../terminal/print.ts'
import { bytes, duration, many } from '../text.ts'

/** Executions that are shown, and files that are named. */
const SHOWN = 10

export default defineCommand(
  {
    purpose:
      'Shows who is working, how far the log and the readers are, and what waits: new bronze files, parked rows, files ' +
      'that changed, files in quarantine that are still there. For a stage the last executions too.',
    options: { ...ANY_LAKE_OPTIONS, 'ignore-spark-metadata': SETTINGS_OPTIONS['ignore-spark-metadata'] },
  },
  async values => {
    const lake = await openAnyLake(values)
    if ('stage' in lake) {
      print(`stage      ${lake.stage.name}, s3://${lake.stage.bucket}\n`)
      print(`${await showExecutions(lake.stage)}\n`)
    }
    const since = 'stage' in lake ? lake.stage.since : null
    const ignored = values['ignore-spark-metadata']
    const isCommitted = ignored ? null : await readCommitted(lake.store, lake.layout.roots.reviews)
    const lines = await describeLake(lake, { since, isCommitted }, Date.now())
    if ('root' in lake) lines.push(...skippedLines(await findSkipped(lake.root, 'bronze/')))
    print(lines.join('\n'))
  },
)

async function showExecutions({ sfn, machineArn }: Stage): Promise<string> {
  const command = new ListExecutionsCommand({ stateMachineArn: machineArn, maxResults: SHOWN })
  const { executions = [] } = await sfn.send(command)
  const rows = executions.map(({ name, status, startDate, stopDate }) => {
    const took = startDate && stopDate ? duration(stopDate.getTime() - startDate.getTime()) : ''
    return [startDate?.toISOString().slice(0, 19), status, took, name]
  })
  if (executions.length === 0) return 'no executions yet'
  const failures = failureLines(await lastFailures(sfn, executions))
  const listing = table(['started', 'status', 'took', 'execution'], rows)
  return failures.length === 0 ? listing : `${listing}\n\n${failures.join('\n')}`
}

/** How far the lake is, in lines, as a scheduled run would see it; `now` is in UTC milliseconds. */
async function describeLake(
  { store, layout, executions }: OpenLake,
  { since, isCommitted }: { readonly since: Since | null; readonly isCommitted: ((key: string) => boolean) | null },
  now: number,
): Promise<string[]> {
  const { log, published } = await readWholeLog(store, layout)
  const quarantined: BronzeEntry[] = []
  const settled = async function* () {
    for await (const entry of log.bronze()) {
      if (entry.reason !== undefined) quarantined.push(entry)
      yield entry
    }
  }
  const { backlog, changedCount } = await findCandidates({
    store,
    listing: store.list(layout.roots.reviews, since && 'key' in since ? { startAfter: since.key } : {}),
    settled: settled(),
    root: layout.roots.reviews,
    isCommitted,
    input: {},
    since: since && 'time' in since ? since.time : null,
    briefly: false,
    caps: { maxFilesPerBatch: 1, maxBytesPerBatch: 1 },
  })
  const { state } = log
  const there: BronzeEntry[] = []
  for (const entry of quarantined) if (await store.head(entry.key)) there.push(entry)
  const parked = parkedIn(state)
  const holder = (await readClaim(store, layout))?.execution
  const waiting = (time: string | null | undefined) =>
    time ? `, the oldest for ${duration(now - Date.parse(time))}` : ''
  return [
    `working    ${await working(holder, executions)}`,
    `log        ${state.version < 0 ? 'empty' : `version ${state.version}, ${many(state.batches.size, 'batch')}`}`,
    `published  ${published.version < 0 ? 'nothing yet' : `up to version ${published.version}, ${published.at.slice(0, 19)}`}`,
    `backlog    ${many(backlog.files, 'file')}, ${bytes(backlog.bytes)}${waiting(backlog.oldest)}`,
    `parked     ${many(parked.rows, 'row')}${waiting(parked.oldest)}`,
    `changed    ${many(changedCount, 'file')} since joined`,
    `quarantine ${many(there.length, 'file')}`,
    ...there.slice(0, SHOWN).map(({ key, reason }) => `           ${JSON.stringify(key).slice(1, -1)}: ${reason}`),
  ]
}

/** Who is at work. Of an execution on another machine the claim alone is known: whether it lives, a run would find out. */
async function working(holder: string | undefined, executions: Executions): Promise<string> {
  if (holder === undefined) return 'nobody'
  const running = await executions.isRunning(holder)
  if (running === undefined) return `perhaps ${holder}, of another machine: a run waits half a minute to see`
  return running ? holder : 'nobody'
}
