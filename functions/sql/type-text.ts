import { decimalType, PRIMITIVE_TYPES, type PrimitiveType, type SqlType } from './types.ts'

/*
 * Types as text, as Spark and Athena write them in DDL: lower case, without spaces, the name of a struct's field in
 * backticks where it has a character that means something there.
 */

/** A type as text, which parseType reads. */
export function printType(type: SqlType | 'void'): string {
  if (typeof type === 'string') return type
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`
    case 'array':
      return `array<${printType(type.element)}>`
    case 'map':
      return `map<${printType(type.key)},${printType(type.value)}>`
    case 'struct':
      return `struct<${type.fields.map(({ name, type }) => `${fieldName(name)}:${printType(type)}`).join(',')}>`
  }
}

function fieldName(name: string): string {
  return /[`:,<>()]/.test(name) ? `\`${name.replaceAll('`', '``')}\`` : name
}

const BEGIN = `(?:(${PRIMITIVE_TYPES.join('|')})(?=[,>]|$)|decimal\\((\\d+),(\\d+)\\)|array<|map<|struct<)`
const TYPE = new RegExp(BEGIN, 'y')
/** Earlier versions had no backticks: a name without them ends at the first colon that a type follows. */
const FIELD = new RegExp(`(?:\`((?:[^\`]|\`\`)*)\`|([^]*?)):(?=${BEGIN})`, 'y')
const COMMA = /,/y
const END = />/y
const FINISH = /$/y

/** The type that a text means, in the spelling of printType or of earlier versions. Throws TypeError for any other text. */
export function parseType(text: string): SqlType {
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) at += found[0].length
    return found
  }
  const need = (pattern: RegExp): RegExpExecArray => {
    const found = take(pattern)
    if (!found) throw new TypeError(`${JSON.stringify(text.slice(0, 100))} is not a type of a column`)
    return found
  }
  const list = <T>(next: () => T): T[] => {
    const all = [next()]
    while (take(COMMA)) all.push(next())
    return all
  }
  const field = () => {
    const [, quoted, plain = ''] = need(FIELD)
    return { name: quoted?.replaceAll('``', '`') ?? plain, type: next() }
  }
  const nested = (kind: string): SqlType => {
    if (kind === 'array<') return { kind: 'array', element: next() }
    if (kind === 'struct<') return { kind: 'struct', fields: list(field) }
    const key = next()
    need(COMMA)
    return { kind: 'map', key, value: next() }
  }
  const next = (): SqlType => {
    const [begin, primitive, precision, scale] = need(TYPE)
    if (primitive) return primitive as PrimitiveType // one of the words in the pattern
    if (precision) return decimalType(Number(precision), Number(scale))
    const type = nested(begin)
    need(END)
    return type
  }
  const type = next()
  need(FINISH)
  return type
}
