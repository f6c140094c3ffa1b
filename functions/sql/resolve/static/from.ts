import { suggestion } from '../../../base/suggest.ts'
import type { FromItem, JoinItem, Name, Syntax } from '../../parse/syntax.ts'
import type { ScanColumn, StaticPlan } from '../../static-plan.ts'
import { printType } from '../../type-text.ts'
import { wider } from '../../typing/common-type.ts'
import { fail } from '../../typing/context.ts'
import { makeCall } from '../../typing/make-call.ts'
import { castOperand, NULL, type Operand } from '../../typing/operand.ts'
import { typeExpression } from '../../typing/typer.ts'
import { conjuncts, typeCondition } from '../conditions.ts'
import type { Environment } from '../environment.ts'
import { type Relation, resolveName, type Scope, type ScopeColumn, sameName } from '../scope.ts'
import { namesOf } from '../select-list.ts'
import { equality, joinedScope, sharedNames } from '../shared-columns.ts'
import { lateralView } from './generate.ts'
import { resolvePivot } from './pivot.ts'
import { resolveStatic } from './query.ts'
import { innerJoin, joinPlan, ONE_ROW, planColumn, type StaticRelation } from './relation.ts'
import { ungathered } from './ungathered.ts'

/** Resolves what stands behind FROM, where all of it is static. Throws InvalidQuery. */
export function resolveStaticFrom(item: FromItem | null, environment: Environment): StaticRelation {
  switch (item?.kind) {
    case undefined:
      return { plan: ONE_ROW, columns: [], relations: [] }
    case 'view':
      return resolveTable(item.name, item.alias, environment)
    case 'query':
      return named(resolveStatic(item.query, environment), item.alias?.text ?? null, item.columns, environment, item.at)
    case 'values':
      return resolveValues(item, environment)
    case 'join':
      return resolveJoin(item, environment)
    case 'pivot':
      return resolvePivot(item, resolveStaticFrom(item.source, environment), environment)
    case 'lateral view':
      return lateralView(item, resolveStaticFrom(item.source, environment), environment)
  }
}

function resolveTable(name: Name, alias: Name | null, environment: Environment): StaticRelation {
  const common = environment.statics.get(name.text.toLowerCase())
  const qualifier = (alias ?? name).text
  if (common) {
    const inner = named(resolveStatic(common.query, common.environment), null, common.columns, environment, name.at)
    return named(inner, qualifier, [], environment, name.at)
  }
  const view = environment.views.find(view => sameName(view.name, name.text))
  if (!view || view.view === 'reviews') {
    const names = [...environment.views.map(view => view.name).slice(1), ...environment.statics.keys()]
    const why = view ? 'is a stream, and a query that is computed once per run can not read it' : 'is unknown'
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
  const relation: Relation = { qualifier, view: view.name, columns, metadata: false }
  return { plan: { op: 'scan', dimension: view.view, columns: scanned }, columns, relations: [relation] }
}

/** A relation under another name: only its columns can be named from outside. */
function named(
  { plan, columns }: StaticRelation,
  qualifier: string | null,
  names: readonly Name[],
  { sql }: Environment,
  at: number,
): StaticRelation {
  if (names.length > 0 && names.length !== columns.length)
    fail({ sql }, `${names.length} names are given for ${columns.length} columns`, names[0]?.at ?? at)
  const renamed = columns.map((column, i) => ({ ...column, name: names[i]?.text ?? column.name }))
  return { plan, columns: renamed, relations: [{ qualifier, columns: renamed, metadata: false }] }
}

function resolveValues(item: Extract<FromItem, { kind: 'values' }>, environment: Environment): StaticRelation {
  const context = ungathered(namesOf({ columns: [], relations: [] }, environment), 'VALUES')
  const [head = []] = item.rows
  const rows = item.rows.map(row => {
    if (row.length !== head.length)
      fail(
        environment,
        `a row of VALUES has ${row.length} columns, and the first has ${head.length}`,
        row[0]?.at ?? item.at,
      )
    return row.map(cell => ({ operand: typeExpression(cell, context), at: cell.at }))
  })
  const made = head.map((_, i) => {
    const cells = rows.flatMap(row => row[i] ?? [])
    const types = cells.map(({ operand }) => operand.type)
    const type = wider(types)
    if (!type)
      return fail(
        environment,
        `column ${i + 1} of VALUES is ${[...new Set(types.map(printType))].join(' and ')}; cast them`,
        item.at,
      )
    return { type, cells }
  })
  const columns = made.map(({ type }, i): ScopeColumn => {
    const operand: Operand = type === 'void' ? NULL : planColumn(environment.newId(), type)
    return { name: `col${i + 1}`, operand }
  })
  const cell = ({ operand, at }: { operand: Operand; at: number }, type: Operand['type']) => {
    const expr = type === 'void' ? null : castOperand(operand, type)
    return expr?.op === 'literal' ? expr : fail(environment, 'VALUES takes constants', at)
  }
  const typed = made.filter(({ type }) => type !== 'void')
  const plan: StaticPlan = {
    op: 'values',
    columns: columns.flatMap(({ operand }) =>
      operand.op === 'column' ? [{ id: operand.name, type: operand.type }] : [],
    ),
    rows: rows.map((_, row) => typed.flatMap(({ type, cells }) => (cells[row] ? [cell(cells[row], type)] : []))),
  }
  return named({ plan, columns, relations: [] }, item.alias?.text ?? null, item.columns, environment, item.at)
}

const KINDS = {
  inner: 'inner',
  cross: 'inner',
  left: 'left',
  right: 'right',
  full: 'full',
  semi: 'semi',
  anti: 'anti',
} as const

function resolveJoin(item: JoinItem, environment: Environment): StaticRelation {
  const left = resolveStaticFrom(item.left, environment)
  const right = resolveStaticFrom(item.right, environment)
  const { sql } = environment
  const { at } = item.words
  const kind = KINDS[item.type]
  const keepsOne = kind === 'semi' || kind === 'anti'
  if (item.natural && keepsOne) fail({ sql }, `NATURAL does not go with ${kind.toUpperCase()}; write USING`, at)
  if (item.type === 'cross' && item.on) fail({ sql }, 'a CROSS JOIN has no ON; write JOIN … ON', at)
  const both = { columns: [...left.columns, ...right.columns], relations: [...left.relations, ...right.relations] }
  const shared = sharedNames(item, left, right, sql)
  const written = conjuncts(item.on).map((part: Syntax) =>
    typeCondition(part, ungathered(namesOf(both, environment), 'ON')),
  )
  const conditions = [...shared.map(name => equality(name, left, right, sql)), ...written]
  const plan =
    kind === 'inner' ? innerJoin(left.plan, right.plan, conditions) : joinPlan(kind, left.plan, right.plan, conditions)
  if (keepsOne) return { ...joinedScope(left, { columns: [], relations: [] }, shared, false), plan }
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
