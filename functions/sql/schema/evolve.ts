import { printType } from '../type-text.ts'
import { type Column, sameType } from '../types.ts'

/** The table's schema after a batch, and what is new in it; or why the batch can't be added. */
export type Evolution =
  | { readonly fits: true; readonly schema: readonly Column[]; readonly added: readonly Column[] }
  | { readonly fits: false; readonly reason: string }

/**
 * Fits the columns of a query to those of the table (an empty one takes them as they are). New columns go to the end; a
 * column that the query no longer has stays, NULL in the new batch. A type never changes, and a date can't be
 * added later (Athena's ADD COLUMNS takes none).
 */
export function evolve(table: readonly Column[], query: readonly Column[]): Evolution {
  if (table.length === 0) return { fits: true, schema: query.map(plain), added: [] }
  const known = new Map(table.map(({ name, type }) => [name.toLowerCase(), type]))
  for (const { name, type } of query) {
    const own = known.get(name.toLowerCase()) ?? type
    if (sameType(own, type)) continue
    const before = printType(own)
    return {
      fits: false,
      reason: `column ${name} is ${before} in silver.reviews and ${printType(type)} in the query; a type can't change: CAST it to ${before}, give it another name, or start a new table and process bronze again`,
    }
  }
  const added = query.filter(({ name }) => !known.has(name.toLowerCase())).map(plain)
  const date = added.find(({ type }) => type === 'date')
  if (date) {
    return {
      fits: false,
      reason: `column ${date.name} is a date, and Athena can't add a date to a table; write CAST(… AS timestamp) or CAST(… AS string) for it, or start a new table and process bronze again`,
    }
  }
  return { fits: true, schema: [...table, ...added], added }
}

/** Columns of a query by the names that the table has for them: some readers of Delta look names up by case. */
export function spelledAs<C extends Column>(table: readonly Column[], columns: readonly C[]): C[] {
  const names = new Map(table.map(({ name }) => [name.toLowerCase(), name]))
  return columns.map(column => ({ ...column, name: names.get(column.name.toLowerCase()) ?? column.name }))
}

function plain({ name, type }: Column): Column {
  return { name, type }
}
