import type { Store } from '../../lake/store.ts'
import { localDefinition } from './definition.ts'
import { createMachine, type Json, type MapProgress, runDistributedMap } from './distributed-map.ts'
import { ExecutionError } from './interpreter.ts'

export interface Execution {
  /** The context object's `Execution.Id`. */
  readonly id: string
  /** ISO 8601. */
  readonly startTime: string
  readonly input: Json
}

/** What an execution does, for who watches. */
export type Happening =
  | { readonly type: 'entered' | 'left'; readonly state: string; readonly output?: unknown }
  /** `error` is what made the state fail, where that is known. */
  | { readonly type: 'retried'; readonly state: string; readonly error?: unknown }
  | ({ readonly type: 'item' } & MapProgress)
  /** Plan waits to see whether another execution, of whom nothing is known, renews its claim. */
  | { readonly type: 'waits'; readonly execution: string }

export interface MachineOptions {
  /** The workers' handlers by the name that the state machine calls them. */
  readonly workers: Readonly<Record<string, (payload: unknown) => Promise<unknown>>>
  /** Where ItemReader reads. */
  readonly store: Store
  readonly watch?: (happening: Happening) => void
  /** Milliseconds before each retry instead of what the state says. */
  readonly retryInterval?: number
}

/**
 * Runs the deployed state machine in this process, its workers being plain functions. Returns the execution's output;
 * throws the error that ended it, with the name that Step Functions would show.
 */
export async function runStateMachine(execution: Execution, options: MachineOptions): Promise<Json> {
  const { workers, store, watch = () => undefined } = options
  const definition = await localDefinition()
  const context = { Id: execution.id, Name: execution.id, Input: execution.input }
  const handlers: Record<string, (input: unknown) => Promise<unknown>> = {}
  const retries: Record<string, number> = {}
  const errors = new Map<string, unknown>()
  const overrides = { taskResourceLocalHandlers: handlers as never, retryIntervalOverrides: retries } // JSON in and out

  const tellRetry = (event: Event) => {
    if (event.type !== 'StateRetried') return
    const { name } = event.state
    watch({ type: 'retried', state: name, error: errors.get(name) })
  }

  const localize = (states: Record<string, Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(states).map(([name, state]) => [name, localizeState(name, state)]))

  const localizeState = (name: string, state: Record<string, unknown>): unknown => {
    if (options.retryInterval !== undefined) retries[name] = options.retryInterval
    if (state.Type === 'Task') {
      handlers[name] = async input => {
        try {
          return await invoke(workers, input)
        } catch (error) {
          errors.set(name, error)
          throw error
        }
      }
      return state
    }
    if (state.Type !== 'Map') return state
    handlers[name] = async input => {
      const processor = state.ItemProcessor as { States: Record<string, Record<string, unknown>> } // validated
      await runDistributedMap({
        state: { ...state, ItemProcessor: { ...processor, States: localize(processor.States) } },
        context: { input: input as Json, execution: context },
        read: parameters => readItems(store, parameters),
        runChild: (machine, item) => {
          return follow(machine.run(item, { overrides, context: { Execution: context } }), tellRetry)
        },
        watch: progress => watch({ type: 'item', ...progress }),
      })
      return {}
    }
    const { ResultPath, Next, End } = state
    const resource = 'arn:aws:states:::lambda:invoke'
    return { Type: 'Task', Resource: resource, TimeoutSeconds: 86_400, ResultPath, Next, End }
  }

  const machine = createMachine({ ...definition, States: localize(definition.States) })
  const run = machine.run(execution.input, { overrides, context: { Execution: context, Start: execution.startTime } })
  return follow(run, event => {
    if (event.type === 'StateEntered') watch({ type: 'entered', state: event.state.name })
    if (event.type === 'StateExited') watch({ type: 'left', state: event.state.name, output: event.state.output })
    tellRetry(event)
  })
}

type Run = ReturnType<ReturnType<typeof createMachine>['run']>
type Event = Run['eventLogs'] extends AsyncGenerator<infer Each> ? Each : never

/** Waits for a run's end, and until its events were passed on. */
async function follow({ result, eventLogs }: Run, tell: (event: Event) => void): Promise<Json> {
  const told = (async () => {
    for await (const event of eventLogs) tell(event)
  })()
  try {
    return await unwrap(result)
  } finally {
    await told
  }
}

/** lambda:invoke: calls the worker that `FunctionName: { Fn::GetAtt: [name, Arn] }` means. */
async function invoke(workers: MachineOptions['workers'], input: unknown): Promise<unknown> {
  const { FunctionName, Payload } = input as { FunctionName: { 'Fn::GetAtt': [string] }; Payload: unknown }
  const [name] = FunctionName['Fn::GetAtt']
  const worker = workers[name]
  if (!worker) throw new Error(`the state machine calls ${name}, which is not a worker`)
  // a payload crosses the wire as JSON
  return {
    StatusCode: 200,
    Payload: JSON.parse(JSON.stringify((await worker(JSON.parse(JSON.stringify(Payload)))) ?? null)),
  }
}

async function readItems(store: Store, parameters: Json): Promise<Json[]> {
  const key = typeof parameters === 'object' && parameters !== null && 'Key' in parameters ? parameters.Key : undefined
  return JSON.parse(new TextDecoder().decode(await store.get(String(key))))
}

/** The interpreter wraps what a handler threw. */
async function unwrap(result: Promise<unknown>): Promise<Json> {
  try {
    return (await result) as Json // states give JSON
  } catch (error) {
    throw error instanceof ExecutionError && error.cause instanceof Error ? error.cause : error
  }
}
