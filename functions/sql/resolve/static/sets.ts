import { encodeLiteral } from '../../literal.ts'
import type { SetOperation } from '../../parse/syntax.ts'
import type { StaticPlan } from '../../static-plan.ts'
import { printType } from '../../type-text.ts'
import { wider } from '../../typing/common-type.ts'
import { fail } from '../../typing/context.ts'
import { makeCall } from '../../typing/make-call.ts'
import { castOperand, NULL, type Operand } from '../../typing/operand.ts'
import type { Environment } from '../environment.ts'
import type { ScopeColumn } from '../scope.ts'
import { keyed } from './gatherer.ts'
import { compute, distinct, extended, planColumn, planColumns, planned, type StaticRelation } from './relation.ts'

/** UNION, INTERSECT and EXCEPT: columns are matched by place and get a common type; the names are the first query's. */
export function combineSets(
  left: StaticRelation,
  { kind, all, at }: SetOperation,
  right: StaticRelation,
  environment: Environment,
): StaticRelation {
  const word = kind.toUpperCase()
  if (left.columns.length !== right.columns.length)
    fail(environment, `${word} of ${left.columns.length} columns with ${right.columns.length}`, at)
  const types = left.columns.map(({ name, operand }, i) => {
    const other = right.columns[i]?.operand ?? NULL
    const type = wider([operand.type, other.type])
    return (
      type ??
      fail(
        environment,
        `${word}: column ${name} is ${printType(operand.type)} and ${printType(other.type)}; cast one of them`,
        at,
      )
    )
  })
  const [first, second] = [left, right].map(side => cast(side, types, environment))
  if (!first || !second) throw new RangeError('a set operation has two sides')
  if (kind === 'union') {
    const rows = unionAll([first, second], environment)
    return all ? rows : distinct(rows, environment)
  }
  const joinKind = kind === 'intersect' ? 'semi' : 'anti'
  if (!all) return distinct(matched(joinKind, first, second), environment)
  // Of equal rows the first of one side meets the first of the other, and so on.
  const counted = numbered(first, environment)
  const rows = matched(joinKind, counted, numbered(second, environment))
  return { ...rows, columns: counted.columns.slice(0, -1) }
}

/** The rows of the first that have, or lack, an equal row in the second. */
function matched(kind: 'semi' | 'anti', first: StaticRelation, second: StaticRelation): StaticRelation {
  const keys = first.columns.flatMap(({ operand }, i) => {
    const other = second.columns[i]?.operand
    return operand.op === 'null' || !other || other.op === 'null'
      ? []
      : [{ left: operand, right: other, nullSafe: true }]
  })
  return { ...first, plan: { op: 'join', kind, left: first.plan, right: second.plan, keys, on: null } }
}

/** Rows with the number of each among those that are equal to it, as a last column. 0.0 stands for -0.0, as after DISTINCT. */
function numbered(relation: StaticRelation, environment: Environment): StaticRelation {
  const zeroed = (operand: Operand) => {
    const { type } = operand
    if (type !== 'float' && type !== 'double') return null
    return makeCall('+', [keyed(operand), encodeLiteral(0, type)], type)
  }
  const { columns, made } = planned(relation.columns, zeroed, environment)
  const id = environment.newId()
  const plan: StaticPlan = {
    op: 'window',
    input: extended(relation.plan, made),
    partition: columns.flatMap(({ operand }) => (operand.op === 'null' ? [] : [operand])),
    order: [],
    functions: [{ id, type: 'int', name: 'row_number', args: [], ignoreNulls: false, frame: WHOLE, text: '' }],
  }
  return { plan, columns: [...columns, { name: '', operand: planColumn(id, 'int') }], relations: [] }
}

const WHOLE = { unit: 'rows', from: null, to: null } as const

/** A relation whose columns have these types, each a column of its plan. */
function cast(relation: StaticRelation, types: readonly Operand['type'][], environment: Environment): StaticRelation {
  const columns = relation.columns.map(({ name, operand }, i): ScopeColumn => {
    const type = types[i] ?? 'void'
    return { name, operand: type === 'void' ? NULL : (castOperand(operand, type) ?? NULL) }
  })
  return compute({ ...relation, columns }, environment)
}

function unionAll(sides: readonly StaticRelation[], { newId }: Environment): StaticRelation {
  const [first] = sides
  const columns = (first?.columns ?? []).map(({ name, operand }): ScopeColumn => {
    return { name, operand: operand.op === 'null' ? NULL : planColumn(newId(), operand.type) }
  })
  const plan: StaticPlan = {
    op: 'union',
    columns: planColumns(columns),
    inputs: sides.map(({ plan, columns }) => ({ plan, columns: planColumns(columns).map(({ id }) => id) })),
  }
  return { plan, columns, relations: [] }
}
