import { FormatMismatch } from '../base/errors.ts'
import { parseType, printType } from '../sql/type-text.ts'

/*
 * What is persisted holds SQL types as text. These two functions walk through columns, expressions, or anything else whose
 * members named `type` are all SqlTypes.
 */

/** The value as it is persisted: its types are text. */
export function encodeTypes(value: object | null): object | null {
  return changeTypes(value, printType) as object | null // of the same shape
}

/** The T that encodeTypes made this from, read from `key`. Throws FormatMismatch for a type that this code does not have. */
export function decodeTypes<T>(persisted: unknown, key: string): T {
  try {
    return changeTypes(persisted, parseType) as T // only encodeTypes writes there
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new FormatMismatch(`${key}: ${error.message}: another version of the code wrote it`, { cause: error })
  }
}

function changeTypes<Type>(value: unknown, change: (type: Type) => unknown): unknown {
  if (Array.isArray(value)) return value.map(each => changeTypes(each, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === 'type' ? change(member) : changeTypes(member, change),
    ]),
  )
}
