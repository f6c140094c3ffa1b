import { suggestion } from '../../../base/suggest.ts'
import type { FromItem, JoinItem, Name } from '../../parse/syntax.ts'
import type { ScanColumn, StaticPlan } from '../../static-plan.ts'
import { wider } from '../../typing/common-type.ts'
import { fail } from '../../typing/context.ts'
import { makeCall } from '../../typing/make-call.ts'
import { castOperand, NULL } from '../../typing/operand.ts'
import type { Environment } from '../environment.ts'
import { resolveLateral } from '../generate.ts'
import { bothScopes, type Relation, renamed, resolveName, type Scope, type ScopeColumn, sameName } from '../scope.ts'
import { namesOf } from '../select-list.ts'
import { joinConditions, joinedScope } from '../shared-columns.ts'
import { typeValues } from '../values.ts'
import { ungathered } from './gatherer.ts'
import { resolvePivot } from './pivot.ts'
import { resolveStatic } from './query.ts'
import { addToPlan, innerJoin, joinPlan, ONE_ROW, planColumn, planColumns, type StaticRelation } from './relation.ts'

/** Resolves a FROM clause of static relations. Throws InvalidQuery. */
export function resolveStaticFrom(item: FromItem | null, environment: Environment): StaticRelation {
  switch (item?.kind) {
    case undefined:
      return { plan: ONE_ROW, columns: [], relations: [] }
    case 'view':
      return resolveTable(item.name, item.alias, environment)
    case 'query':
      return renamed(resolveStatic(item.query, environment), item, environment)
    case 'values':
      return resolveValues(item, environment)
    case 'join':
      return resolveJoin(item, environment)
    case 'pivot':
      return resolvePivot(item, resolveStaticFrom(item.source, environment), environment)
    case 'lateral view': {
      const source = resolveStaticFrom(item.source, environment)
      const names = ungathered(namesOf(source, environment), 'LATERAL VIEW')
      return resolveLateral(item, source, names, addToPlan(environment))
    }
  }
}

function resolveTable(name: Name, alias: Name | null, environment: Environment): StaticRelation {
  const common = environment.statics.get(name.text.toLowerCase())
  if (common) {
    const { query, columns } = common
    return renamed(resolveStatic(query, common.environment), { alias: alias ?? name, columns }, environment)
  }
  const view = environment.views.find(view => sameName(view.name, name.text))
  if (!view || view.view === 'reviews') {
    const names = [...environment.views.map(view => view.name).slice(1), ...environment.statics.keys()]
    const why = view ? "is a stream, and a query that is computed once per run can't read it" : 'is unknown'
    return fail(
      environment,
      `${name.text} ${why}${suggestion(name.text, names) || `; there are ${names.join(' and ')}`}`,
      name.at,
    )
  }
  const scanned: ScanColumn[] = []
  const columns = view.columns.map(({ name, type }): ScopeColumn => {
    if (type === null) return { name, operand: NULL }
    const id = environment.newId()
    scanned.push({ id, name, type })
    return { name, operand: planColumn(id, type) }
  })
  const relation: Relation = { qualifier: (alias ?? name).text, view: view.name, columns, metadata: false }
  return { plan: { op: 'scan', dimension: view.view, columns: scanned }, columns, relations: [relation] }
}

function resolveValues(item: Extract<FromItem, { kind: 'values' }>, environment: Environment): StaticRelation {
  const context = ungathered(namesOf({ columns: [], relations: [] }, environment), 'VALUES')
  const values = typeValues(item.rows, context)
  const columns = values.columns.map(({ name, type }): ScopeColumn => {
    return { name, operand: type === 'void' ? NULL : planColumn(environment.newId(), type) }
  })
  const plan: StaticPlan = {
    op: 'values',
    columns: planColumns(columns),
    rows: values.rows.map(row => row.filter((_, i) => values.columns[i]?.type !== 'void')),
  }
  return renamed({ plan, columns, relations: [] }, item, environment)
}

function resolveJoin(item: JoinItem, environment: Environment): StaticRelation {
  const left = resolveStaticFrom(item.left, environment)
  const right = resolveStaticFrom(item.right, environment)
  const kind = item.type === 'cross' ? 'inner' : item.type
  const names = ungathered(namesOf(bothScopes(left, right), environment), 'ON')
  const { shared, conditions } = joinConditions(item, left, right, names)
  const plan =
    kind === 'inner' ? innerJoin(left.plan, right.plan, conditions) : joinPlan(kind, left.plan, right.plan, conditions)
  if (kind === 'semi' || kind === 'anti')
    return { ...joinedScope(left, { columns: [], relations: [] }, shared, false), plan }
  if (kind === 'full' && shared.length > 0) return fullScope(left, right, shared, plan, environment)
  return { ...joinedScope(left, right, shared, kind === 'right'), plan }
}

/** Behind FULL JOIN … USING a column is that of the side that has one. */
function fullScope(
  left: Scope,
  right: Scope,
  shared: readonly string[],
  plan: StaticPlan,
  { newId, sql }: Environment,
): StaticRelation {
  const scope = joinedScope(left, right, shared, false)
  const merged = shared.map((name, i) => {
    const part = { text: name, at: 0, end: 0 }
    const sides = [left, right].map(side => resolveName({ ...side, relations: [] }, [part], sql) ?? NULL)
    const type = wider(sides.map(side => side.type)) ?? 'void'
    const args = sides.flatMap(side => (type === 'void' ? [] : (castOperand(side, type) ?? [])))
    const spelt = scope.columns[i]?.name ?? name
    return { name: spelt, type, id: newId(), expr: type === 'void' ? null : makeCall('coalesce', args, type) }
  })
  const columns = merged.map(
    ({ name, type, id }): ScopeColumn => ({ name, operand: type === 'void' ? NULL : planColumn(id, type) }),
  )
  const made = merged.flatMap(({ id, expr }) => (expr ? [{ id, expr }] : []))
  return {
    ...scope,
    columns: [...columns, ...scope.columns.slice(shared.length)],
    plan: { op: 'extend', input: plan, columns: made },
  }
}
