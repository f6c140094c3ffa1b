import { castTo } from './evaluate/cast.ts'
import { formatDate, formatTimestamp } from './evaluate/civil.ts'
import { formatDecimal } from './evaluate/decimal.ts'
import type { Expr, Literal } from './expr.ts'
import { decodeLiteral } from './literal.ts'
import { printType } from './type-text.ts'
import { decimalOf, isNested } from './types.ts'

const INFIX = new Set('= <=> < <= > >= + - * / % div & | ^ and or like rlike'.split(' '))

/**
 * A compiled expression as text, with the views as qualifiers and every cast in it: for people, not to be parsed again.
 */
export function printExpr(expr: Expr): string {
  switch (expr.op) {
    case 'column':
      return `${expr.view === 'file' ? '_metadata' : expr.view}.${quoteName(expr.name)}`
    case 'literal':
      return printLiteral(expr)
    case 'call':
      return printCall(expr)
    case 'lambda':
      return `(${expr.parameters.map(variableName).join(', ')}) -> ${printExpr(expr.body)}`
    case 'variable':
      return variableName(expr.name)
  }
}

function quoteName(name: string): string {
  return /^\w+$/.test(name) ? name : `\`${name}\``
}

/** Without the number that tells variables of one name apart. */
function variableName(name: string): string {
  return quoteName(name.replace(/#\d+$/, ''))
}

function printLiteral(literal: Literal): string {
  const { type } = literal
  const value = decodeLiteral(literal)
  if (value === null) return 'NULL'
  if (isNested(type)) return String(castTo(type, 'string')?.(value))
  if (type === 'string')
    return `'${String(value)
      .replaceAll('\\', '\\\\')
      .replaceAll("'", "\\'")
      .replace(/\p{Cc}/gu, ' ')}'`
  if (type === 'date') return `DATE '${formatDate(Number(value))}'`
  if (type === 'binary') return `X'${literal.value}'`
  if (typeof value !== 'bigint') return String(value)
  if (type === 'timestamp') return `TIMESTAMP '${formatTimestamp(value)}'`
  return formatDecimal(value, decimalOf(type)?.scale ?? 0)
}

function printCall({ name, args, type }: Extract<Expr, { op: 'call' }>): string {
  const texts = args.map(printExpr)
  const [first = ''] = texts
  if (name === 'cast' || name === 'try_cast') return `${name}(${first} AS ${printType(type)})`
  if (INFIX.has(name)) return `(${texts.join(` ${name.toUpperCase()} `)})`
  if (name === 'not') return `(NOT ${first})`
  if (name === 'in') return `(${first} IN (${texts.slice(1).join(', ')}))`
  if (name === 'case') return printCase(texts)
  const [base, place] = args
  if (name === 'struct-field' && base && typeof base.type === 'object' && base.type.kind === 'struct') {
    const index = place?.op === 'literal' ? Number(place.value) : -1
    return `${first}.${quoteName(base.type.fields[index]?.name ?? '')}`
  }
  if (/^(array|map)-item$/.test(name)) return `${first}[${texts[1]}]`
  return `${name}(${texts.join(', ')})`
}

function printCase(texts: readonly string[]): string {
  let text = 'CASE'
  for (let i = 0; i + 1 < texts.length; i += 2) text += ` WHEN ${texts[i]} THEN ${texts[i + 1]}`
  return `${text} ELSE ${texts.at(-1)} END`
}
