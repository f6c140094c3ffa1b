import type { BatchCommit } from '../../protocol/commit.ts'
import { absorbedIn, type FoundAttempt } from './attempts.ts'

/** Attempts in their order, but those of one batch together, the newest first. */
export function newestFirst(attempts: readonly FoundAttempt[]): FoundAttempt[] {
  const batches = Map.groupBy(attempts, ({ batch }) => batch)
  return [...batches.values()].flatMap(each => each.sort((a, b) => byTurn(turnOf(b), turnOf(a))))
}

/** What orders the attempts of one batch. */
export interface Turn {
  readonly attempt: string
  readonly replaces: boolean
  /** How many batches were packed into its batch until then: they only become more. */
  readonly absorbed: number
  /** The version of the log's end when it was planned, -1 where that is not known. */
  readonly seen: number
}

/** The turn of a commit that is left. */
export function turnOfCommit({ attempt, operation, version, absorbs = [] }: BatchCommit): Turn {
  return { attempt, replaces: operation !== 'append', absorbed: absorbs.length, seen: version - 1 }
}

/** The turn of an attempt that was found. */
export function turnOf(found: FoundAttempt): Turn {
  const absorbed = absorbedIn(found).length
  return { attempt: found.attempt, replaces: isReplace(found), absorbed, seen: found.seen?.version ?? -1 }
}

/** A batch is written again after it was begun, and the later attempt saw more of the log; names only say what the clock said. */
export function byTurn(a: Turn, b: Turn): number {
  if (a.replaces !== b.replaces) return a.replaces ? 1 : -1
  if (a.absorbed !== b.absorbed) return a.absorbed - b.absorbed
  return (a.seen >= 0 && b.seen >= 0 && a.seen - b.seen) || byAttempt(a, b)
}

/** The order of names. */
export function byAttempt(a: Pick<Turn, 'attempt'>, b: Pick<Turn, 'attempt'>): number {
  return a.attempt < b.attempt ? -1 : 1
}

/** Whether an attempt replaced the files of another. */
export function isReplace(found: FoundAttempt): boolean {
  return operationOf(found) !== 'append'
}

/** Whether it replaced them by files with the same rows. */
export function isPacked(found: FoundAttempt): boolean {
  return operationOf(found) === 'compact'
}

function operationOf({ results }: FoundAttempt): BatchCommit['operation'] | undefined {
  return results[0]?.result.operation
}
