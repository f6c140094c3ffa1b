import type { CompiledQuery } from './compiled.ts'
import { caseTwins, type PathValues, pathValue } from './file-columns.ts'
import type { Column, SqlType } from './types.ts'
import { widens } from './widen.ts'

export { type PathValues, pathValue } from './file-columns.ts'
export { type FileSchema, type Misfit, type UnitedSchema, unionSchemas } from './union-schemas.ts'
export { widener, widens } from './widen.ts'

/**
 * Where a column of the reviews view comes from in one file. `type` is what the file holds (widener turns its values
 * into the view's); a path's value is the text of the segment (pathValue turns it into a Value).
 */
export type BoundColumn =
  | { readonly from: 'file'; readonly name: string; readonly type: SqlType }
  | { readonly from: 'path'; readonly value: string | null }
  | { readonly from: 'nowhere' }

/** The reviews view over one file, in the order of `query.reviews`; or the reason why the file does not fit. */
export type Binding =
  | { readonly fits: true; readonly columns: readonly BoundColumn[] }
  | { readonly fits: false; readonly reason: string }

/**
 * Binds a query to one file: finds each column of the view by name (case-insensitive), first among the `key=value`
 * segments of its path, as Spark does, then in the file. A column that is nowhere is NULL, a narrower type is widened,
 * and any other difference is a reason for quarantine.
 */
export function bind(query: Pick<CompiledQuery, 'reviews'>, file: readonly Column[], path: PathValues): Binding {
  const twins = caseTwins(file)
  if (twins) return { fits: false, reason: twins }
  const byName = new Map(file.map(column => [column.name.toLowerCase(), column]))
  const segments = new Map(Object.entries(path).map(([key, value]) => [key.toLowerCase(), value]))
  const columns: BoundColumn[] = []
  for (const { name, type } of query.reviews) {
    const wanted = name.toLowerCase()
    const segment = segments.get(wanted)
    const column = byName.get(wanted)
    if (segment !== undefined) {
      if (pathValue(segment, type) === undefined) {
        return { fits: false, reason: `the path has ${name}=${segment}, which is no ${type}` }
      }
      columns.push({ from: 'path', value: segment })
    } else if (!column) {
      columns.push({ from: 'nowhere' })
    } else if (widens(column.type, type)) {
      columns.push({ from: 'file', name: column.name, type: column.type })
    } else {
      return { fits: false, reason: `column ${column.name} is ${column.type} here, and ${type} is expected` }
    }
  }
  return { fits: true, columns }
}
