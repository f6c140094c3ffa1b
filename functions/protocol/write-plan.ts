import { sha256 } from '../base/bytes.ts'
import { ObjectMissing } from '../base/errors.ts'
import type { Layout } from '../lake/layout.ts'
import type { Store } from '../lake/store.ts'
import type { BatchPlan, Item } from './batch-plan.ts'
import { readBatchPlan } from './read-plan.ts'

/**
 * Writes a plan, query.json first, plan.json second, each put-if-absent. An earlier invocation of the same pass may have
 * written them: if its plan is whole, that one counts and is returned; if it died between the two, the pass is void
 * (undefined), and the next pass has an attempt of its own.
 */
export async function writePlan(
  store: Store,
  layout: Layout,
  plan: Omit<BatchPlan, 'items' | 'plan'>,
  items: readonly Item[],
): Promise<BatchPlan | undefined> {
  const encoder = new TextEncoder()
  const list = encoder.encode(JSON.stringify(items))
  const mine: BatchPlan = { ...plan, items: items.length, plan: await sha256(list) }
  const body = encoder.encode(JSON.stringify(mine))
  const { written } = await store.put(layout.query(mine), body, { ifNoneMatch: '*' })
  const agreed = written ? mine : await readBatchPlan(store, layout.query(mine))
  if (agreed.plan === mine.plan) {
    await store.put(layout.plan(mine), list, { ifNoneMatch: '*' })
    return agreed
  }
  try {
    const there = await store.get(layout.plan(mine))
    return (await sha256(there)) === agreed.plan ? agreed : undefined
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined
    throw error
  }
}
