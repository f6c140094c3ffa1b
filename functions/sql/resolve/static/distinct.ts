import type { ComputedColumn } from '../../static-plan.ts'
import type { Environment } from '../environment.ts'
import type { ScopeColumn } from '../scope.ts'
import { planColumn, type StaticRelation } from './relation.ts'

/** Each combination of the columns once. */
export function distinct({ plan, columns }: StaticRelation, { newId }: Environment): StaticRelation {
  const keys: ComputedColumn[] = []
  const kept = columns.map(({ name, operand }): ScopeColumn => {
    if (operand.op === 'null') return { name, operand }
    const id = newId()
    keys.push({ id, expr: operand })
    return { name, operand: planColumn(id, operand.type) }
  })
  return { plan: { op: 'aggregate', input: plan, keys, aggregates: [] }, columns: kept, relations: [] }
}
