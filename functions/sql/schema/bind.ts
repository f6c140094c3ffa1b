import type { CompiledQuery } from '../compiled.ts'
import { printType } from '../type-text.ts'
import type { FileColumn, SqlType } from '../types.ts'
import { columnsByName, type PathValues } from './file-columns.ts'
import { pathValue } from './path-types.ts'
import { widens } from './widen.ts'

export { columnsByName, type PathValues, typedColumns } from './file-columns.ts'
export { pathValue } from './path-types.ts'
export { type FileSchema, type Misfit, type UnitedSchema, unionSchemas } from './union-schemas.ts'
export { widener, widens, widest } from './widen.ts'

/**
 * Where a column of the reviews view comes from in one file. `type` is what the file holds (widener turns its values
 * into the view's); a path's value is the text of the segment (pathValue turns it into a Value).
 */
export type BoundColumn =
  | { readonly from: 'file'; readonly name: string; readonly type: SqlType }
  | { readonly from: 'path'; readonly value: string | null }
  /** The file has the column, and it is NULL in every row. */
  | { readonly from: 'nulls' }
  | { readonly from: 'nowhere' }

/** The reviews view over one file, in the order of `query.reviews`; or the reason why the file does not fit. */
export type Binding =
  | { readonly fits: true; readonly columns: readonly BoundColumn[] }
  | { readonly fits: false; readonly reason: string }

/**
 * Binds a query to one file: finds each column of the view by name (case-insensitive), first among the `key=value`
 * segments of its path, as Spark does, then in the file. A column that is nowhere is NULL, a narrower type is widened,
 * and any other difference is a reason for quarantine, if the query needs the column; if not, the column is taken as
 * missing.
 */
export function bind(
  { reviews, needed }: Pick<CompiledQuery, 'reviews' | 'needed'>,
  file: readonly FileColumn[],
  path: PathValues,
): Binding {
  const byName = columnsByName(file)
  const segments = new Map(Object.entries(path).map(([key, value]) => [key.toLowerCase(), value]))
  const isNeeded = needed && new Set(needed.reviews)
  const columns: BoundColumn[] = []
  for (const { name, type } of reviews) {
    const wanted = name.toLowerCase()
    const bound = bindColumn(name, type, segments.get(wanted), byName.get(wanted))
    if (typeof bound !== 'string') columns.push(bound)
    else if (isNeeded && !isNeeded.has(wanted)) columns.push({ from: 'nowhere' })
    else return { fits: false, reason: bound }
  }
  return { fits: true, columns }
}

/** Where one column comes from, or why it can't be had. */
function bindColumn(
  name: string,
  type: SqlType,
  segment: string | null | undefined,
  column: FileColumn | undefined,
): BoundColumn | string {
  if (segment !== undefined) {
    if (pathValue(segment, type) === undefined)
      return `the path has ${name}=${segment}, which can't be read as ${printType(type)}`
    return { from: 'path', value: segment }
  }
  if (!column) return { from: 'nowhere' }
  if (column.type === null) return column.fault ?? { from: 'nulls' }
  if (widens(column.type, type)) return { from: 'file', name: column.name, type: column.type }
  return `column ${column.name} is ${printType(column.type)} here, and ${printType(type)} is expected`
}
