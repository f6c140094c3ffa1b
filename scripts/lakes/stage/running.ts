import {
  DescribeExecutionCommand,
  type ExecutionListItem,
  ListExecutionsCommand,
  type SFNClient,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import type { Json } from '../../../functions/adapters/step-functions/distributed-map.ts'

/** The running executions of a state machine, newest first. */
export async function runningExecutions(sfn: SFNClient, stateMachineArn: string): Promise<ExecutionListItem[]> {
  const command = new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 100 })
  return (await sfn.send(command)).executions ?? []
}

/** The one of these executions that does just what the input asks for. */
export async function findSame(
  sfn: SFNClient,
  running: readonly ExecutionListItem[],
  input: Json,
): Promise<ExecutionListItem | undefined> {
  const wanted = JSON.stringify(input)
  for (const each of running) {
    const { input: theirs = '' } = await sfn.send(new DescribeExecutionCommand({ executionArn: each.executionArn }))
    if (theirs === wanted) return each
  }
  return undefined
}

/** Stops the backfills that are running, and returns their names. What they have committed stays. */
export async function stopBackfills(sfn: SFNClient, stateMachineArn: string): Promise<string[]> {
  const running = await runningExecutions(sfn, stateMachineArn)
  const backfills = running.filter(({ name }) => name?.startsWith('backfill-'))
  for (const { executionArn } of backfills) {
    await sfn.send(new StopExecutionCommand({ executionArn, cause: 'npx silversmith backfill --stop' }))
  }
  return backfills.map(({ name = '' }) => name)
}
