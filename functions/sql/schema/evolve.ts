import type { Column } from '../types.ts'
import { sameType } from './field-name.ts'

/** The table's schema after a batch, and what is new in it; or why the batch can't be added. */
export type Evolution =
  | { readonly fits: true; readonly schema: readonly Column[]; readonly added: readonly Column[] }
  | { readonly fits: false; readonly reason: string }

/**
 * Fits the columns of a query to those of the table (an empty one takes them as they are). New columns go to the end; a
 * column that the query no longer has stays, NULL in the new batch. A type never changes, and no date can be added
 * later (Athena's ADD COLUMNS takes none).
 */
export function evolve(table: readonly Column[], query: readonly Column[]): Evolution {
  if (table.length === 0) return { fits: true, schema: query.map(plain), added: [] }
  const known = new Map(table.map(column => [column.name.toLowerCase(), column]))
  const changed = query.find(({ name, type }) => !sameType(known.get(name.toLowerCase())?.type ?? type, type))
  if (changed) {
    const before = known.get(changed.name.toLowerCase())
    return {
      fits: false,
      reason: `column ${changed.name} is ${before?.type} in silver.reviews and ${changed.type} in the query; a type can't change: CAST it to ${before?.type}, give it another name, or start a new table and process bronze again`,
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
  // a type is written as the query has it now: earlier versions had another spelling for some
  const now = new Map(query.map(({ name, type }) => [name.toLowerCase(), type]))
  const kept = table.map(({ name, type }) => ({ name, type: now.get(name.toLowerCase()) ?? type }))
  return { fits: true, schema: [...kept, ...added], added }
}

function plain({ name, type }: Column): Column {
  return { name, type }
}
