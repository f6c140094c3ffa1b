/** What an error means to whoever meets it. docs/troubleshooting.md is made from these definitions. */
export interface ErrorDefinition {
  /** What has happened. */
  readonly cause: string
  /** What to do about it, with the command where there is one. */
  readonly remedy: string
}

/** Every error that leaves a worker or a command under a name of its own. */
export const ERRORS = {
  StoreUnavailable: {
    cause: 'S3, or the directory, did not answer or failed after all retries. Nothing is lost.',
    remedy: 'Wait: the state machine retries, and the next run goes on. If it lasts, check the AWS Health Dashboard.',
  },
  StoreFull: {
    cause: 'The disk, or its quota, is full.',
    remedy: 'Free some space (`npx silversmith vacuum` removes what nobody needs), then run again.',
  },
  StoreLimit: {
    cause: 'A limit of the process or the system was met: open files, or the size of a file.',
    remedy: 'Raise the limit that is named (`ulimit -n`, `ulimit -f`), then run again.',
  },
  StoreUnsuitable: {
    cause:
      'The store lacks what a lake needs: conditional writes, listings in the order of UTF-8, hard links, one volume.',
    remedy: 'Use a store that has it, such as an S3 general purpose bucket or a local disk.',
  },
  NameTaken: {
    cause: 'A directory, or a link that leads nowhere, is in the place of an object.',
    remedy: 'Move away what the message names, then run again.',
  },
  ClockOutOfRange: {
    cause: 'The clock says a time before 1970 or after 9999, which batch ids can not hold.',
    remedy: 'Set the clock of the machine, then run again.',
  },
  AccessDenied: {
    cause: 'The credentials or a policy do not allow the call that the message names.',
    remedy: 'Grant the right that is named (docs/aws.md lists them by role), then redrive the execution or run again.',
  },
  ObjectMissing: {
    cause: 'An object that must be there is gone.',
    remedy: 'Restore it. A missing customers snapshot or plan is made again by a new execution: `npx silversmith run`.',
  },
  ObjectChanged: {
    cause: 'An object changed while it was read.',
    remedy: 'Run again. If it happens each time, something keeps writing that object: find it.',
  },
  InvalidKey: {
    cause: 'A key that the store cannot hold, or that would leave the lake.',
    remedy: 'Rename the object that the message names: at most 1,024 bytes of UTF-8, no empty, `.` or `..` segments.',
  },
  InvalidInput: {
    cause: 'The input of an execution, a worker or an option does not fit its grammar.',
    remedy: 'Correct the field that the message names; docs/operations.md describes the input.',
  },
  InvalidQuery: {
    cause: 'silver.sql or bronze.sql cannot be compiled, or does not fit the columns of bronze.',
    remedy: 'Correct the line and column that are named, then check with `npx silversmith explain`.',
  },
  InvalidDdl: {
    cause: 'A column of the query has a name or type that a table in Athena cannot have.',
    remedy: 'Give the column another name with AS, or CAST it.',
  },
  BrokenLog: {
    cause:
      'The commit log cannot be read as a log: an entry is missing, altered, or older than what readers were told.',
    remedy: 'Stop the schedule, then `npx silversmith rebuild --dry-run`, then `npx silversmith rebuild`.',
  },
  BrokenSinkLog: {
    cause: "The log of Spark's file sink, `_spark_metadata` beside the bronze files, cannot be read.",
    remedy: 'Restore it, or take every file with `--ignore-spark-metadata` (`ignoreSparkMetadata` in serverless.yml).',
  },
  AthenaUnavailable: {
    cause: 'Athena did not answer, throttled, or ran out of time. The batch is committed.',
    remedy: 'Wait: the next run publishes what is missing. If it lasts, check the limits of the workgroup.',
  },
  AthenaFailed: {
    cause: 'Athena refused or failed a statement. The batch is committed.',
    remedy:
      'Read the reason in the message; correct the table, the workgroup or the rights. The next run publishes it.',
  },
  ExecutionsUnavailable: {
    cause: 'Step Functions did not say whether an execution is running.',
    remedy: 'Wait: the state machine retries, and so does the schedule.',
  },
  CustomersChanged: {
    cause: 'A customers file was replaced during the run. The pass is planned again by itself.',
    remedy: 'Nothing. If an execution ends with it, the customers change faster than they load: write them less often.',
  },
  CustomersUnreadable: {
    cause: 'There are no customers, or a customers file cannot be read.',
    remedy: 'Put the customers where the message says, or repair or remove the file that it names. Then run again.',
  },
  ReviewsUnreadable: {
    cause: 'None of the first review files can be read, so nothing is known of their columns.',
    remedy: 'Put a readable review file into bronze, or declare the columns in bronze.sql.',
  },
  FormatMismatch: {
    cause: 'A plan, result or state was written by another version of the code: a deploy fell into a run.',
    remedy: 'Start a new execution: `npx silversmith backfill --stage NAME`, or wait for the schedule.',
  },
  PlanExpired: {
    cause: 'The plan of an attempt was removed because it is old.',
    remedy: 'Start a new execution in place of a redrive.',
  },
  ResultRefused: {
    cause: 'A silver file is not what the plan asked for, or its rows do not balance. Nothing is committed.',
    remedy: 'Start a new execution. If it happens again, report it with the message.',
  },
  ReplaceRefused: {
    cause: 'A batch could not be written again: a file of it is missing, changed or unreadable. The old one stays.',
    remedy:
      'Restore the files that are named, or take changed ones as they are now: `npx silversmith backfill --changed`. In the ' +
      'place of one that is gone for good put a Parquet file with the same columns and no rows first.',
  },
  Unfinished: {
    cause: 'An execution had to stop before it had written all the batches again.',
    remedy: 'Start what the message says for the others: `npx silversmith backfill --reprocess --after ID`.',
  },
  TooManyConflicts: {
    cause: 'Other executions committed the same files again and again.',
    remedy: 'Nothing is lost. Run fewer executions at once, then run again.',
  },
  CountMismatch: {
    cause: 'A query counts other rows in a batch than its commit has.',
    remedy:
      'Run the pipeline, then `npx silversmith validate`; what still differs: `npx silversmith backfill --reprocess --batch ID`.',
  },
  SchemaChanged: {
    cause: "The query's columns do not fit the table that is there: a type changed, or a name was taken.",
    remedy: 'Keep the type by a CAST, or give the new column another name. `npx silversmith explain` shows both.',
  },
} as const satisfies Readonly<Record<string, ErrorDefinition>>

export type ErrorName = keyof typeof ERRORS

/** Names that AWS gives to what ends an execution or a call, and the HTTP workers' own. */
export const FOREIGN_ERRORS = {
  'States.Timeout': {
    cause: 'A worker took longer than its state allows.',
    remedy: 'Redrive. If one item does it each time, give join workers more memory (`joinMemory`).',
  },
  'States.ExceedToleratedFailureThreshold': {
    cause: 'An item of the Map failed; `npx silversmith status --stage NAME` shows its error.',
    remedy: 'Follow the remedy of that error.',
  },
  'Runtime.ExitError': {
    cause: 'A worker process ended without an error of its own, usually for lack of memory.',
    remedy: 'Raise `joinMemory` or `memory` in serverless.yml and deploy, then redrive.',
  },
  'Lambda.TooManyRequestsException': {
    cause: 'The account runs as many Lambdas as it may.',
    remedy: 'Lower `concurrency` in serverless.yml, or ask AWS for a higher limit.',
  },
  'Lambda.Unknown': {
    cause: 'Lambda gave no error: the worker ran out of time or memory.',
    remedy: 'Look at the last lines of its log group; raise `joinMemory` if it ran out of memory.',
  },
  NoToken: {
    cause: 'A worker that is served over HTTP has no token configured, so it answers nobody.',
    remedy: 'Set SILVERSMITH_TOKEN where it runs.',
  },
  Unauthorized: {
    cause: "The request's bearer token is missing or wrong.",
    remedy: 'Send `Authorization: Bearer <token>`.',
  },
  MethodNotAllowed: { cause: 'Workers take POST only.', remedy: 'Send the JSON by POST.' },
  BodyTooLarge: {
    cause: "The request's body is over 256 KiB, Step Functions' limit for a state.",
    remedy: 'Send what the worker takes; docs/runtimes.md shows it.',
  },
} as const satisfies Readonly<Record<string, ErrorDefinition>>

const NAMES: ReadonlySet<string> = new Set([...Object.keys(ERRORS), ...Object.keys(FOREIGN_ERRORS)])

/** What is said about a name, if it is a known one. */
export function errorDefinition(name: string): ErrorDefinition | undefined {
  const all: Readonly<Record<string, ErrorDefinition>> = { ...FOREIGN_ERRORS, ...ERRORS }
  return NAMES.has(name) ? all[name] : undefined
}
