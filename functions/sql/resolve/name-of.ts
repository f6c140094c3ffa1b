import { formatDouble } from '../evaluate/double-text.ts'
import type { Syntax } from '../parse/syntax.ts'
import { printType } from '../type-text.ts'

/**
 * The name that Spark gives a column without AS: a column's own, that of the column inside a CAST, else the expression
 * as Spark prints it (`upper(city)`, `(star_rating + 1)`).
 */
export function nameOf(syntax: Syntax, sql: string): string {
  if (syntax.kind === 'name') return syntax.parts.at(-1)?.text ?? ''
  if (syntax.kind === 'cast' && !syntax.attempt && syntax.value.kind === 'name') return nameOf(syntax.value, sql)
  return print(syntax, sql)
}

const PREFIXES: Readonly<Record<string, string>> = { negative: '-', positive: '+' }
/** Operators that Spark prints as functions or in another way than `(a op b)`. */
const FUNCTIONS: Readonly<Record<string, string>> = { '||': 'concat', RLIKE: 'RLIKE' }
const UPPER = new Set(['floor', 'ceil', 'ceiling'])

function print(syntax: Syntax, sql: string): string {
  switch (syntax.kind) {
    case 'name':
      return nameOf(syntax, sql)
    case 'literal':
      return literal(syntax, sql)
    case 'cast':
      return `${syntax.attempt ? 'TRY_CAST' : 'CAST'}(${print(syntax.value, sql)} AS ${printType(syntax.type).toUpperCase()})`
    case 'call':
      return call(syntax, sql)
    case 'case': {
      const operand = syntax.operand ? `(${print(syntax.operand, sql)} = ` : ''
      const branches = syntax.branches.map(({ when, result }) => {
        const condition = operand ? `${operand}${print(when, sql)})` : print(when, sql)
        return ` WHEN ${condition} THEN ${print(result, sql)}`
      })
      const otherwise = syntax.otherwise ? ` ELSE ${print(syntax.otherwise, sql)}` : ''
      return `CASE${branches.join('')}${otherwise} END`
    }
    case 'index':
      return `${print(syntax.base, sql)}[${print(syntax.index, sql)}]`
    default:
      return sql.slice(syntax.at, syntax.end)
  }
}

function literal(syntax: Extract<Syntax, { kind: 'literal' }>, sql: string): string {
  const { value, type } = syntax
  if (value === null) return 'NULL'
  if (type === 'double' || type === 'float') return formatDouble(Number(value))
  const source = sql.slice(syntax.at, syntax.end)
  if (type === 'date' || type === 'timestamp')
    return source.replace(/^(date|timestamp)\s*/i, word => `${word.trim().toUpperCase()} `)
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : source.replace(/(L|BD)$/i, '')
}

function call(syntax: Extract<Syntax, { kind: 'call' }>, sql: string): string {
  const args = syntax.args.map(arg => print(arg, sql))
  const [a = '', b = '', c = ''] = args
  const name = syntax.name.text
  if (!syntax.operator) {
    const word = name.toLowerCase()
    return `${UPPER.has(word) ? word.replace('ing', '').toUpperCase() : word}(${args.join(', ')})`
  }
  const printed = FUNCTIONS[name]
  if (printed) return `${printed}(${args.join(', ')})`
  switch (name) {
    case '~':
      return `~${a}`
    case 'INTERVAL':
      return sql.slice(syntax.at, syntax.end)
    case 'IS NULL':
      return `(${a} IS NULL)`
    case 'NOT':
      return syntax.args[0]?.kind === 'call' && syntax.args[0].name.text === 'IS NULL'
        ? `(${print(syntax.args[0].args[0] ?? syntax, sql)} IS NOT NULL)`
        : `(NOT ${a})`
    case 'IN':
      return `(${a} IN (${args.slice(1).join(', ')}))`
    case 'BETWEEN':
      return `((${a} >= ${b}) AND (${a} <= ${c}))`
    case 'LIKE':
      return `${a} LIKE ${b}`
    case '<>':
    case '!=':
      return `(NOT (${a} = ${b}))`
    default: {
      if (PREFIXES[name]) return `(${PREFIXES[name]} ${a})`
      const symbol = name === '==' ? '=' : name.toLowerCase() === 'div' ? 'div' : name
      return args.reduce((left, right) => `(${left} ${symbol} ${right})`)
    }
  }
}
