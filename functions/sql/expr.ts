import type { SqlType } from './types.ts'

/** An expression. Every node carries its type; a `literal` holds its Value in JSON (see encodeLiteral). */
export type Expr =
  | { readonly op: 'column'; readonly view: View; readonly name: string; readonly type: SqlType }
  | Literal
  | { readonly op: 'call'; readonly name: string; readonly args: readonly Expr[]; readonly type: SqlType }
  | Lambda
  /** A parameter of a lambda around it. */
  | { readonly op: 'variable'; readonly name: string; readonly type: SqlType }

export interface Literal {
  readonly op: 'literal'
  readonly value: LiteralValue
  readonly type: SqlType
}

/** `x -> body`, an argument of a function that calls it. `type` is the body's. No lambda in another has parameters of its names. */
export interface Lambda {
  readonly op: 'lambda'
  readonly parameters: readonly string[]
  readonly body: Expr
  readonly type: SqlType
}

export type LiteralValue = string | number | boolean | null

/**
 * Where a column comes from: `reviews`, `file`, the name of a generator, or that of a dimension. `file` columns describe the bronze file
 * (`_metadata`): `file_path` (string), `file_name` (string), `file_size` (bigint), `file_modification_time` (timestamp).
 */
export type View = string
