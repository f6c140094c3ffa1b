import type { ErrorName } from './error-definitions.ts'

/** Errors that pass by themselves: statemachines/silver.asl.yml retries a task that fails with one of these names. */
export const RETRYABLE: readonly string[] = ['StoreUnavailable', 'AthenaUnavailable', 'ExecutionsUnavailable']

/**
 * What Step Functions calls the end of a worker without an error of its own: out of memory, out of time, exited
 * (https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html). A file may be to blame:
 * statemachines/silver.asl.yml catches these names, and no other, to join an item without its files.
 */
export const DEATHS = [
  'Lambda.Unknown',
  'Runtime.ExitError',
  'Runtime.OutOfMemory',
  'Sandbox.Timedout',
  'States.Timeout',
] as const

/** Whether the same call may succeed later. */
export function isRetryable(error: unknown): boolean {
  return error instanceof Error && RETRYABLE.includes(error.name)
}

/**
 * The errors that leave a worker. Each has a stable `name`, given as a literal because bundlers rename classes: Step
 * Functions matches `ErrorEquals` with it. The message says what is wrong, where, and what to do.
 */
export abstract class SilversmithError extends Error {
  abstract override readonly name: ErrorName
}

function named<Name extends ErrorName>(name: Name) {
  return class extends SilversmithError {
    override readonly name = name
  }
}

/** Where docs/troubleshooting.md describes an error. */
export function anchorOf(name: string): string {
  return `docs/troubleshooting.md#${name.toLowerCase().replaceAll('.', '')}`
}

/** The store did not answer, or answered 5xx, after all retries. The state machine retries the task. */
export class StoreUnavailable extends named('StoreUnavailable') {}

/** The store refused the credentials, or a policy denies the call (S3's 403). */
export class AccessDenied extends named('AccessDenied') {}

/** An object that must exist is missing (S3's 404). */
export class ObjectMissing extends named('ObjectMissing') {}

/** An object is no longer the version that was asked for (S3's 412 on a read). */
export class ObjectChanged extends named('ObjectChanged') {}

/** The disk or the quota is full. Retrying does not help: free some space, then run again. */
export class StoreFull extends named('StoreFull') {}

/** A limit of the process or the system: open files, the size of a file. Raise it, then run again. */
export class StoreLimit extends named('StoreLimit') {}

/** The store lacks something that a lake needs: conditional writes, ordered listings, hard links. Use another. */
export class StoreUnsuitable extends named('StoreUnsuitable') {}

/** Something that is not an object, such as a directory or a dangling link, has an object's name. Move it away. */
export class NameTaken extends named('NameTaken') {}

/** The clock shows a time that batch ids can't hold. Set it. */
export class ClockOutOfRange extends named('ClockOutOfRange') {}

/** A key that the store can't hold or that would leave the lake. */
export class InvalidKey extends named('InvalidKey') {}

/** The execution's or worker's input does not fit its grammar. */
export class InvalidInput extends named('InvalidInput') {}

/** The log can't be read as a log. */
export class BrokenLog extends named('BrokenLog') {}

/** Athena did not answer, throttled, or ran out of time. */
export class AthenaUnavailable extends named('AthenaUnavailable') {}

/** Athena refused or failed a statement. */
export class AthenaFailed extends named('AthenaFailed') {}

/** Step Functions did not say whether an execution is running. */
export class ExecutionsUnavailable extends named('ExecutionsUnavailable') {}

/** A file of a dimension is no longer the version that Plan pinned: the pass is planned again. */
export class DimensionChanged extends named('DimensionChanged') {}

/** A dimension has no files, or can't be read. */
export class DimensionUnreadable extends named('DimensionUnreadable') {}

/** A join without a key would compare too many pairs of rows. */
export class JoinTooLarge extends named('JoinTooLarge') {}

/** A subquery that stands for one value gives several rows. */
export class NotScalar extends named('NotScalar') {}

/** A join of static tables makes more rows than are kept in memory. */
export class TooManyRows extends named('TooManyRows') {}

/** None of the first review files can be read, so their columns are not known. */
export class ReviewsUnreadable extends named('ReviewsUnreadable') {}

/** A plan, footer or state has another format than this code's: there was a deploy during the run. Start a new execution. */
export class FormatMismatch extends named('FormatMismatch') {}

/** Spark's own log of the bronze files that it committed can't be read. */
export class BrokenSinkLog extends named('BrokenSinkLog') {}

/** A version of the Delta log was not written here. */
export class BrokenDelta extends named('BrokenDelta') {}

/** The plan of an attempt was removed because it is old: what is left to do needs a new execution. */
export class PlanExpired extends named('PlanExpired') {}

/** An item's silver file is not what the plan asked for, or its rows do not balance. Nothing is committed. */
export class ResultRefused extends named('ResultRefused') {}

/** A batch can't be written again: one of its files is missing, changed or unreadable. The old batch stays. */
export class ReplaceRefused extends named('ReplaceRefused') {}

/** Batches that were to be packed can't be: a file of theirs is missing or damaged. They stay as they are. */
export class CompactRefused extends SilversmithError {
  override readonly name = 'CompactRefused'
}

/** Rows break a rule of the query that says FAIL UPDATE. Nothing is committed. */
export class RuleViolated extends named('RuleViolated') {}

/** An execution had to stop before it had rewritten all batches; the message says what to start for the others. */
export class Unfinished extends named('Unfinished') {}

/** Other executions committed the same files, again and again. */
export class TooManyConflicts extends named('TooManyConflicts') {}

/** Athena counts more or fewer rows in a batch than its commit has. */
export class CountMismatch extends named('CountMismatch') {}

/** The query's columns do not fit the existing table. */
export class SchemaChanged extends named('SchemaChanged') {}
