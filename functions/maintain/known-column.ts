import { UsageError } from '../base/refusal.ts'
import { suggestion } from '../base/suggest.ts'
import { listed } from '../base/text.ts'
import type { Column } from '../sql/types.ts'

/** The name of a column as it is spelt; case does not count. Undefined where there is none. */
export function columnNamed(columns: readonly { readonly name: string }[], name: string): string | undefined {
  return columns.find(each => each.name.toLowerCase() === name.toLowerCase())?.name
}

/**
 * Refuses a column that no review has, as far as the log knows them; case does not count. Throws UsageError, which names the
 * option.
 */
export function needColumn(option: string, name: string, reviews: readonly Column[]): void {
  const hint = missingHint(name, reviews)
  if (hint !== undefined) throw new UsageError(`--${option} ${name}: the reviews have no such column${hint}`)
}

/** Which columns there are, where none has the name; undefined where one has it, or none is known. */
export function missingHint(name: string, columns: readonly Column[]): string | undefined {
  if (columns.length === 0 || columnNamed(columns, name) !== undefined) return undefined
  const names = columns.map(column => column.name)
  return suggestion(name, names) || `; there are ${listed(names)}`
}
