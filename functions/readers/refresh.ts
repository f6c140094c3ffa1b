import { BrokenLog, isRetryable, SilversmithError } from '../base/errors.ts'
import type { Lake } from '../lake/lake.ts'
import type { FoldedLog } from '../log/fold.ts'
import { readLog } from '../log/read.ts'
import type { Repairs, UntoldReader } from '../protocol/state.ts'
import { addRepairs, NO_REPAIRS } from './athena/repairs.ts'
import type { OpenReader, Reader, TellOptions, Told } from './reader.ts'

export interface Refreshed {
  /** False when there is more to publish to a reader. */
  readonly complete: boolean
  readonly repairs: Repairs
  readonly mismatch: string | undefined
  /** The readers that could not be updated. */
  readonly failures: readonly (UntoldReader & { readonly error: SilversmithError })[]
}

/**
 * Publishes what is committed to all readers at once, except one that reads what is published to another. With `check`, and
 * where one of them says that it is due, what was published before is checked too. A reader that fails holds up no
 * other, and is left to the next pass or run. Throws a retryable error once all others are up to date, and BrokenLog
 * before all else: nobody may read from a log that has lost commits.
 */
export async function refreshReaders(
  readers: readonly Reader[],
  { store, layout }: Lake,
  check: boolean,
): Promise<Refreshed> {
  const opened = await Promise.all(readers.map(reader => outcomeOf(reader.open())))
  const open = opened.flatMap(each => (each instanceof Error ? [] : [each]))
  const near = Math.max(-1, ...open.map(({ version = -1 }) => version))
  const { state: log } = await readLog(store, layout, { near })
  const outcomes = await tellAll(readers, opened, optionsFor(open, log, check))
  const failures: Refreshed['failures'][number][] = []
  const told: Told[] = []
  for (const [i, outcome] of outcomes.entries()) {
    if (!(outcome instanceof Error)) told.push(outcome)
    else if (!(outcome instanceof SilversmithError) || outcome instanceof BrokenLog) throw outcome
    else failures.push({ reader: readers[i]?.name ?? '', message: outcome.message, error: outcome })
  }
  const passing = failures.find(({ error }) => isRetryable(error))
  if (passing) throw passing.error
  return {
    complete: told.every(({ complete }) => complete),
    repairs: told.reduce((all, { repairs }) => addRepairs(all, repairs ?? NO_REPAIRS), NO_REPAIRS),
    mismatch: told.find(({ mismatch }) => mismatch !== undefined)?.mismatch,
    failures,
  }
}

function optionsFor(open: readonly OpenReader[], log: FoldedLog, check: boolean): TellOptions {
  const news = open.some(({ version = log.version }) => version < log.version)
  return { log, news, check: check && (news || open.some(({ isDue }) => isDue?.(log) === true)) }
}

/** Publishes to all at once, except to a reader of what is published to another one, which comes before it: it waits for that. */
function tellAll(
  readers: readonly Reader[],
  opened: readonly (OpenReader | Error)[],
  options: TellOptions,
): Promise<(Told | Error)[]> {
  const telling = new Map<string, Promise<Told | Error>>()
  return Promise.all(
    opened.map((open, i) => {
      const { name = '', after = '' } = readers[i] ?? {}
      const told = tellAfter(telling.get(after), open, options)
      telling.set(name, told)
      return told
    }),
  )
}

async function tellAfter(
  first: Promise<Told | Error> | undefined,
  open: OpenReader | Error,
  options: TellOptions,
): Promise<Told | Error> {
  const before = await first
  if (before instanceof Error) return { complete: true } // whose error is told
  if (before?.complete === false) return before
  return open instanceof Error ? open : outcomeOf(open.tell(options))
}

/** What became of one reader's work; a failure does not end the others'. */
async function outcomeOf<T>(work: Promise<T>): Promise<T | Error> {
  try {
    return await work
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
