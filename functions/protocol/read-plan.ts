import * as v from 'valibot'
import { sha256 } from '../base/bytes.ts'
import { FormatMismatch, InvalidInput, ObjectMissing, PlanExpired, ResultRefused } from '../base/errors.ts'
import { parseShape } from '../base/parse-shape.ts'
import { isAttemptId, isBatchId } from '../lake/ids.ts'
import type { Layout } from '../lake/layout.ts'
import type { Store } from '../lake/store.ts'
import type { BatchPlan, Item } from './batch-plan.ts'
import { FORMAT } from './commit.ts'
import type { RunState } from './state.ts'
import { stateSchema } from './state-schema.ts'

const workSchema = v.object({ format: v.unknown(), query: v.string() })

/**
 * The key of query.json in a worker's input `{format, query}`. Throws FormatMismatch for another version's, InvalidInput for
 * anything that is not the key of a plan in this lake.
 */
export function parseQueryKey(input: unknown, layout: Layout): string {
  const { format, query } = parseShape(workSchema, input, '{"format", "query"}')
  checkFormat(format, 'the input')
  const root = `${layout.hidden}runs/`
  const [batch = '', attempt = '', name, ...rest] = query.slice(root.length).split('/')
  const known = query.startsWith(root) && isBatchId(batch) && isAttemptId(attempt) && name === 'query.json'
  if (!known || rest.length > 0) throw new InvalidInput(`query must be a key ${root}<batch>/<attempt>/query.json`)
  return query
}

const inputSchema = v.object({ state: stateSchema })

/** The state in the input of Commit and Refresh. Where there is work, its plan must be one of this lake. */
export function parseState(input: unknown, layout: Layout): RunState {
  const { state } = parseShape(inputSchema, input, '{"state"} as Plan made it')
  checkFormat(state.format, 'the state')
  if (state.hasWork) parseQueryKey(state, layout)
  if (state.hasWork && state.work === null) throw new InvalidInput('the state has work, and does not say which')
  return state as unknown as RunState // its format says that this version's Plan made it
}

/** The state in the input of Commit, which is called where there is work alone. */
export function parseWorkState(input: unknown, layout: Layout): RunState {
  const state = parseState(input, layout)
  if (!state.hasWork) throw new InvalidInput('the state has no work (hasWork is false): there is nothing to commit')
  return state
}

/**
 * Reads what the items of an attempt share. Throws FormatMismatch if another version of the code planned it, PlanExpired if it
 * is gone.
 */
export async function readBatchPlan(store: Store, key: string): Promise<BatchPlan> {
  try {
    const plan: BatchPlan = JSON.parse(new TextDecoder().decode(await store.get(key)))
    checkFormat(plan.format, key)
    return plan
  } catch (error) {
    if (!(error instanceof ObjectMissing)) throw error
    throw new PlanExpired(`the plan ${key} was removed: start a new execution`, { cause: error })
  }
}

/** Reads the items of a plan, exactly those that it was made with. */
export async function readItems(store: Store, layout: Layout, plan: BatchPlan): Promise<Item[]> {
  const key = layout.plan(plan)
  const bytes = await store.get(key)
  if ((await sha256(bytes)) !== plan.plan) {
    throw new ResultRefused(`${key} is not the plan that ${layout.query(plan)} names: start a new execution`)
  }
  return JSON.parse(new TextDecoder().decode(bytes))
}

/** One item of a plan, by its number. Throws InvalidInput where the plan has no such item. */
export async function readItem(store: Store, layout: Layout, plan: BatchPlan, number: number): Promise<Item> {
  const item = (await readItems(store, layout, plan))[number]
  if (!item) throw new InvalidInput(`${layout.plan(plan)} has no item ${number}`)
  return item
}

/** Refuses what another version of the code has written into the run. */
export function checkFormat(format: unknown, what: string): void {
  if (format === FORMAT) return
  throw new FormatMismatch(`${what} has format ${String(format)}, this code has ${FORMAT}: start a new execution`)
}
