import type { Column } from '../../types.ts'
import type { Operand } from '../../typing/operand.ts'
import type { ScopeColumn } from '../scope.ts'
import { EMPTY_SOURCE, type Source } from '../source.ts'
import type { StaticRelation } from './relation.ts'

/** The rows of a static query as a dimension of its own, which LoadDimensions computes. */
export function derivedSource(relation: StaticRelation, name = 'derived'): Source {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  const columns: Column[] = []
  const ids: string[] = []
  const moved = ({ name: own, operand }: ScopeColumn): ScopeColumn => {
    if (operand.op === 'null') return { name: own, operand }
    const column = names.get(idOf(operand)) ?? distinctName(own, taken)
    if (!names.has(idOf(operand))) {
      names.set(idOf(operand), column)
      columns.push({ name: column, type: operand.type })
      ids.push(idOf(operand))
    }
    return { name: own, operand: { op: 'column', view: name, name: column, type: operand.type } }
  }
  const scope = {
    columns: relation.columns.map(moved),
    relations: relation.relations.map(each => ({ ...each, columns: each.columns.map(moved) })),
  }
  const dimension = { name, columns, plan: { root: relation.plan, ids } }
  return { ...EMPTY_SOURCE, ...scope, kind: 'static', dimensions: [dimension] }
}

function idOf(operand: Operand): string {
  if (operand.op !== 'column') throw new RangeError('a column of a static query is one of its plan')
  return operand.name
}

function distinctName(name: string, taken: Set<string>): string {
  let free = name
  for (let number = 2; taken.has(free.toLowerCase()); number++) free = `${name}_${number}`
  taken.add(free.toLowerCase())
  return free
}
