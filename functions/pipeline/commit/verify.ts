import { versionName } from '../../lake/keys.ts'
import { balances } from '../../protocol/commit.ts'
import type { BatchPlan, Item } from '../../protocol/plan.ts'
import { type ItemResult, type SilverResult, snapshotsOf } from '../../protocol/result.ts'
import { rulesMismatch } from './check-rules.ts'

/**
 * Why an item's silver file can't be committed; undefined when it can. Pure. The result must be of this very plan and
 * item, account for each of the item's files exactly once, balance row by row, and agree with the file's own row
 * groups.
 */
export function refusal(plan: BatchPlan, item: Item, { result, rows }: SilverResult): string | undefined {
  const identity = (['batch', 'attempt', 'ingestDate', 'operation', 'plan', 'items'] as const).find(
    field => result[field] !== plan[field],
  )
  if (identity) return `its ${identity} is ${result[identity]}, the plan's ${plan[identity]}`
  if (result.item !== item.item) return `it is item ${result.item}, not ${item.item}`
  if (result.query !== plan.query.sha256) return 'it was written by another query'
  if (snapshotNames(result) !== snapshotNames(snapshotsOf(plan.dimensions))) {
    return `it was joined with ${result.dimensions ? 'other dimensions' : 'other customers'}`
  }
  const files = fileMismatch(item, result)
  if (files !== undefined) return files
  const unbalanced = [...result.bronze, ...result.unparked].find(file => !balances(file.rows))
  if (unbalanced) return `the rows of ${unbalanced.key} do not balance: ${JSON.stringify(unbalanced.rows)}`
  const written = [...result.bronze, ...result.unparked].reduce((sum, file) => sum + file.rows.written, 0)
  if (written !== rows) return `it says ${written} rows were written, its row groups hold ${rows}`
  const unmatched = [...result.bronze, ...result.unparked].reduce((sum, file) => sum + file.rows.unmatched, 0)
  const parked = result.parked.reduce((sum, file) => sum + file.rows, 0)
  if (parked > unmatched || (parked < unmatched && parksAll(plan)))
    return `it parked ${parked} rows of ${unmatched} unmatched`
  const place = `/${plan.batch}/${plan.attempt}/`
  const foreign = [...result.parked, ...(result.rejected ?? [])].find(({ key }) => !key.includes(place))
  if (foreign) return `${foreign.key} is not of this attempt`
  return rulesMismatch(plan.query, result)
}

/** Whether each unmatched row must wait, or would be lost: none is left out because another has it. */
function parksAll({ unmatched, query, excluded, superseded }: BatchPlan): boolean {
  const isInner = query.joins.length > 0 && query.joins.every(({ kind }) => kind === 'inner')
  return unmatched === 'park' && isInner && excluded.length + superseded.length === 0
}

function snapshotNames({ customers, dimensions = [] }: Pick<ItemResult, 'customers' | 'dimensions'>): string {
  return JSON.stringify([customers, dimensions.map(({ name, snapshot }) => [name, snapshot])])
}

/**
 * Each planned version must be there once: a bronze file joined or quarantined, a parked one unparked or kept, either of
 * them deferred. A parked file that counted as joined would go on waiting.
 */
function fileMismatch(item: Item, result: ItemResult): string | undefined {
  const parked = new Set(item.parked.map(versionName))
  const planned = new Set([...item.bronze.map(versionName), ...parked])
  const bronze = [...result.bronze, ...result.quarantined]
  const ours = [...result.unparked, ...result.kept]
  const wrong = bronze.find(file => parked.has(versionName(file))) ?? ours.find(file => !parked.has(versionName(file)))
  if (wrong) return `${wrong.key} is in it as what it is not, or was not planned`
  for (const file of [...bronze, ...ours, ...result.deferred]) {
    if (!planned.delete(versionName(file))) return `${file.key} occurs twice in it or was not planned`
  }
  const [missing] = planned
  return missing === undefined ? undefined : `it says nothing about ${missing}`
}
