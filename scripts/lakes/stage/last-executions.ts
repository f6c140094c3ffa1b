import {
  type ExecutionListItem,
  ListExecutionsCommand,
  type SFNClient,
  StateMachineDoesNotExist,
} from '@aws-sdk/client-sfn'
import { failureLines, lastFailures } from './failures.ts'
import type { Stage } from './find-stage.ts'

export interface StageExecution {
  readonly name: string | null
  readonly status: string | null
  /** ISO 8601. */
  readonly started: string | null
  readonly stopped: string | null
}

/** The last executions of a stage, newest first, and what is told of those that failed; of the one that packed last, too. */
export async function lastExecutions(
  { sfn, machineArn, compactArn }: Stage,
  most: number,
): Promise<{ readonly executions: readonly StageExecution[]; readonly failed: readonly string[] }> {
  const [listed, packed] = await Promise.all([
    listExecutions(sfn, machineArn, most),
    listExecutions(sfn, compactArn, 1).catch(error => {
      if (error instanceof StateMachineDoesNotExist) return [] // an earlier version deployed the stage
      throw error
    }),
  ])
  const executions = listed.map(({ name = null, status = null, startDate, stopDate }) => ({
    ...{ name, status },
    started: startDate?.toISOString() ?? null,
    stopped: stopDate?.toISOString() ?? null,
  }))
  const failures = await Promise.all([listed, packed].map(some => lastFailures(sfn, some)))
  return { executions, failed: failureLines(failures.flat()) }
}

async function listExecutions(
  sfn: SFNClient,
  stateMachineArn: string,
  maxResults: number,
): Promise<ExecutionListItem[]> {
  return (await sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults }))).executions ?? []
}
