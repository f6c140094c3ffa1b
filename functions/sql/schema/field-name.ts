import type { SqlType } from '../types.ts'

/** The name of a struct's field as it stands in a type: in backticks where it has a character that means something there. */
export function fieldName(name: string): string {
  return /[`:,<>()]/.test(name) ? `\`${name.replaceAll('`', '``')}\`` : name
}

/** Whether two types are the same. Earlier versions wrote the names of fields without backticks. */
export function sameType(a: SqlType, b: SqlType): boolean {
  return a === b || ((a.includes('`') || b.includes('`')) && a.replaceAll('`', '') === b.replaceAll('`', ''))
}
