import { InvalidInput } from '../../base/errors.ts'
import type { Roots } from '../../lake/layout.ts'
import { parseDeclarations, type QueryText } from '../../sql/declare.ts'
import type { Column } from '../../sql/types.ts'

/** A view: its name, and its columns where bronze.sql declares them. */
export interface DeclaredView {
  readonly view: string
  readonly declared: readonly Column[] | null
}

/** Finds the two views. A declaration belongs to the one at whose root its location ends; its name is the view's. */
export function findViews(
  text: QueryText,
  roots: Roots,
): { readonly reviews: DeclaredView; readonly customers: DeclaredView } {
  const declarations = text.declarations === null ? [] : parseDeclarations(text.declarations)
  const at = (location: string, root: string) => `/${location}/`.endsWith(`/${root}`)
  const stray = declarations.find(({ location }) => !at(location, roots.reviews) && !at(location, roots.customers))
  if (stray) {
    throw new InvalidInput(
      `bronze.sql: ${stray.name} lies at ${stray.location}: reviews lie at ${roots.reviews}, customers at ${roots.customers}`,
    )
  }
  const find = (root: string, view: string): DeclaredView => {
    const found = declarations.find(({ location }) => at(location, root))
    return found ? { view: found.name, declared: found.columns } : { view, declared: null }
  }
  return { reviews: find(roots.reviews, text.reviewsView), customers: find(roots.customers, text.customersView) }
}
