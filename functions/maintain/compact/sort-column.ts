import { InvalidInput } from '../../base/errors.ts'
import { suggestion } from '../../base/suggest.ts'
import { listed } from '../../base/text.ts'
import { printType } from '../../sql/type-text.ts'
import { type Column, isNested } from '../../sql/types.ts'

/** Throws InvalidInput for a column that silver does not have, or that has no order; case does not count. */
export function checkSort(name: string, silver: readonly Column[]): void {
  const column = silver.find(each => each.name.toLowerCase() === name.toLowerCase())
  if (column) {
    if (!isNested(column.type)) return
    throw new InvalidInput(`rows can't be sorted by ${column.name}: it is a ${printType(column.type)}`)
  }
  const names = silver.filter(({ type }) => !isNested(type)).map(each => each.name)
  if (names.length === 0) return // nothing is committed yet
  throw new InvalidInput(
    `rows can't be sorted by ${name}: silver has no such column${suggestion(name, names) || `; there are ${listed(names)}`}`,
  )
}
