import { DescribeExecutionCommand, type ExecutionListItem, type SFNClient } from '@aws-sdk/client-sfn'
import { errorDefinition } from '../../../functions/base/error-definitions.ts'
import { failureOf } from './execute.ts'

/** Failed executions whose reasons are shown. */
const SHOWN = 3
const FAILED: ReadonlySet<string | undefined> = new Set(['FAILED', 'TIMED_OUT', 'ABORTED'])

/** Why an execution did not succeed, and what to do. */
export interface Failure {
  readonly execution: string
  /** ISO 8601. */
  readonly started: string
  readonly error: string
  readonly message: string
  readonly remedy: string | undefined
}

/** The last of these executions that failed, newest first, with their reasons. */
export async function lastFailures(sfn: SFNClient, executions: readonly ExecutionListItem[]): Promise<Failure[]> {
  const failed = executions.filter(({ status }) => FAILED.has(status)).slice(0, SHOWN)
  return Promise.all(
    failed.map(async ({ executionArn, name: execution = '', startDate }) => {
      const { name, message } = await failureOf(sfn, await sfn.send(new DescribeExecutionCommand({ executionArn })))
      const started = startDate?.toISOString() ?? ''
      return { execution, started, error: name, message, remedy: errorDefinition(name)?.remedy }
    }),
  )
}

/** Failures as lines of text. */
export function failureLines(failures: readonly Failure[]): string[] {
  return failures.flatMap(({ execution, started, error, message, remedy }) => [
    `failed     ${started.slice(0, 19)} ${execution}`,
    `           ${error}: ${message}`,
    ...(remedy === undefined ? [] : [`           → ${remedy}`]),
  ])
}
