import { widest } from '../../sql/schema/bind.ts'
import { printType } from '../../sql/type-text.ts'
import { type Column, isNested, type SqlType } from '../../sql/types.ts'
import { UnreadableFile } from '../sources/file-fault.ts'
import type { OpenedFile } from './gather-columns.ts'

/**
 * The columns of all files, in the order they are first seen, each of the widest type, with `key=value` segments last: a
 * segment takes precedence over the file's own column, as in Spark. What can't be read in one of the files, or not as one
 * type, is left out: Plan made sure that the query does not need it. Throws UnreadableFile if it is part of the key.
 */
export function unite(
  opened: readonly OpenedFile[],
  view: readonly Column[],
  key: readonly { readonly name: string }[],
): Column[] {
  const types = new Map(view.map(({ name, type }) => [name.toLowerCase(), type]))
  const segments = new Set(opened.flatMap(({ file }) => Object.keys(file.path ?? {}).map(name => name.toLowerCase())))
  const united = new Map<string, { readonly name: string; readonly type: SqlType | null }>()
  const unread = new Map<string, UnreadableFile>()
  for (const { file, columns } of opened) {
    for (const [lower, column] of columns) {
      const { name } = column
      const known = united.get(lower) ?? { name, type: null }
      if (segments.has(lower)) {
        united.set(lower, { name: known.name, type: types.get(lower) ?? 'string' })
        continue
      }
      const type = known.type && column.type ? widest(known.type, column.type) : (known.type ?? column.type)
      united.set(lower, { name: known.name, type })
      const fault = column.type === null ? column.fault : clash(name, column.type, known.type)
      if (fault !== null && !unread.has(lower)) unread.set(lower, new UnreadableFile(file.key, fault))
    }
  }
  for (const { file } of opened) {
    for (const name of Object.keys(file.path ?? {})) {
      const lower = name.toLowerCase()
      if (!united.has(lower)) united.set(lower, { name, type: types.get(lower) ?? 'string' })
    }
  }
  for (const { name } of key) {
    const fault = unread.get(name.toLowerCase())
    if (fault) throw fault
  }
  return [...united].flatMap(([lower, { name, type }]) => {
    if (!type || unread.has(lower)) return []
    return isNested(type) && !types.has(lower) ? [] : [{ name, type }]
  })
}

function clash(name: string, type: SqlType, known: SqlType | null): string | null {
  return known && !widest(known, type)
    ? `column ${name} is ${printType(type)} here and ${printType(known)} in the other files`
    : null
}
