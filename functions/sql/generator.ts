import type { CompiledQuery, Expr, Predicate, View } from './compiled.ts'
import type { Column } from './types.ts'

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
      /** Over reviews, their file, and the generators before. */
      readonly rows: Expr
      /** Whether a row of which none is made goes on with NULLs. */
      readonly outer: boolean
    }
  | {
      /** One row for each condition that is TRUE (null: always); its only column is the condition's number. */
      readonly kind: 'branches'
      readonly conditions: readonly (Expr | null)[]
    }
)

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
