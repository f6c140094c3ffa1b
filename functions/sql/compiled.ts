import type { Expr, LiteralValue, View } from './expr.ts'
import type { DerivedPlan } from './static-plan.ts'
import type { Column, SqlType } from './types.ts'

/**
 * A silver query after parsing, resolving and typing: plain JSON, written once per batch by Plan (query.json) and bound
 * by Join to each file's own schema. Names in it are the sources' own spelling, types are the batch's.
 */
export interface CompiledQuery {
  /** The text of silver.sql, as it was given. */
  readonly sql: string
  /** Hex SHA-256 of `sql`. */
  readonly sha256: string
  /** The columns of the reviews view for this batch, in order, the `key=value` path segments last. */
  readonly reviews: readonly Column[]
  /** The static relations that the joins look rows up in, in the order of the joins. */
  readonly dimensions: readonly Dimension[]
  /** Predicates over reviews alone, in the order of the text; a row that is not TRUE for one of them is filtered. */
  readonly filters: readonly Predicate[]
  /** What makes several rows of a review, in order, before the joins. Missing in plans of earlier versions. */
  readonly generators?: readonly Generator[]
  /** In the order in which they are made. */
  readonly joins: readonly Join[]
  /** What is left of WHERE, tested on each joined row; one that is not TRUE is left out. */
  readonly where: Predicate | null
  readonly output: readonly OutputColumn[]
  /** What is expected of each output row; missing if nothing is, and in plans of earlier versions. */
  readonly rules?: readonly Rule[]
  /** The comment lines above the SELECT: the table's comment. */
  readonly comment: string
  /**
   * The columns of reviews, in lower case, that a file must have in a form that can be read, if it has them: those that
   * the query names or bronze.sql declares. Without this, as in plans of earlier versions: all.
   */
  readonly needed?: { readonly reviews: readonly string[] }
  /** Missing in plans of earlier versions: `as-is`. */
  readonly timestamps?: TimestampForm
}

/** How timestamps of the reviews that a file has as INT96 are written: as INT64 UTC microseconds, or as they are. */
export type TimestampForm = 'int64' | 'as-is'

/** A static relation, whose rows are looked up by key. A relation that is joined twice is two dimensions. */
export interface Dimension {
  /** The `view` of its columns in expressions: `customers`, or a name that no other dimension of the query has. */
  readonly name: string
  /** In order. */
  readonly columns: readonly Column[]
  /** As `needed` of the query, for its files. */
  readonly needed?: readonly string[]
  /** The table in bronze, where its name is not the dimension's. */
  readonly table?: string
  /** The rows of a VALUES, which has no table, as literals hold them (see encodeLiteral). */
  readonly values?: readonly (readonly LiteralValue[])[]
  /** The query over tables whose result this is. Its columns are those that are read. */
  readonly plan?: DerivedPlan
}

/**
 * What makes several rows of one, before the joins. Its columns are those of a view of its own; a row goes on only if each of
 * `filters` is TRUE for it, which read reviews and the generators so far.
 */
export type Generator = {
  /** The `view` of its columns: see generatedView. */
  readonly name: View
  readonly columns: readonly Column[]
  readonly filters: readonly Predicate[]
  /** As it stands in the text, for explanations. */
  readonly text: string
} & (
  | {
      /** One row for each row of `rows`, a list of lists that hold the values of `columns`; for a NULL in it one of NULLs. */
      readonly kind: 'list'
      /** Over reviews, their file, and the earlier generators. */
      readonly rows: Expr
      /** Whether a row of which none is made is kept, with NULLs. */
      readonly outer: boolean
    }
  | {
      /** One row for each condition that is TRUE (null: always); its only column is the condition's number. */
      readonly kind: 'branches'
      readonly conditions: readonly (Expr | null)[]
    }
)

/**
 * How rows meet a dimension.
 * `inner`, `semi`: a row without a match is unmatched; `left`: it is kept with NULLs for the dimension; `anti`: only it
 * is kept.
 */
export interface Join {
  /** The name of the dimension; each is joined once. */
  readonly dimension: string
  readonly kind: 'inner' | 'left' | 'semi' | 'anti'
  /** Parts of one key. None: every row of the dimension is tried. */
  readonly keys: readonly JoinKey[]
  /** The rest of the ON condition, tested on each pair with equal keys; over all that is joined so far. */
  readonly on: Expr | null
  /**
   * Over all that is joined so far, tested on each row that goes on; one that is not TRUE is filtered, whatever later joins
   * lack. Missing where nothing is, and in plans of earlier versions.
   */
  readonly where?: Predicate
}

/** Both sides are compared as `type`, after they were cast to it. NULL matches nothing, or NULL where it is `nullSafe`. */
export interface JoinKey {
  /** Over reviews, their file, the generators, and the dimensions of earlier joins. */
  readonly left: Expr
  /** Over the dimension. */
  readonly right: Expr
  readonly type: SqlType
  readonly nullSafe: boolean
}

export interface Predicate {
  readonly expr: Expr
  /** The predicate as it stands in the text, for explanations. */
  readonly text: string
}

/** An expectation of an output row, which breaks it unless it is TRUE; over the same columns as the output's expressions. */
export interface Rule extends Predicate {
  readonly name: string
  readonly action: RuleAction
}

/** What becomes of an output row that breaks a rule: it is only counted, it is rejected, or nothing is committed. */
export type RuleAction = 'warn' | 'drop' | 'fail'

export interface OutputColumn {
  readonly name: string
  readonly type: SqlType
  readonly nullable: boolean
  /** A plain `column` of reviews is copied, one of a dimension is looked up, all else is computed. */
  readonly expr: Expr
}

/** Whether a column is the review's own, not one of a dimension. */
export function isOfReview(view: View): boolean {
  return view === 'reviews' || view === 'file'
}

/** Whether a column is known before the joins are made: the review's own, or what a generator has made of it. */
export function isBeforeJoins(view: View): boolean {
  return isOfReview(view) || isGenerated(view)
}

/** The view of a generator's columns. No view of a query has such a name. */
export function generatedView(id: string): View {
  return `rows ${id}`
}

/** Whether columns of a view come from a generator. */
export function isGenerated(view: View): boolean {
  return view.startsWith('rows ')
}

/** The generator whose columns have a view. */
export function generatorOf({ generators = [] }: Pick<CompiledQuery, 'generators'>, view: View): Generator | undefined {
  return generators.find(({ name }) => name === view)
}
