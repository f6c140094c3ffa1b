import { InvalidInput } from '../../base/errors.ts'
import { printType } from '../../sql/type-text.ts'
import { type Column, isNested } from '../../sql/types.ts'
import { columnNamed, missingHint } from '../known-column.ts'

/** Throws InvalidInput for a column that silver does not have, or that has no order; case does not count. */
export function checkSort(name: string, silver: readonly Column[]): void {
  const hint = missingHint(name, silver)
  if (hint !== undefined) throw new InvalidInput(`rows can't be sorted by ${name}: silver has no such column${hint}`)
  const spelt = columnNamed(silver, name)
  const column = silver.find(each => each.name === spelt)
  if (column && isNested(column.type))
    throw new InvalidInput(`rows can't be sorted by ${column.name}: its type is ${printType(column.type)}`)
}
