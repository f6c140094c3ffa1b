import { type Cursor, describe } from './cursor.ts'
import type { Name } from './syntax.ts'

/** A name, quoted or not; `purpose` says what it is needed for. */
export function parseName(cursor: Cursor, purpose: string): Name {
  const token = cursor.next()
  if (token.kind !== 'word' && token.kind !== 'quoted')
    cursor.fail(`expected a name ${purpose}, found ${describe(token)}`, token.at)
  return token
}

/** `(name, …)`. */
export function parseNames(cursor: Cursor): Name[] {
  cursor.expect('(', 'before the names')
  const names: Name[] = []
  do names.push(parseName(cursor, 'of a column'))
  while (cursor.take(','))
  cursor.expect(')', 'behind the names')
  return names
}
