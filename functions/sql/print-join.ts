import type { Join } from './compiled.ts'
import { printExpr } from './print-expr.ts'

/** The key of a join as SQL; null where it has none. */
export function printKeys({ keys }: Pick<Join, 'keys'>): string | null {
  if (keys.length === 0) return null
  return keys
    .map(({ left, right, nullSafe }) => `${printExpr(left)} ${nullSafe ? '<=>' : '='} ${printExpr(right)}`)
    .join(' AND ')
}
