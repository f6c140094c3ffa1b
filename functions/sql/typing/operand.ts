import { castTo } from '../evaluate/cast.ts'
import type { Expr, View } from '../expr.ts'
import { decodeLiteral, encodeLiteral } from '../literal.ts'
import { type SqlType, sameType } from '../types.ts'
import { makeCall } from './make-call.ts'
import { isUntyped } from './untyped.ts'

/**
 * A typed expression, or the bare NULL, which takes the type that its place asks for. A column that has no type yet does
 * so too.
 */
export type Operand = Expr | { readonly op: 'null'; readonly type: 'void'; readonly column?: UntypedReference }

/** A column of a view without a type, which is NULL in every row that can be read. */
export interface UntypedReference {
  readonly view: View
  readonly name: string
}

export const NULL: Operand & { readonly op: 'null' } = { op: 'null', type: 'void' }

/** The operand cast to a type, or null if Spark has no such cast. A cast to its own type leaves it as it is. */
export function castOperand(operand: Operand, type: SqlType, name: 'cast' | 'try_cast' = 'cast'): Expr | null {
  if (operand.op === 'null')
    return operand.column ? { op: 'column', ...operand.column, type } : encodeLiteral(null, type)
  if (operand.op === 'literal' && isUntyped(operand.type, type)) return encodeLiteral(decodeLiteral(operand), type)
  if (sameType(operand.type, type)) return operand
  return castTo(operand.type, type, name === 'try_cast') && makeCall(name, [operand], type)
}
