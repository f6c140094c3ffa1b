import { count, many } from '../../functions/base/text.ts'
import type { RuleCount } from '../../functions/protocol/commit.ts'

/** How often the rules were broken. */
export function ruleLines(rules: readonly RuleCount[] = []): string[] {
  const broken = rules.filter(({ violated }) => violated > 0)
  if (broken.length === 0)
    return rules.length === 0 ? [] : [`rules      no row breaks one of the ${count(rules.length)}`]
  return broken.map(({ name, action, violated }) => {
    const verb = violated === 1 ? 'breaks' : 'break'
    return `rules      ${many(violated, 'row')} ${verb} ${name}: ${action === 'drop' ? 'rejected' : 'only counted'}`
  })
}
