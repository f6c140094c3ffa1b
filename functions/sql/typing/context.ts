import type { Expr } from '../expr.ts'
import { InvalidQuery } from '../invalid.ts'
import type { CallSyntax, Name, Query, Syntax } from '../parse/syntax.ts'
import type { Operand } from './operand.ts'
import type { Typed } from './operators.ts'

/** What typing an expression needs to know about the query around it. */
export interface Context {
  readonly sql: string
  /** The value of current_timestamp, in UTC microseconds. */
  readonly now: bigint
  /**
   * The expression a column name stands for; null if there is no such column. Throws InvalidQuery where it is
   * ambiguous.
   */
  readonly resolve: (parts: readonly Name[]) => Operand | null
  /** Throws InvalidQuery for a name that resolve does not know, with a similar one that it does. */
  readonly unknown: (parts: readonly Name[]) => never
  /** The column for an aggregate or window function; null for other calls. Without it, they are refused. */
  readonly gather?: (call: CallSyntax, note?: Context['note']) => Operand | null
  /** The column for a scalar subquery, where there can be one. */
  readonly subquery?: (query: Query) => Operand
  /** The value of EXISTS or IN with a subquery, where it can stand in an expression. */
  readonly predicate?: (asked: AskedPredicate) => Operand
  /** How many parameters the lambdas around have. */
  readonly variables?: number
  /** Called with each part of an expression and what it was typed as. */
  readonly note?: (syntax: Syntax, operand: Operand) => void
}

/** Types a part of an expression, in its context or another. */
export type TypePart = (syntax: Syntax, within?: Context) => Operand

/** EXISTS or IN with a subquery. */
export interface AskedPredicate {
  readonly syntax: Extract<Syntax, { kind: 'exists' | 'in query' }>
  /** What stands before IN, one or those of a row; none before EXISTS. */
  readonly values: readonly Operand[]
  /** NOT IN. */
  readonly negated: boolean
}

/** The expression of a typed call. Throws InvalidQuery if something is wrong with it. */
export function accepted(typed: Typed, context: Pick<Context, 'sql'>, at: number): Expr {
  return 'expr' in typed ? typed.expr : fail(context, typed.wrong, at)
}

export function fail({ sql }: Pick<Context, 'sql'>, message: string, at: number): never {
  throw new InvalidQuery(message, sql, at)
}
