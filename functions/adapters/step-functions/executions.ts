import { DescribeExecutionCommand, ExecutionDoesNotExist, SFNClient } from '@aws-sdk/client-sfn'
import { AccessDenied, ExecutionsUnavailable } from '../../base/errors.ts'
import { once } from '../../base/once.ts'
import type { Executions } from '../../lake/claim.ts'

/** Asks Step Functions whether executions are running. */
export function connectExecutions(client: SFNClient): Executions {
  return {
    isRunning: async execution => {
      // of a local run, or of nobody: its lease has to show it
      if (!/^arn:[\w-]+:states:[\w-]+:\d+:(execution|express):[\w:.-]+$/.test(execution)) return undefined
      try {
        const { status } = await client.send(new DescribeExecutionCommand({ executionArn: execution }))
        return status === 'RUNNING'
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return false
        const name = error instanceof Error ? error.name : 'unknown error'
        if (name === 'AccessDeniedException') {
          const message = `Step Functions refused to describe ${execution}: check the role's policy`
          throw new AccessDenied(message, { cause: error })
        }
        throw new ExecutionsUnavailable(`Step Functions did not describe ${execution} (${name})`, { cause: error })
      }
    },
  }
}

/** The executions of the deployment. */
export const stepFunctions: () => Executions = once(() => connectExecutions(new SFNClient({ maxAttempts: 5 })))
