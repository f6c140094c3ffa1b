import type { Column, FileColumn } from '../types.ts'

/** The `key=value` segments of a file's path; null is Hive's default partition. */
export type PathValues = Readonly<Record<string, string | null>>

/** The columns that have a type. */
export function typedColumns(columns: readonly FileColumn[]): Column[] {
  return columns.filter((column): column is Column => column.type !== null)
}

/** A file's columns by their names in lower case. Of those that differ only in case none can be read by its name. */
export function columnsByName(file: readonly FileColumn[]): Map<string, FileColumn> {
  const byName = new Map<string, FileColumn>()
  for (const column of file) {
    const lower = column.name.toLowerCase()
    const twin = byName.get(lower)
    const fault = twin && `columns ${twin.name} and ${column.name} differ only in case`
    byName.set(lower, twin && fault ? { name: twin.name, type: null, fault } : column)
  }
  return byName
}

/** Why a file can't be read by names: columns that differ only in case. Null if there are none. */
export function caseTwins(file: readonly Column[]): string | null {
  const columns = [...columnsByName(file).values()]
  const [fault = null] = columns.flatMap(column => (column.type === null ? column.fault : []))
  return fault
}
