import { ListExecutionsCommand } from '@aws-sdk/client-sfn'
import { failureLines, lastFailures } from './failures.ts'
import type { Stage } from './find-stage.ts'

export interface StageExecution {
  readonly name: string | null
  readonly status: string | null
  /** ISO 8601. */
  readonly started: string | null
  readonly stopped: string | null
}

/** The last executions of a stage, newest first, and what is told of those that failed. */
export async function lastExecutions(
  { sfn, machineArn }: Stage,
  most: number,
): Promise<{ readonly executions: readonly StageExecution[]; readonly failed: readonly string[] }> {
  const command = new ListExecutionsCommand({ stateMachineArn: machineArn, maxResults: most })
  const { executions: listed = [] } = await sfn.send(command)
  const executions = listed.map(({ name = null, status = null, startDate, stopDate }) => ({
    ...{ name, status },
    started: startDate?.toISOString() ?? null,
    stopped: stopDate?.toISOString() ?? null,
  }))
  return { executions, failed: failureLines(await lastFailures(sfn, listed)) }
}
