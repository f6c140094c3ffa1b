import { fieldName } from '../schema/field-name.ts'
import type { SqlType } from '../types.ts'
import { type Cursor, describe } from './cursor.ts'

const SIMPLE: Readonly<Record<string, SqlType>> = {
  BOOLEAN: 'boolean',
  TINYINT: 'tinyint',
  BYTE: 'tinyint',
  SMALLINT: 'smallint',
  SHORT: 'smallint',
  INT: 'int',
  INTEGER: 'int',
  BIGINT: 'bigint',
  LONG: 'bigint',
  FLOAT: 'float',
  REAL: 'float',
  DOUBLE: 'double',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_LTZ: 'timestamp',
  STRING: 'string',
  BINARY: 'binary',
}

/** The largest precision of a decimal, in Spark as in Athena. */
export const MAX_PRECISION = 38

/** Reads a type name. CHAR(n) and VARCHAR(n) are strings of any length, as in a CAST of Spark. */
export function parseType(cursor: Cursor): SqlType {
  const token = cursor.next()
  const word = token.kind === 'word' ? token.text.toUpperCase() : ''
  const simple = Object.hasOwn(SIMPLE, word) ? SIMPLE[word] : undefined
  if (simple) return simple
  if (word === 'DECIMAL' || word === 'DEC' || word === 'NUMERIC') return decimal(cursor)
  if (word === 'CHAR' || word === 'CHARACTER' || word === 'VARCHAR') {
    cursor.expect('(', `before the length of ${word}`)
    integer(cursor)
    cursor.expect(')', `behind the length of ${word}`)
    return 'string'
  }
  if (word === 'ARRAY' || word === 'MAP' || word === 'STRUCT') return nested(cursor, word.toLowerCase(), token.at)
  if (word === 'TIMESTAMP_NTZ') cursor.fail('there is no TIMESTAMP_NTZ in Athena; use TIMESTAMP', token.at)
  return cursor.fail(
    `${describe(token)} is no type; there are ${Object.values(SIMPLE).filter(once).join(', ')}, decimal(p,s)`,
    token.at,
  )
}

function once(type: SqlType, at: number, all: readonly SqlType[]): boolean {
  return all.indexOf(type) === at
}

function decimal(cursor: Cursor): SqlType {
  if (!cursor.take('(')) return 'decimal(10,0)'
  const at = cursor.peek().at
  const precision = integer(cursor)
  const scale = cursor.take(',') ? integer(cursor) : 0
  cursor.expect(')', 'behind the precision and scale')
  if (precision < 1 || precision > MAX_PRECISION || scale > precision) {
    cursor.fail(
      `decimal(${precision},${scale}) does not exist; precision is 1 to ${MAX_PRECISION}, scale 0 to precision`,
      at,
    )
  }
  return `decimal(${precision},${scale})`
}

function integer(cursor: Cursor): number {
  const token = cursor.next()
  if (token.kind !== 'number' || !/^\d{1,9}$/.test(token.text)) {
    cursor.fail(`expected a whole number, found ${describe(token)}`, token.at)
  }
  return Number(token.text)
}

/** `array<…>`, `map<…>` and `struct<…>` are carried as text, in Athena's spelling: lower case, without spaces. */
function nested(cursor: Cursor, kind: string, at: number): SqlType {
  cursor.expect('<', `behind ${kind}`)
  const parts: string[] = []
  do {
    if (kind === 'struct') {
      const field = cursor.next()
      if (field.kind !== 'word' && field.kind !== 'quoted') cursor.fail('expected the name of a field', field.at)
      cursor.take(':')
      parts.push(`${fieldName(field.text)}:${cursor.nested(() => parseType(cursor))}`)
    } else {
      parts.push(cursor.nested(() => parseType(cursor)))
    }
  } while (cursor.take(','))
  cursor.expect('>', `at the end of ${kind}<…>`)
  const text = parts.join(',')
  if (kind === 'array' && parts.length === 1) return `array<${text}>`
  if (kind === 'map' && parts.length === 2) return `map<${text}>`
  if (kind === 'struct') return `struct<${text}>`
  return cursor.fail(`${kind}<${text}> has ${parts.length} types`, at)
}
