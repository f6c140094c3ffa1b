import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn'
import { AccessDenied, ExecutionsUnavailable } from '../../base/errors.ts'
import { once } from '../../base/once.ts'
import type { Executions, Starter } from '../../lake/claim.ts'

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
        throw failure(`describe ${execution}`, error)
      }
    },
  }
}

/** Starts executions of a state machine. */
export function connectStarter(client: SFNClient, machine: string): Starter {
  return {
    start: async name => {
      try {
        await client.send(new StartExecutionCommand({ stateMachineArn: machine, name, input: '{}' }))
        return true
      } catch (error) {
        if (error instanceof ExecutionAlreadyExists) return false
        throw failure(`start ${name}`, error)
      }
    },
  }
}

function failure(what: string, error: unknown): AccessDenied | ExecutionsUnavailable {
  const name = error instanceof Error ? error.name : 'unknown error'
  return name === 'AccessDeniedException'
    ? new AccessDenied(`Step Functions refused to ${what}: check the role's policy`, { cause: error })
    : new ExecutionsUnavailable(`Step Functions did not ${what} (${name})`, { cause: error })
}

const client = once(() => new SFNClient({ maxAttempts: 5 }))

/** The executions of the deployment. */
export const stepFunctions: () => Executions = once(() => connectExecutions(client()))

/** Starts executions of the deployment's state machine, by its ARN. */
export function starterOf(machine: string): Starter {
  return connectStarter(client(), machine)
}
