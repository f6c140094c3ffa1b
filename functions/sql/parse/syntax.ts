import type { SqlType, Value } from '../types.ts'

/** A stretch of the text, as UTF-16 offsets. */
export interface Span {
  readonly at: number
  readonly end: number
}

/** A name as written. A quoted one is never a function without parentheses. */
export interface Name extends Span {
  readonly text: string
}

/** An expression as written, before names and types are known. Operators are calls of the operator's symbol. */
export type Syntax = Span &
  (
    | { readonly kind: 'name'; readonly parts: readonly Name[] }
    | { readonly kind: 'literal'; readonly value: Value; readonly type: SqlType | 'void' }
    | { readonly kind: 'call'; readonly name: Name; readonly operator: boolean; readonly args: readonly Syntax[] }
    | { readonly kind: 'cast'; readonly value: Syntax; readonly type: SqlType; readonly attempt: boolean }
    | {
        readonly kind: 'case'
        readonly operand: Syntax | null
        readonly branches: readonly Branch[]
        readonly otherwise: Syntax | null
      }
    | { readonly kind: 'index'; readonly base: Syntax; readonly index: Syntax }
    | { readonly kind: 'exists'; readonly query: Query }
    | { readonly kind: 'in query'; readonly value: Syntax; readonly query: Query }
  )

export interface Branch {
  readonly when: Syntax
  readonly result: Syntax
}

/** One item of a select list. */
export type SelectItem = Span &
  (
    | { readonly kind: 'star'; readonly qualifier: Name | null }
    | { readonly kind: 'expression'; readonly value: Syntax; readonly alias: Name | null }
  )

/** A relation of a FROM clause. */
export type FromItem = Span &
  (
    | { readonly kind: 'view'; readonly name: Name; readonly alias: Name | null }
    | { readonly kind: 'query'; readonly query: Query; readonly alias: Name | null; readonly columns: readonly Name[] }
    | {
        readonly kind: 'join'
        readonly type: JoinType
        readonly natural: boolean
        readonly left: FromItem
        readonly right: FromItem
        /** The words between the relations, `JOIN` or the comma. */
        readonly words: Span
        readonly on: Syntax | null
        readonly using: readonly Name[] | null
      }
  )

export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti' | 'cross'

/** `WITH name AS (query)`. */
export interface Common {
  readonly name: Name
  readonly columns: readonly Name[]
  readonly query: Query
}

/** One SELECT with its WITH. */
export interface Query extends Span {
  readonly with: readonly Common[]
  readonly select: readonly SelectItem[]
  readonly from: FromItem | null
  readonly where: Syntax | null
}
