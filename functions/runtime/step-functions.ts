import { DescribeExecutionCommand, ExecutionDoesNotExist, SFNClient } from '@aws-sdk/client-sfn'
import type { Executions } from '../lake/claim.ts'
import { once } from './environment.ts'
import { ExecutionsUnavailable } from './errors.ts'

/** Asks Step Functions whether executions are running. */
export function connectExecutions(client: SFNClient): Executions {
  return {
    isRunning: async execution => {
      // a claim that no execution of Step Functions holds, of a local run or forged, is worth nothing
      if (!/^arn:[\w-]+:states:[\w-]+:\d+:(execution|express):[\w:.-]+$/.test(execution)) return false
      try {
        const { status } = await client.send(new DescribeExecutionCommand({ executionArn: execution }))
        return status === 'RUNNING'
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return false
        const name = error instanceof Error ? error.name : 'unknown error'
        throw new ExecutionsUnavailable(`Step Functions did not describe ${execution} (${name})`, { cause: error })
      }
    },
  }
}

/** The executions of the deployment. */
export const stepFunctions: () => Executions = once(() => connectExecutions(new SFNClient({ maxAttempts: 5 })))
