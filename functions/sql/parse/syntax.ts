import type { RuleAction } from '../compiled.ts'
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
    | {
        readonly kind: 'call'
        readonly name: Name
        readonly operator: boolean
        readonly args: readonly Syntax[]
        readonly form?: CallForm
      }
    | { readonly kind: 'cast'; readonly value: Syntax; readonly type: SqlType; readonly attempt: boolean }
    | {
        readonly kind: 'case'
        readonly operand: Syntax | null
        readonly branches: readonly Branch[]
        readonly otherwise: Syntax | null
      }
    | { readonly kind: 'index'; readonly base: Syntax; readonly index: Syntax }
    /** `base.name` where the base is not a name. */
    | { readonly kind: 'field'; readonly base: Syntax; readonly name: Name }
    /** An argument of a function that calls it. */
    | { readonly kind: 'lambda'; readonly parameters: readonly Name[]; readonly body: Syntax }
    /** `value AS name`, an argument of STRUCT. */
    | { readonly kind: 'named'; readonly value: Syntax; readonly name: Name }
    | { readonly kind: 'exists'; readonly query: Query }
    | { readonly kind: 'in query'; readonly value: Syntax; readonly query: Query }
    | { readonly kind: 'scalar query'; readonly query: Query }
  )

export type CallSyntax = Extract<Syntax, { kind: 'call' }>
/** `value IN (query)`. */
export type InQuery = Extract<Syntax, { kind: 'in query' }>

/** What only aggregates and window functions can have around their arguments. */
export interface CallForm {
  /** `count(*)`. */
  readonly star: boolean
  readonly distinct: boolean
  readonly ignoreNulls: boolean
  /** `WITHIN GROUP (ORDER BY item)`. */
  readonly within: OrderItem | null
  /** `FILTER (WHERE condition)`. */
  readonly filter: Syntax | null
  readonly over: Window | null
  /** Where the first of these words stands. */
  readonly at: number
}

/** What follows OVER: a window, or only the name (`base`) of one of the WINDOW clause. */
export interface Window extends Span {
  readonly base: Name | null
  readonly partition: readonly Syntax[]
  readonly order: readonly OrderItem[]
  readonly frame: Frame | null
}

/** The bounds of a frame: offsets from the current row, below 0 for rows before it; null for no bound on that side. */
export type Frame =
  | { readonly unit: 'rows'; readonly from: number | null; readonly to: number | null }
  | { readonly unit: 'range'; readonly from: 0 | Distance | null; readonly to: 0 | Distance | null }

/** How far from the current row's value the values of a frame are. */
export interface Distance {
  readonly value: Syntax
  readonly following: boolean
}

/** One item of ORDER BY, whose words are at `at`. NULLs come first where it is ascending, last where it is not, unless written otherwise. */
export interface OrderItem extends Span {
  readonly value: Syntax
  readonly descending: boolean
  readonly nullsFirst: boolean
}

export interface Branch {
  readonly when: Syntax
  readonly result: Syntax
}

/** One item of a select list. */
export type SelectItem = Span &
  /** `*`, `qualifier.*`, or the fields of a struct by its name. */
  (
    | { readonly kind: 'star'; readonly qualifier: readonly Name[] }
    | {
        readonly kind: 'expression'
        readonly value: Syntax
        readonly alias: Name | null
        /** `AS (a, b)`, the names of the columns of a function that makes rows. */
        readonly aliases?: readonly Name[]
      }
  )

/** A relation of a FROM clause. */
export type FromItem = Span &
  (
    | { readonly kind: 'view'; readonly name: Name; readonly alias: Name | null }
    | { readonly kind: 'query'; readonly query: Query; readonly alias: Name | null; readonly columns: readonly Name[] }
    | {
        readonly kind: 'values'
        readonly rows: readonly (readonly Syntax[])[]
        readonly alias: Name | null
        readonly columns: readonly Name[]
      }
    | {
        readonly kind: 'lateral view'
        readonly source: FromItem
        readonly outer: boolean
        readonly call: CallSyntax
        readonly alias: Name | null
        readonly columns: readonly Name[]
      }
    | {
        readonly kind: 'pivot'
        readonly source: FromItem
        readonly aggregates: readonly PivotItem[]
        readonly columns: readonly Syntax[]
        readonly values: readonly PivotItem[]
      }
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

export type JoinItem = Extract<FromItem, { kind: 'join' }>

/** An aggregate of PIVOT, or one of its values, a row where it is by several columns. */
export interface PivotItem extends Span {
  readonly value: Syntax
  readonly alias: Name | null
}

export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti' | 'cross'

/** `WITH name AS (query)`. */
export interface Common {
  readonly name: Name
  readonly columns: readonly Name[]
  readonly query: Query
}

/** One SELECT with its WITH, and the queries that UNION, INTERSECT and EXCEPT combine it with. */
export interface Query extends Span {
  readonly with: readonly Common[]
  /** The word DISTINCT. */
  readonly distinct: Span | null
  readonly select: readonly SelectItem[]
  readonly from: FromItem | null
  readonly where: Syntax | null
  readonly group: Grouping | null
  readonly having: Clause | null
  readonly qualify: Clause | null
  readonly windows: readonly NamedWindow[]
  /** From left to right; INTERSECT, which binds stronger, is in a subquery where that matters. */
  readonly sets: readonly SetOperation[]
  /** ORDER BY, LIMIT and OFFSET of the whole. */
  readonly order: readonly OrderItem[]
  readonly limit: Clause | null
  readonly offset: Clause | null
}

/** GROUP BY; the span is that of the words. */
export interface Grouping extends Span {
  /** The expressions, in the order of the text. */
  readonly items: readonly Syntax[]
  /** What ROLLUP, CUBE and GROUPING SETS group by, each some of the items; null for one grouping by all of them. */
  readonly sets: readonly (readonly Syntax[])[] | null
}

/** A clause with one expression; the span is that of its word. */
export interface Clause extends Span {
  readonly value: Syntax
}

/** `WINDOW name AS (window)`. */
export interface NamedWindow extends Span {
  readonly name: Name
  readonly window: Window
}

/** `UNION [ALL] query`, or INTERSECT or EXCEPT; the span is that of the words. */
export interface SetOperation extends Span {
  readonly kind: 'union' | 'intersect' | 'except'
  readonly all: boolean
  readonly query: Query
}

/** `CONSTRAINT name EXPECT (condition) [ON VIOLATION …]`, with the separator after it. */
export interface RuleSyntax extends Span {
  readonly name: Name
  readonly condition: Syntax
  readonly action: RuleAction
}

/** The whole text: a query, and the rules that its rows are to keep. */
export interface Statement extends Query {
  readonly rules: readonly RuleSyntax[]
}
