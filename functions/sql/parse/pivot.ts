import type { Cursor } from './cursor.ts'
import { parseExpression, parseValue } from './expression.ts'
import { parseAlias } from './select.ts'
import type { FromItem, PivotItem } from './syntax.ts'
import { valuesOfRow } from './walk.ts'

/** `PIVOT (aggregates FOR columns IN (values))` after what it is of. */
export function parsePivot(cursor: Cursor, source: FromItem): FromItem {
  cursor.next()
  const open = cursor.expect('(', 'after PIVOT').at
  const aggregates = parseItems(cursor)
  cursor.expect('FOR', 'after the aggregates of PIVOT')
  const columns = valuesOfRow(parseValue(cursor))
  cursor.expect('IN', 'after the columns of PIVOT')
  const list = cursor.expect('(', 'before the values of PIVOT').at
  const values = parseItems(cursor)
  cursor.close(list, 'after the values of PIVOT', 'in a list')
  cursor.close(open, 'to close PIVOT')
  return { kind: 'pivot', source, aggregates, columns, values, at: source.at, end: cursor.end }
}

function parseItems(cursor: Cursor): PivotItem[] {
  return cursor.list(() => {
    const value = parseExpression(cursor)
    const alias = cursor.at('FOR') ? null : parseAlias(cursor)
    return { value, alias, at: value.at, end: cursor.end }
  })
}
