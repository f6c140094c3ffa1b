import type { Expr } from '../compiled.ts'
import { castTo } from '../evaluate/cast.ts'
import { encodeLiteral } from '../literal.ts'
import type { SqlType } from '../types.ts'
import { makeCall } from './make-call.ts'

/** A typed expression, or the bare NULL, which takes the type that its place asks for. */
export type Operand = Expr | { readonly op: 'null'; readonly type: 'void' }

export const NULL: Operand = { op: 'null', type: 'void' }

/** The operand cast to a type, or null if Spark has no such cast. A cast to its own type is none. */
export function castOperand(operand: Operand, type: SqlType, name: 'cast' | 'try_cast' = 'cast'): Expr | null {
  if (operand.op === 'null') return encodeLiteral(null, type)
  if (operand.type === type) return operand
  return castTo(operand.type, type, name === 'try_cast') && makeCall(name, [operand], type)
}

export function isNested(type: string): boolean {
  return /^(array|map|struct)</.test(type)
}
