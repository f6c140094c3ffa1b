import { bytes, duration, many } from '../../functions/base/text.ts'
import type { LakeTotals, RunMark } from '../../functions/maintain/console/now.ts'
import type { Rubbish } from '../../functions/maintain/vacuum.ts'
import { doubtLines } from '../summary/doubts.ts'
import type { LakeFacts } from '../summary/lake-facts.ts'

/** Something that wants a look, and what deals with it. */
export interface Trouble {
  readonly kind: 'quarantine' | 'changed' | 'parked' | 'unpublished' | 'stale' | 'failed' | 'attempts' | 'doubt'
  /** `bad`: rows are missing, or will be. `warn`: something waits. */
  readonly severity: 'bad' | 'warn'
  readonly title: string
  readonly detail: string
  /** What deals with it, ready to be copied; null where no command does. */
  readonly command: string | null
  /** The first of what it is about. */
  readonly named: readonly { readonly name: string; readonly note: string }[]
}

/** Files and attempts that are named. */
const NAMED = 20
/** When waiting is worth a word: twice the interval of the schedule, and a day for reviews. */
const STALE = 30 * 60_000
const PARKED = 86_400_000

export interface TroubleSources {
  /** The options that name the lake in a command, with a space before them. */
  readonly where: string
  readonly totals: LakeTotals
  readonly published: number
  readonly isWorking: boolean
  readonly runs: readonly RunMark[]
  /** Null while the first look at the lake goes on. */
  readonly facts: LakeFacts | null
  /** Attempts that were never committed. */
  readonly attempts: readonly Rubbish[]
  readonly now: number
}

/** What is wrong with a lake, the worst first. */
export function findTroubles(sources: TroubleSources): Trouble[] {
  const all = [
    ...failedRuns(sources),
    ...unpublished(sources),
    ...quarantine(sources),
    ...(sources.facts ? ofBronze(sources, sources.facts) : []),
    ...parked(sources),
    ...attempts(sources),
  ]
  return all.sort((a, b) => Number(a.severity === 'warn') - Number(b.severity === 'warn'))
}

function failedRuns({ runs, where }: TroubleSources): Trouble[] {
  const last = runs.findLast(({ outcome }) => outcome !== 'running')
  if (last?.outcome !== 'failed') return []
  const name = { name: last.name, note: last.at }
  return [
    {
      ...{ kind: 'failed', severity: 'bad', title: 'The last run ended early', named: [name] },
      detail: 'What it had committed stays. The next run takes the rest.',
      command: where.includes('--stage') ? `npx silversmith status${where}` : `npx silversmith run${where}`,
    },
  ]
}

function unpublished({ totals, published, isWorking, where }: TroubleSources): Trouble[] {
  if (isWorking || published >= totals.version) return []
  return [
    {
      ...{ kind: 'unpublished', severity: 'bad', title: 'Readers do not see the newest commits', named: [] },
      detail: `They know version ${published} of ${totals.version}. The next run publishes the rest.`,
      command: where.includes('--stage') ? `npx silversmith backfill${where}` : `npx silversmith run${where}`,
    },
  ]
}

function quarantine({ facts, where, totals }: TroubleSources): Trouble[] {
  const files = facts?.quarantine.map(({ key, reason }) => ({ name: key, note: reason })) ?? []
  const number = facts ? files.length : totals.quarantined
  if (number === 0) return []
  const them = number === 1 ? 'it' : 'them'
  return [
    {
      ...{ kind: 'quarantine', severity: 'bad', title: `${many(number, 'file')} in quarantine` },
      detail: `No row of ${them} is in silver. Once repaired or replaced, the next run takes ${them}. To try ${them} as now:`,
      command: `npx silversmith backfill${where} --quarantined`,
      named: files.slice(0, NAMED),
    },
  ]
}

function ofBronze({ where, now, isWorking }: TroubleSources, facts: LakeFacts): Trouble[] {
  const { backlog, changed, changedKeys, doubts } = facts
  const age = backlog.oldest === null ? 0 : now - Date.parse(backlog.oldest)
  const troubles: Trouble[] = []
  if (backlog.files > 0 && age > STALE && !isWorking) {
    troubles.push({
      ...{
        kind: 'stale',
        severity: 'warn',
        title: `${many(backlog.files, 'new file')} ${backlog.files === 1 ? 'waits' : 'wait'} to be joined`,
        named: [],
      },
      detail: `${bytes(backlog.bytes)}, the oldest for ${duration(age)}.`,
      command: where.includes('--stage') ? `npx silversmith backfill${where}` : `npx silversmith run${where}`,
    })
  }
  if (changed > 0) {
    troubles.push({
      ...{ kind: 'changed', severity: 'warn', title: `${many(changed, 'file')} changed since joined` },
      detail: 'Silver has what was joined. To take what is there now:',
      command: `npx silversmith backfill${where} --changed`,
      named: changedKeys.slice(0, NAMED).map(name => ({ name, note: '' })),
    })
  }
  const lines = doubtLines(doubts).map(line => line.replace(/^warning: /, ''))
  if (lines.length > 0) {
    troubles.push({
      ...{ kind: 'doubt', severity: 'warn', title: 'The newest batch looks odd', command: null },
      detail: 'It may be meant.',
      named: lines.map(line => ({ name: line, note: '' })),
    })
  }
  return troubles
}

function parked({ totals, where, now }: TroubleSources): Trouble[] {
  const { rows, oldest } = totals.parked
  if (rows === 0 || oldest === null) return []
  const age = now - Date.parse(oldest)
  return [
    {
      ...{ kind: 'parked', severity: 'warn', named: [] },
      title: `${many(rows, 'review')} ${rows === 1 ? 'waits' : 'wait'} for ${rows === 1 ? 'its' : 'their'} customer`,
      detail: `The oldest for ${duration(age)}${age > PARKED ? ': are its customers still to come?' : '. The run after the customer has come takes them.'}`,
      command: `npx silversmith parked${where} --by customer`,
    },
  ]
}

function attempts({ attempts: found, where }: TroubleSources): Trouble[] {
  if (found.length === 0) return []
  return [
    {
      ...{ kind: 'attempts', severity: 'warn', title: `${many(found.length, 'attempt')} never committed` },
      detail: `${bytes(found.reduce((sum, each) => sum + each.bytes, 0))} that no reader sees, left by runs that ended early.`,
      command: `npx silversmith vacuum${where} --dry-run`,
      named: found.slice(0, NAMED).map(({ attempt, keys }) => ({ name: attempt, note: many(keys.length, 'object') })),
    },
  ]
}
