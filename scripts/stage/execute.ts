import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn'
import type { RunState } from '../../functions/planning/state.ts'
import type { Json } from '../distributed-map.ts'
import type { Happening } from '../state-machine.ts'

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

/** Starts an execution of a deployed state machine and follows it to its end. Throws ExecutionFailed. */
export async function execute(
  sfn: SFNClient,
  machineArn: string,
  options: { readonly input: Json; readonly name: string; readonly watch: Watch },
): Promise<RunState> {
  const { input, name, watch } = options
  const start = new StartExecutionCommand({ stateMachineArn: machineArn, name, input: JSON.stringify(input) })
  const { executionArn = '' } = await sfn.send(start)
  const follower = new Follower(sfn, executionArn, watch)
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 1.3, LONGEST_WAIT)) {
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }))
    await follower.look()
    if (execution.status === 'SUCCEEDED') return JSON.parse(execution.output ?? 'null')
    if (execution.status !== 'RUNNING' && execution.status !== 'PENDING_REDRIVE') throw failure(execution)
    await new Promise(done => setTimeout(done, wait))
  }
}

/** Lambda gives an error as JSON in the cause; anything else is a text of Step Functions. */
function failure({ status = 'FAILED', error = status, cause = '' }: DescribeExecutionCommandOutput): ExecutionFailed {
  try {
    const { errorMessage }: { errorMessage?: unknown } = JSON.parse(cause)
    return new ExecutionFailed(error, typeof errorMessage === 'string' ? errorMessage : cause)
  } catch {
    return new ExecutionFailed(error, cause || `the execution ended as ${status}`)
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
    if (itemCounts) this.#watch({ type: 'item', total: itemCounts.total ?? 0, done: itemCounts.succeeded ?? 0 }, at)
  }
}
