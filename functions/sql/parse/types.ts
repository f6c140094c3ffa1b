import { printType } from '../type-text.ts'
import { type Column, decimalType, MAX_PRECISION, type PrimitiveType, type SqlType } from '../types.ts'
import { type Cursor, describe } from './cursor.ts'

const SIMPLE: Readonly<Record<string, PrimitiveType>> = {
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

/** Reads a type name. CHAR(n) and VARCHAR(n) are strings of any length, as in a CAST of Spark. */
export function readType(cursor: Cursor): SqlType {
  const token = cursor.next()
  const word = token.kind === 'word' ? token.text.toUpperCase() : ''
  const simple = Object.hasOwn(SIMPLE, word) ? SIMPLE[word] : undefined
  if (simple) return simple
  if (word === 'DECIMAL' || word === 'DEC' || word === 'NUMERIC') return decimal(cursor)
  if (word === 'CHAR' || word === 'CHARACTER' || word === 'VARCHAR') {
    cursor.expect('(', `before the length of ${word}`)
    integer(cursor)
    cursor.expect(')', `after the length of ${word}`)
    return 'string'
  }
  if (word === 'ARRAY' || word === 'MAP' || word === 'STRUCT') return nested(cursor, word, token.at)
  if (word === 'TIMESTAMP_NTZ') cursor.fail('there is no TIMESTAMP_NTZ in Athena; use TIMESTAMP', token.at)
  return cursor.fail(
    `${describe(token)} is not a type; there are ${Object.values(SIMPLE).filter(once).join(', ')}, decimal(p,s)`,
    token.at,
  )
}

function once(type: PrimitiveType, at: number, all: readonly PrimitiveType[]): boolean {
  return all.indexOf(type) === at
}

function decimal(cursor: Cursor): SqlType {
  if (!cursor.take('(')) return decimalType(10, 0)
  const at = cursor.peek().at
  const precision = integer(cursor)
  const scale = cursor.take(',') ? integer(cursor) : 0
  cursor.expect(')', 'after the precision and scale')
  if (precision < 1 || precision > MAX_PRECISION || scale > precision) {
    cursor.fail(
      `decimal(${precision},${scale}) does not exist; precision is 1 to ${MAX_PRECISION}, scale 0 to precision`,
      at,
    )
  }
  return decimalType(precision, scale)
}

function integer(cursor: Cursor): number {
  const token = cursor.next()
  if (token.kind !== 'number' || !/^\d{1,9}$/.test(token.text)) {
    cursor.fail(`expected a whole number, found ${describe(token)}`, token.at)
  }
  return Number(token.text)
}

function nested(cursor: Cursor, word: 'ARRAY' | 'MAP' | 'STRUCT', at: number): SqlType {
  const name = word.toLowerCase()
  cursor.expect('<', `after ${name}`)
  const parts = word === 'STRUCT' ? readFields(cursor) : cursor.list(() => field(cursor, ''))
  cursor.expect('>', `at the end of ${name}<…>`)
  if (word === 'STRUCT') return { kind: 'struct', fields: parts }
  const [first, second] = parts.map(({ type }) => type)
  if (word === 'ARRAY' && first && parts.length === 1) return { kind: 'array', element: first }
  if (word === 'MAP' && first && second && parts.length === 2) return { kind: 'map', key: first, value: second }
  const types = parts.map(({ type }) => printType(type))
  return cursor.fail(`${name}<${types.join(',')}> has ${parts.length} types`, at)
}

/** The fields of a struct: `name type, name: type`. */
export function readFields(cursor: Cursor): Column[] {
  return cursor.list(() => field(cursor, fieldName(cursor)))
}

function field(cursor: Cursor, name: string): Column {
  return { name, type: cursor.nested(() => readType(cursor)) }
}

function fieldName(cursor: Cursor): string {
  if (!cursor.isName()) cursor.fail('expected the name of a field')
  const { text } = cursor.next()
  cursor.take(':')
  return text
}
