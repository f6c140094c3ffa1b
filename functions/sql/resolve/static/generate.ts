import type { FromItem, Name, Query, SelectItem } from '../../parse/syntax.ts'
import { type Context, fail } from '../../typing/context.ts'
import { generatorCall, typeGenerator } from '../../typing/generators.ts'
import { typeExpression } from '../../typing/typer.ts'
import type { Environment } from '../environment.ts'
import { generatedNames } from '../generate.ts'
import type { ScopeColumn } from '../scope.ts'
import { namesOf } from '../select-list.ts'
import { planColumn, type StaticRelation } from './relation.ts'
import { ungathered } from './ungathered.ts'

type Lateral = Extract<FromItem, { kind: 'lateral view' }>
type Call = Lateral['call']

/** Several rows of each row of a relation, which can name the same as before, and the columns that are made. */
function generate(
  call: Call,
  names: readonly Name[],
  outer: boolean,
  relation: StaticRelation,
  context: Context,
  { sql, newId }: Environment,
): { readonly relation: StaticRelation; readonly columns: readonly ScopeColumn[] } {
  const args = call.args.map(arg => typeExpression(arg, context))
  const typed = typeGenerator(call, args, context)
  const made = typed.columns.map(({ type }) => ({ id: newId(), type }))
  const named = generatedNames(call, names, typed, sql)
  const plan = {
    op: 'generate',
    input: relation.plan,
    rows: typed.rows,
    columns: made,
    outer: outer || typed.outer,
  } as const
  const columns = made.map(({ id, type }, i) => ({ name: named[i] ?? '', operand: planColumn(id, type) }))
  return { relation: { ...relation, plan }, columns }
}

/** `source LATERAL VIEW [OUTER] call alias AS names`. */
export function lateralView(item: Lateral, source: StaticRelation, environment: Environment): StaticRelation {
  const word = item.call.name.text.toUpperCase()
  if (!generatorCall(item.call))
    fail(environment, `${word} makes no rows; behind LATERAL VIEW stands EXPLODE or its like`, item.call.at)
  const context = ungathered(namesOf(source, environment), 'LATERAL VIEW')
  const { relation, columns } = generate(item.call, item.columns, item.outer, source, context, environment)
  const view = { qualifier: item.alias?.text ?? null, columns, metadata: false }
  return { ...relation, columns: [...source.columns, ...columns], relations: [...source.relations, view] }
}

/** The generators of a select list, and the columns of their items. They make rows before all else is computed. */
export function generateStatic(
  { select }: Query,
  from: StaticRelation,
  environment: Environment,
): { readonly rows: StaticRelation; readonly made: ReadonlyMap<SelectItem, readonly ScopeColumn[]> } {
  const made = new Map<SelectItem, readonly ScopeColumn[]>()
  const context = ungathered(namesOf(from, environment), 'a function that makes rows')
  let rows = from
  for (const item of select) {
    const call = item.kind === 'expression' ? generatorCall(item.value) : null
    if (!call || item.kind !== 'expression') continue
    const names = item.aliases ?? (item.alias ? [item.alias] : [])
    const generated = generate(call, names, false, rows, context, environment)
    rows = generated.relation
    made.set(item, generated.columns)
  }
  return { rows, made }
}
