import type { CompiledQuery } from './compiled.ts'
import type { Column, SqlType } from './types.ts'

/** Where a column of the reviews view comes from in one file. `type` is what the file holds. */
export type BoundColumn =
  | { readonly from: 'file'; readonly name: string; readonly type: SqlType }
  | { readonly from: 'path'; readonly value: string | null }
  | { readonly from: 'nowhere' }

/** The reviews view over one file, in the order of `query.reviews`; or the reason why the file does not fit. */
export type Binding =
  | { readonly fits: true; readonly columns: readonly BoundColumn[] }
  | { readonly fits: false; readonly reason: string }

/**
 * Binds a query to one file: finds each column of the view by name (case-insensitive), in the file or among the
 * `key=value` segments of its path. A column that is nowhere is NULL, a narrower type is widened where Spark would
 * (tinyint → smallint → int → bigint → double, float → double), and any other difference is a reason for quarantine.
 */
export function bind(
  query: CompiledQuery,
  file: readonly Column[],
  path: Readonly<Record<string, string | null>>,
): Binding {
  const columns: BoundColumn[] = []
  for (const { name, type } of query.reviews) {
    const wanted = name.toLowerCase()
    const found = file.filter(column => column.name.toLowerCase() === wanted)
    const [column, other] = found
    if (column && other) return { fits: false, reason: `columns ${column.name} and ${other.name} differ only in case` }
    if (column) {
      if (!widens(column.type, type)) {
        return { fits: false, reason: `column ${column.name} is ${column.type} here and ${type} in the other files` }
      }
      columns.push({ from: 'file', name: column.name, type: column.type })
      continue
    }
    const segment = Object.entries(path).find(([key]) => key.toLowerCase() === wanted)
    columns.push(segment ? { from: 'path', value: segment[1] } : { from: 'nowhere' })
  }
  return { fits: true, columns }
}

const WIDER: readonly SqlType[] = ['tinyint', 'smallint', 'int', 'bigint', 'double']

/** Whether every value of `from` is read as `to` without a cast in the query. */
export function widens(from: SqlType, to: SqlType): boolean {
  if (from === to || (from === 'float' && to === 'double')) return true
  const at = WIDER.indexOf(from)
  return at >= 0 && at < WIDER.indexOf(to)
}
