import type { JoinItem } from '../parse/syntax.ts'
import { type Context, fail } from '../typing/context.ts'
import { typeComparison } from '../typing/operators.ts'
import { type Condition, conjuncts, typeCondition } from './conditions.ts'
import { resolveName, type Scope, sameName, unknownName } from './scope.ts'

/** The names of USING or NATURAL, and all conditions of a join; `names` are those that ON can use. Throws InvalidQuery. */
export function joinConditions(
  item: JoinItem,
  left: Scope,
  right: Scope,
  names: Context,
): { readonly shared: readonly string[]; readonly conditions: readonly Condition[] } {
  const { natural, type, on, words } = item
  if (natural && (type === 'semi' || type === 'anti'))
    fail(names, `NATURAL does not go with ${type.toUpperCase()}; write USING`, words.at)
  if (type === 'cross' && on) fail(names, 'a CROSS JOIN has no ON; write JOIN … ON', words.at)
  const shared = sharedNames(item, left, right, names.sql)
  const written = conjuncts(on).map(part => typeCondition(part, names))
  return { shared, conditions: [...shared.map(name => equality(name, left, right, names.sql)), ...written] }
}

/** The names of USING or NATURAL. */
function sharedNames(item: JoinItem, left: Scope, right: Scope, sql: string): string[] {
  for (const name of item.using ?? []) {
    for (const side of [left, right]) {
      if (!side.columns.some(column => sameName(column.name, name.text))) unknownName(side, [name], sql)
    }
  }
  if (item.using) return item.using.map(name => name.text)
  if (!item.natural) return []
  const shared = left.columns.filter(a => right.columns.some(b => sameName(a.name, b.name))).map(column => column.name)
  if (shared.length === 0) fail({ sql }, 'NATURAL JOIN finds no column that both views have; write ON', item.words.at)
  return shared
}

/** `left.name = right.name`. */
function equality(name: string, left: Scope, right: Scope, sql: string): Condition {
  const part = { text: name, at: 0, end: 0 }
  const a = resolveName({ ...left, relations: [] }, [part], sql)
  const b = resolveName({ ...right, relations: [] }, [part], sql)
  const typed = a && b ? typeComparison('=', a, b) : { wrong: `both views must have ${name}` }
  return 'expr' in typed ? { expr: typed.expr, text: `${name} = ${name}` } : fail({ sql }, typed.wrong, 0)
}

/** The columns of `*`: those of USING first, from the kept side and as it spells them, then the rest of the left and of the right side. */
export function joinedScope(left: Scope, right: Scope, shared: readonly string[], keepsRight: boolean): Scope {
  const isShared = (name: string) => shared.some(other => sameName(other, name))
  const kept = keepsRight ? right : left
  const keys = shared.flatMap(name => {
    const column = kept.columns.find(column => sameName(column.name, name))
    return column ? [column] : []
  })
  const rest = [...left.columns, ...right.columns].filter(column => !isShared(column.name))
  // Behind a join with USING, `view.*` has the keys first too.
  const relations = [...left.relations, ...right.relations].map(relation => {
    const own = shared.flatMap(name => relation.columns.filter(column => sameName(column.name, name)))
    return { ...relation, columns: [...own, ...relation.columns.filter(column => !isShared(column.name))] }
  })
  return { columns: [...keys, ...rest], relations }
}
