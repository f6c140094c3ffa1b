import { InvalidInput } from '../../base/errors.ts'
import { isHidden } from '../../lake/keys.ts'
import type { Roots } from '../../lake/layout.ts'
import { type Declaration, parseDeclarations, type QueryText } from '../../sql/declare.ts'
import { tokenize } from '../../sql/parse/token.ts'
import type { Column } from '../../sql/types.ts'

/** A view: its name, and its columns where bronze.sql declares them. */
export interface DeclaredView {
  readonly view: string
  readonly declared: readonly Column[] | null
}

/** A static table: the name of its dimension, and the folder that its files lie in. */
export interface DimensionTable extends DeclaredView {
  readonly name: string
  readonly root: string
}

export interface Views {
  readonly reviews: DeclaredView
  readonly customers: DimensionTable
  /** Those beside the customers that bronze.sql declares and silver.sql names. */
  readonly others: readonly DimensionTable[]
  /** Names of silver.sql that may be folders beside the customers. */
  readonly guessed: readonly DimensionTable[]
}

/** The names of tables without a declaration begin with this, followed by the name of their folder. */
const PREFIX = 'bronze_'

/**
 * Finds the tables. A declaration belongs to the reviews or the customers where its location ends at their root, and to
 * another dimension where it lies beside the customers; its name is the view's. A name `bronze_x` of silver.sql that is
 * not declared is that of the folder `x` beside the customers. Throws InvalidInput for another location.
 */
export function findViews(text: QueryText, roots: Roots): Views {
  const declarations = text.declarations === null ? [] : parseDeclarations(text.declarations)
  const at = ({ location }: Declaration, root: string) => `/${location}/`.endsWith(`/${root}`)
  const find = (root: string, view: string): DeclaredView => {
    const found = declarations.find(each => at(each, root))
    return { view: found?.name ?? view, declared: found && found.columns.length > 0 ? found.columns : null }
  }
  const reviews = find(roots.reviews, text.reviewsView)
  const customers = { ...find(roots.customers, text.customersView), name: 'customers', root: roots.customers }
  const declared = declarations
    .filter(each => !at(each, roots.reviews) && !at(each, roots.customers))
    .map(each => declaredTable(each, roots))
  const names = namesIn(text.sql)
  const known = new Set([reviews, customers, ...declared].map(({ view }) => view.toLowerCase()))
  const guessed = [...names]
    .filter(name => name.startsWith(PREFIX) && name.length > PREFIX.length && !known.has(name))
    .map(view => ({ view, declared: null, name: nameOf(view), root: `${besides(roots)}${view.slice(PREFIX.length)}/` }))
  return { reviews, customers, others: declared.filter(({ view }) => names.has(view.toLowerCase())), guessed }
}

/** The names of a query in lower case, whatever they name. */
function namesIn(sql: string): Set<string> {
  return new Set(
    tokenize(sql).flatMap(({ kind, text }) => (kind === 'word' || kind === 'quoted' ? [text.toLowerCase()] : [])),
  )
}

function declaredTable({ name, columns, location }: Declaration, roots: Roots): DimensionTable {
  const folder = besides(roots)
  const from = `/${location}/`.lastIndexOf(`/${folder}`)
  const root = `/${location}/`.slice(from + 1)
  const isFree = [roots.reviews, roots.customers, roots.silver].every(
    other => !root.startsWith(other) && !other.startsWith(root),
  )
  if (from < 0 || root === folder || isHidden(root, folder) || !isFree) {
    throw new InvalidInput(
      `bronze.sql: ${name} lies at ${location}: reviews lie at ${roots.reviews}, customers at ${roots.customers}, other dimensions beside the customers, in folders of ${folder || 'the lake'}`,
    )
  }
  return { view: name, declared: columns.length > 0 ? columns : null, name: nameOf(name.toLowerCase()), root }
}

/** The folder that the customers lie in. */
function besides({ customers }: Roots): string {
  return customers.slice(0, customers.lastIndexOf('/', customers.length - 2) + 1)
}

/** The name of a table's dimension: of its view without the prefix, where that is free. */
function nameOf(view: string): string {
  const short = view.startsWith(PREFIX) ? view.slice(PREFIX.length) : view
  return ['reviews', 'customers', 'file'].includes(short) ? `${short}_table` : short
}
