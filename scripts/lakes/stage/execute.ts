import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  ListMapRunsCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn'
import type { Json } from '../../../functions/adapters/step-functions/distributed-map.ts'
import type { Happening } from '../../../functions/adapters/step-functions/state-machine.ts'
import type { RunState } from '../../../functions/protocol/state.ts'

/** Told of what happens, and when it did in UTC milliseconds. */
export type Watch = (happening: Happening, at: number) => void

/** An execution that did not succeed, named by the error that ended it. */
export class ExecutionFailed extends Error {
  override readonly name: string
  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

/** Milliseconds between two looks at an execution, at first and at most. */
const FIRST_WAIT = 200
const LONGEST_WAIT = 3000

/** Starts an execution of a deployed state machine. Returns its ARN. */
export async function startExecution(
  sfn: SFNClient,
  stateMachineArn: string,
  { input, name }: { readonly input: Json; readonly name: string },
): Promise<string> {
  const start = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) })
  return (await sfn.send(start)).executionArn ?? ''
}

/**
 * Follows an execution to its end and returns its output; undefined once the caller no longer wants to follow it. Throws
 * ExecutionFailed.
 */
export async function follow(
  sfn: SFNClient,
  executionArn: string,
  { watch, signal }: { readonly watch: Watch; readonly signal: AbortSignal },
): Promise<RunState | undefined> {
  const follower = new Follower(sfn, executionArn, watch)
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 1.3, LONGEST_WAIT)) {
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }))
    await follower.look()
    if (execution.status === 'SUCCEEDED') return JSON.parse(execution.output ?? 'null')
    if (execution.status !== 'RUNNING' && execution.status !== 'PENDING_REDRIVE') throw await failureOf(sfn, execution)
    await new Promise<void>(done => {
      const timer = setTimeout(done, wait)
      signal.addEventListener('abort', () => [clearTimeout(timer), done()], { once: true })
    })
    if (signal.aborted) return undefined
  }
}

/** Why an execution did not succeed: for a Map Run, what ended the first of its children that failed. */
export async function failureOf(sfn: SFNClient, execution: DescribeExecutionCommandOutput): Promise<ExecutionFailed> {
  if (execution.error === 'States.ExceedToleratedFailureThreshold' && execution.executionArn !== undefined) {
    const child = await findFailedChild(sfn, execution.executionArn)
    if (child) return failureOf(sfn, child)
  }
  const { status = 'FAILED', error = status, cause = '' } = execution
  return new ExecutionFailed(error, messageOf(cause) || `the execution ended as ${status}`)
}

async function findFailedChild(
  sfn: SFNClient,
  executionArn: string,
): Promise<DescribeExecutionCommandOutput | undefined> {
  const { mapRuns = [] } = await sfn.send(new ListMapRunsCommand({ executionArn }))
  const mapRunArn = mapRuns.toSorted((a, b) => Number(b.startDate) - Number(a.startDate))[0]?.mapRunArn
  if (mapRunArn === undefined) return undefined
  const failed = new ListExecutionsCommand({ mapRunArn, statusFilter: 'FAILED', maxResults: 1 })
  const { executions: [child] = [] } = await sfn.send(failed)
  return child && sfn.send(new DescribeExecutionCommand({ executionArn: child.executionArn }))
}

/** Lambda gives an error as JSON in the cause; anything else is a text of Step Functions. */
function messageOf(cause: string): string {
  try {
    const { errorMessage }: { errorMessage?: unknown } = JSON.parse(cause)
    return typeof errorMessage === 'string' ? errorMessage : cause
  } catch {
    return cause
  }
}

/** Tells what is new in an execution's history, and how far its Map Run is. */
class Follower {
  readonly #sfn: SFNClient
  readonly #executionArn: string
  readonly #watch: Watch
  #seen = 0
  #mapRunArn: string | undefined

  constructor(sfn: SFNClient, executionArn: string, watch: Watch) {
    this.#sfn = sfn
    this.#executionArn = executionArn
    this.#watch = watch
  }

  async look(): Promise<void> {
    for (const event of await this.#news()) await this.#tell(event)
    if (this.#mapRunArn !== undefined) await this.#tellItems(this.#mapRunArn, Date.now())
  }

  /** The events since the last look, oldest first; a long history is read from its end. */
  async #news(): Promise<HistoryEvent[]> {
    const news: HistoryEvent[] = []
    let nextToken: string | undefined
    do {
      const { events = [], ...page } = await this.#sfn.send(
        new GetExecutionHistoryCommand({
          executionArn: this.#executionArn,
          reverseOrder: true,
          maxResults: 200,
          ...(nextToken !== undefined && { nextToken }),
        }),
      )
      const fresh = events.filter(({ id = 0 }) => id > this.#seen)
      news.push(...fresh)
      nextToken = fresh.length === events.length ? page.nextToken : undefined
    } while (nextToken !== undefined)
    this.#seen = news[0]?.id ?? this.#seen
    return news.reverse()
  }

  async #tell(event: HistoryEvent): Promise<void> {
    const at = event.timestamp?.getTime() ?? Date.now()
    const { stateEnteredEventDetails: entered, stateExitedEventDetails: exited, mapRunStartedEventDetails: map } = event
    if (entered?.name !== undefined) this.#watch({ type: 'entered', state: entered.name }, at)
    if (map?.mapRunArn !== undefined) this.#mapRunArn = map.mapRunArn
    if (exited?.name === undefined) return
    if (this.#mapRunArn !== undefined) await this.#tellItems(this.#mapRunArn, at)
    this.#mapRunArn = undefined
    this.#watch({ type: 'left', state: exited.name, output: JSON.parse(exited.output ?? 'null') }, at)
  }

  async #tellItems(mapRunArn: string, at: number): Promise<void> {
    const { itemCounts } = await this.#sfn.send(new DescribeMapRunCommand({ mapRunArn }))
    if (!itemCounts) return
    const { total = 0, succeeded: done = 0, failed = 0, running = 0 } = itemCounts
    this.#watch({ type: 'item', total, done, failed, running }, at)
  }
}
