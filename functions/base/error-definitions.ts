/** What an error means to those who see it. docs/troubleshooting.md is made from these definitions. */
export interface ErrorDefinition {
  /** What has happened. */
  readonly cause: string
  /** What to do about it, with the command where there is one. */
  readonly remedy: string
}

/** Every error that leaves a worker or a command under a name of its own. */
export const ERRORS = {
  StoreUnavailable: {
    cause: 'S3 or the directory failed, or did not answer, after all retries. Nothing is lost.',
    remedy: 'Wait: the state machine retries, and the next run continues. If it lasts, check the AWS Health Dashboard.',
  },
  StoreFull: {
    cause: 'The disk or its quota is full.',
    remedy: 'Free some space (`npx silversmith vacuum` removes what nobody needs), then run again.',
  },
  StoreLimit: {
    cause: 'A limit of the process or the system was reached: open files, or the size of a file.',
    remedy: 'Raise the limit that the message names (`ulimit -n`, `ulimit -f`), then run again.',
  },
  StoreUnsuitable: {
    cause:
      'The store lacks what a lake needs: conditional writes, listings in the order of UTF-8, hard links, one volume.',
    remedy: 'Use a store that has it, such as an S3 general purpose bucket or a local disk.',
  },
  NameTaken: {
    cause: 'A directory, or a link that leads nowhere, has the name of an object.',
    remedy: 'Move away what the message names, then run again.',
  },
  ClockOutOfRange: {
    cause: 'The clock is before 1970 or after 9999, which batch ids cannot hold.',
    remedy: 'Set the clock of the machine, then run again.',
  },
  AccessDenied: {
    cause: 'The credentials or a policy do not allow the call that the message names.',
    remedy:
      'Grant the permission that the message names (docs/aws.md lists them by role), then redrive the execution or run ' +
      'again.',
  },
  ObjectMissing: {
    cause: 'An object that must exist is missing.',
    remedy: 'Restore it. A new execution (`npx silversmith run`) makes a missing snapshot or plan again.',
  },
  ObjectChanged: {
    cause: 'An object changed while it was being read.',
    remedy: 'Run again. If it happens every time, find out what keeps writing that object.',
  },
  InvalidKey: {
    cause: 'The store cannot hold this key, or the key is outside the lake.',
    remedy: 'Rename the object that the message names: at most 1,024 bytes of UTF-8, no empty, `.` or `..` segments.',
  },
  InvalidInput: {
    cause: 'The input of an execution or a worker, or an option, is not valid.',
    remedy: 'Correct the field that the message names; docs/operations.md describes the input.',
  },
  InvalidQuery: {
    cause: 'silver.sql or bronze.sql cannot be compiled, or does not fit the columns of bronze.',
    remedy: 'Correct the place that the message names, then check with `npx silversmith explain`.',
  },
  InvalidDdl: {
    cause: 'A column of the query has a name or type that a table in Athena cannot have.',
    remedy: 'Rename the column with AS, or CAST it.',
  },
  BrokenLog: {
    cause: 'The commit log is not whole: a commit is missing or altered, or the log ends before what is published.',
    remedy: 'Stop the schedule, run `npx silversmith rebuild --dry-run`, then `npx silversmith rebuild`.',
  },
  BrokenSinkLog: {
    cause: "The log of Spark's file sink, `_spark_metadata` beside the bronze files, cannot be read.",
    remedy: 'Restore it, or take every file with `--ignore-spark-metadata` (`ignoreSparkMetadata` in serverless.yml).',
  },
  BrokenDelta: {
    cause:
      'A version of the Delta log is damaged, or another program wrote it. Nothing is lost: the commits have everything.',
    remedy: 'Remove the object that the message names: the next run writes it again as it was.',
  },
  AthenaUnavailable: {
    cause: 'Athena did not answer, throttled, or timed out. The batch is committed.',
    remedy: 'Wait: the next run publishes the batch. If it lasts, check the limits of the workgroup.',
  },
  AthenaFailed: {
    cause: 'Athena refused or failed a statement. The batch is committed.',
    remedy:
      'Read the reason in the message, and correct the table, the workgroup or the permissions. The next run publishes ' +
      'the batch.',
  },
  ExecutionsUnavailable: {
    cause: 'Step Functions did not say whether an execution is running.',
    remedy: 'Wait: the state machine retries, and so does the schedule.',
  },
  DimensionChanged: {
    cause: 'A file of a dimension was replaced during the run. The pass is planned again automatically.',
    remedy: 'Nothing. If an execution fails with it, the dimension changes faster than it loads: write it less often.',
  },
  DimensionUnreadable: {
    cause: 'A dimension, such as the customers, has no files, or one of them cannot be read.',
    remedy: 'Put its files where the message says, or repair or remove the file that it names. Then run again.',
  },
  JoinTooLarge: {
    cause: 'A join without an equality compares every review with every row of the dimension: too many pairs.',
    remedy: 'Add an equality to the condition of the join, or make the dimension or the bronze files smaller.',
  },
  NotScalar: {
    cause: 'A subquery of silver.sql stands for one value, but gives several rows.',
    remedy: 'Aggregate it (`max(…)`), or end it with `ORDER BY … LIMIT 1`. Then run again.',
  },
  TooManyRows: {
    cause: 'A join of static tables in silver.sql, or EXPLODE and its like, gives more rows than are kept in memory.',
    remedy: 'Join by equality of more columns, filter first, or prepare the table beforehand. Then run again.',
  },
  ReviewsUnreadable: {
    cause: 'None of the first review files can be read, so their columns are not known.',
    remedy: 'Add a readable review file to bronze, or declare the columns in bronze.sql.',
  },
  FormatMismatch: {
    cause: 'Another version of the code wrote a plan, result or state, usually because of a deploy during a run.',
    remedy: 'Start a new execution: `npx silversmith backfill --stage NAME`, or wait for the schedule.',
  },
  PlanExpired: {
    cause: 'The plan of an attempt was removed because it is old.',
    remedy: 'Start a new execution instead of a redrive.',
  },
  ResultRefused: {
    cause: 'A silver file does not match its plan, or its rows do not balance. Nothing is committed.',
    remedy: 'Start a new execution. If it happens again, report it with the message.',
  },
  ReplaceRefused: {
    cause: 'A batch could not be written again: a file of it is missing, changed or unreadable. The old batch stays.',
    remedy:
      'Restore the files that the message names, or join changed ones as they are now: `npx silversmith backfill --changed`. ' +
      'If a file is gone for good, first replace it with a Parquet file with the same columns and no rows.',
  },
  CompactRefused: {
    cause:
      'A batch could not be packed: a silver file of it is missing or damaged. All others were. Readers see it as before, ' +
      'but for the damaged file.',
    remedy:
      'Restore the file that the message names, or write its batch again from bronze: `npx silversmith backfill ' +
      '--reprocess --batch ID`. Until then the other batches of that day are packed without it.',
  },
  RuleViolated: {
    cause: 'Rows break a rule of silver.sql that says ON VIOLATION FAIL UPDATE. Nothing is committed.',
    remedy:
      'Look at the rows that the message names. Repair the file, or let the rule say DROP ROW, or nothing, instead. Then ' +
      'run again.',
  },
  Unfinished: {
    cause: 'An execution reached its limit before it had written all batches again.',
    remedy: 'Run what the message says for the others: `npx silversmith backfill --reprocess --after ID`.',
  },
  TooManyConflicts: {
    cause: 'Other executions repeatedly committed the same files first.',
    remedy: 'Nothing is lost. Run fewer executions at the same time, then run again.',
  },
  CountMismatch: {
    cause: 'A query counts more or fewer rows in a batch than its commit has.',
    remedy:
      'Run the pipeline, then `npx silversmith validate`. For a batch that still differs: ' +
      '`npx silversmith backfill --reprocess --batch ID`.',
  },
  SchemaChanged: {
    cause: "The query's columns do not fit the existing table: a type changed, or a name is taken.",
    remedy:
      'Keep the type with a CAST, or give the new column another name. `npx silversmith explain` shows the columns.',
  },
} as const satisfies Readonly<Record<string, ErrorDefinition>>

export type ErrorName = keyof typeof ERRORS

/** AWS's names for what ends an execution or a call, and those of the HTTP workers. */
export const FOREIGN_ERRORS = {
  'States.Timeout': {
    cause: 'A worker took longer than its state allows.',
    remedy: 'Redrive. If the same item times out again, give the join workers more memory (`joinMemory`).',
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
    cause: 'The account has reached its limit of concurrent Lambdas.',
    remedy: 'Lower `concurrency` in serverless.yml, or ask AWS for a higher limit.',
  },
  'Lambda.Unknown': {
    cause: 'Lambda gave no error: the worker ran out of time or memory.',
    remedy: 'Read the last lines of its log group. If it ran out of memory, raise `joinMemory`.',
  },
  NoToken: {
    cause: 'A worker that is served over HTTP has no token configured, so it refuses all requests.',
    remedy: 'Set SILVERSMITH_TOKEN in its environment.',
  },
  Unauthorized: {
    cause: "The request's bearer token is missing or wrong.",
    remedy: 'Send `Authorization: Bearer <token>`.',
  },
  MethodNotAllowed: { cause: 'Workers take POST only.', remedy: 'Send the JSON by POST.' },
  BodyTooLarge: {
    cause: "The request's body is over 256 KiB, Step Functions' limit for a state.",
    remedy: 'Send a smaller body; docs/runtimes.md shows what a worker takes.',
  },
} as const satisfies Readonly<Record<string, ErrorDefinition>>

/** The definition of a name, if it is a known one. */
export function errorDefinition(name: string): ErrorDefinition | undefined {
  const all: Readonly<Record<string, ErrorDefinition>> = { ...FOREIGN_ERRORS, ...ERRORS }
  return Object.hasOwn(all, name) ? all[name] : undefined
}
