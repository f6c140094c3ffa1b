import * as v from 'valibot'
import { sha256 } from '../lake/bytes.ts'
import { isAttemptId, isBatchId } from '../lake/ids.ts'
import type { Layout } from '../lake/layout.ts'
import type { Store } from '../lake/store.ts'
import { FORMAT } from '../log/commit.ts'
import { FormatMismatch, InvalidInput, ObjectMissing, PlanExpired, ResultRefused } from '../runtime/errors.ts'
import type { BatchPlan, Item } from './batch-plan.ts'
import type { RunState } from './state.ts'

const workSchema = v.object({ format: v.unknown(), query: v.string() })

/**
 * The key of query.json in a worker's input `{format, query}`. Throws FormatMismatch for another version's, InvalidInput for
 * anything that is not the key of a plan in this lake.
 */
export function parseQueryKey(input: unknown, layout: Layout): string {
  const parsed = v.safeParse(workSchema, input)
  if (!parsed.success) throw new InvalidInput('the input must be {"format", "query"}')
  const { format, query } = parsed.output
  checkFormat(format, 'the input')
  const root = `${layout.hidden}runs/`
  const [batch = '', attempt = '', name, ...rest] = query.slice(root.length).split('/')
  const known = query.startsWith(root) && isBatchId(batch) && isAttemptId(attempt) && name === 'query.json'
  if (!known || rest.length > 0) throw new InvalidInput(`query must be a key ${root}<batch>/<attempt>/query.json`)
  return query
}

const stateSchema = v.object({ state: v.looseObject({ format: v.unknown(), pass: v.number(), hasWork: v.boolean() }) })

/** The state in the input of Commit and Refresh. Where there is work, its plan must be one of this lake. */
export function parseState(input: unknown, layout: Layout): RunState {
  const parsed = v.safeParse(stateSchema, input)
  if (!parsed.success) throw new InvalidInput('the input must be {"state"} as Plan made it')
  const { state } = parsed.output
  checkFormat(state.format, 'the state')
  if (state.hasWork) parseQueryKey(state, layout)
  return state as unknown as RunState // Plan made it: its format says so, and what names an object was checked
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
