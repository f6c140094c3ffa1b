import { RuleViolated } from '../../base/errors.ts'
import { listed, many } from '../../base/text.ts'
import { countRules, sumRows } from '../../protocol/commit.ts'
import type { BatchPlan } from '../../protocol/plan.ts'
import type { ItemResult, SilverResult } from '../../protocol/result.ts'

/**
 * What does not fit in an item's counts of rules; undefined if all does. A rejected row breaks one of the rules that drop, or
 * several; a bronze row is rejected with one output row or several.
 */
export function rulesMismatch(
  query: BatchPlan['query'],
  { rules = [], rejected = [], ...result }: ItemResult,
): string | undefined {
  const files = [...result.bronze, ...result.unparked]
  const expected = countRules(query.rules ?? [], files)
  if (JSON.stringify(rules) !== JSON.stringify(expected)) return 'its rules are not those of the plan and of its files'
  const dropping = rules.filter(({ action }) => action === 'drop').map(({ violated }) => violated)
  const rows = rejected.reduce((sum, file) => sum + file.rows, 0)
  const least = Math.max(0, ...dropping, sumRows(files.map(file => file.rows)).rejected ?? 0)
  const most = dropping.reduce((sum, violated) => sum + violated, 0)
  return rows >= least && rows <= most ? undefined : `it rejected ${rows} rows, its rules ${least} to ${most}`
}

/** Refuses a batch in which rows break a rule that says FAIL UPDATE. Throws RuleViolated, which names a file and rows of it. */
export function refuseViolated({ batch, query }: BatchPlan, results: readonly SilverResult[]): void {
  const files = results.flatMap(({ result }) => [...result.bronze, ...result.unparked])
  const broken = files.flatMap(({ key, broken = [] }) => broken.map(rule => ({ key, ...rule })))
  for (const { name, action, violated } of countRules(query.rules ?? [], files)) {
    const [first, ...others] = action === 'fail' ? broken.filter(rule => rule.name === name) : []
    if (!first) continue
    const more =
      others.length > 0 ? `, and ${many(violated - first.violated, 'row')} of ${many(others.length, 'other file')}` : ''
    const verb = violated === 1 ? 'breaks' : 'break'
    throw new RuleViolated(
      `batch ${batch} is not committed: ${many(first.violated, 'row')} of ${first.key}${more} ${verb} the rule ${name}; ` +
        `see there ${first.rows.length > 1 ? 'rows' : 'row'} ${listed(first.rows.map(String))}, counted from 0`,
    )
  }
}
