import { StateMachine } from './interpreter.ts'

/** JSON as it travels between states. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** A Distributed Map as this project writes it; other fields of the state language are refused, not ignored. */
interface DistributedMap {
  readonly ItemProcessor: { readonly StartAt: string; readonly States: Record<string, unknown> }
  readonly ItemReader: { readonly Parameters: Json }
  readonly ItemSelector: Json
  readonly MaxConcurrencyPath: Json
}

export interface MapContext {
  readonly input: Json
  /** The context object's `Execution`. */
  readonly execution: { readonly [key: string]: Json }
}

/** What happens in the children, for who watches: how many there are and how many ended; `ended` is the last one's item. */
export interface MapProgress {
  readonly total: number
  readonly done: number
  /** Of a deployed run only. */
  readonly failed?: number
  readonly running?: number
  readonly ended?: Json
}

const KNOWN = new Set([
  ...['Type', 'Label', 'Comment', 'ItemReader', 'ItemSelector', 'ItemProcessor', 'MaxConcurrencyPath'],
  ...['ResultPath', 'Next', 'End'],
])

/** aws-local-stepfunctions runs a Distributed Map inline and ignores its reader: this runs it, as Step Functions would. */
export async function runDistributedMap(options: {
  readonly state: Record<string, unknown>
  readonly context: MapContext
  /** Reads the item list of an ItemReader's Parameters. */
  readonly read: (parameters: Json) => Promise<Json[]>
  /** Runs one child execution. */
  readonly runChild: (machine: StateMachine, input: Json) => Promise<Json>
  readonly watch: (progress: MapProgress) => void
}): Promise<void> {
  const { context, read, runChild, watch } = options
  const unknown = Object.keys(options.state).find(field => !KNOWN.has(field))
  if (unknown !== undefined) throw new Error(`the local Distributed Map does not support ${unknown}`)
  const state = options.state as unknown as DistributedMap // asl-validator has checked the shape
  const concurrency = Number(await evaluate({ 'x.$': state.MaxConcurrencyPath }, context))
  const items = await read(await evaluateTemplate(state.ItemReader.Parameters, context))
  const machine = createMachine(state.ItemProcessor)
  let next = 0
  let done = 0
  let failure: { readonly error: unknown } | undefined
  watch({ total: items.length, done })
  const work = async () => {
    while (next < items.length && !failure) {
      const index = next++
      const item = items[index] ?? null
      const selected = await evaluateTemplate(state.ItemSelector, context, { Item: { Index: index, Value: item } })
      try {
        await runChild(machine, selected)
        watch({ total: items.length, done: ++done, ended: item })
      } catch (error) {
        failure ??= { error }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, work))
  if (failure) throw failure.error // after the others have ended, so that none goes on working after a failed execution
}

/** A machine of states that asl-validator has passed; the interpreter's own validation is of an older language. */
export function createMachine(definition: unknown): StateMachine {
  // the interpreter's type of a definition lacks newer fields
  return new StateMachine(definition as never, { validationOptions: { noValidate: true } })
}

/** Evaluates a payload template by running it as a Pass state. */
async function evaluateTemplate(template: Json, context: MapContext, map?: Json): Promise<Json> {
  const machine = createMachine({
    StartAt: 'Pass',
    States: { Pass: { Type: 'Pass', Parameters: template, End: true } },
  })
  const run = machine.run(context.input, { context: { Execution: context.execution, ...(map && { Map: map }) } })
  return run.result as Promise<Json> // a Pass state gives JSON
}

async function evaluate(template: { 'x.$': Json }, context: MapContext): Promise<Json> {
  const result = await evaluateTemplate(template, context)
  return typeof result === 'object' && result !== null && 'x' in result ? (result.x ?? null) : null
}
