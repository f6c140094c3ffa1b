import { formatDate, formatTimestamp } from '../evaluate/civil.ts'
import { formatDouble } from '../evaluate/double-text.ts'
import type { CallSyntax, Syntax } from '../parse/syntax.ts'
import { isOperator } from '../parse/walk.ts'
import { printType } from '../type-text.ts'
import { isNumber } from '../typing/common-type.ts'
import { ownName } from '../typing/field-names.ts'
import type { Operand } from '../typing/operand.ts'
import { functionName } from './function-name.ts'
import { gatheringText, type TypedSyntax } from './gathering-text.ts'
import { outerNames } from './outer-names.ts'

/**
 * The name that Spark gives a column without AS: a column's own, that of the column inside a cast, else the expression as
 * Spark prints it (`upper(city)`, `(star_rating + 1)`, `date_add(day, 1)`).
 */
export function nameOf(syntax: Syntax, sql: string, typed: TypedSyntax): string {
  if (syntax.kind === 'cast' && isColumn(syntax.value, typed)) return print(syntax.value, sql, typed)
  return print(syntax, sql, typed)
}

/** Whether a name is a column's, and not `current_date` or `current_timestamp` without parentheses. */
function isColumn(syntax: Syntax, typed: TypedSyntax): syntax is Extract<Syntax, { kind: 'name' }> {
  return syntax.kind === 'name' && !(isCurrent(syntax) && typed.get(syntax)?.op === 'literal')
}

function isCurrent({ parts }: Extract<Syntax, { kind: 'name' }>): boolean {
  return parts.length === 1 && /^current_(timestamp|date)$/i.test(parts[0]?.text ?? '')
}

function print(syntax: Syntax, sql: string, typed: TypedSyntax): string {
  const inner = (other: Syntax) => print(other, sql, typed)
  switch (syntax.kind) {
    case 'name': {
      const variable = variableName(syntax, typed.get(syntax))
      if (variable !== null) return variable
      const name = syntax.parts.at(-1)?.text ?? ''
      return isColumn(syntax, typed) ? name : `${name.toLowerCase()}()`
    }
    case 'literal':
      return literal(syntax, sql)
    case 'cast':
      return `${syntax.attempt ? 'TRY_CAST' : 'CAST'}(${inner(syntax.value)} AS ${printType(syntax.type).toUpperCase()})`
    case 'call':
      if (syntax.operator) return operator(syntax, sql, typed)
      if (syntax.name.at === syntax.name.end && syntax.name.text === 'struct') return row(syntax.args, inner)
      return gatheringText(syntax, sql, inner, typed) ?? functionName(syntax, syntax.args.map(inner), sql)
    case 'case': {
      const { operand } = syntax
      const branches = syntax.branches.map(({ when, result }) => {
        const condition = operand ? equality('=', operand, when, sql, typed) : inner(when)
        return ` WHEN ${condition} THEN ${inner(result)}`
      })
      const otherwise = syntax.otherwise ? ` ELSE ${inner(syntax.otherwise)}` : ''
      return `CASE${branches.join('')}${otherwise} END`
    }
    case 'index':
      return isStruct(typed.get(syntax.base))
        ? `${inner(syntax.base)}.${inner(syntax.index)}`
        : `${inner(syntax.base)}[${inner(syntax.index)}]`
    case 'field':
      return `${inner(syntax.base)}.${syntax.name.text}`
    case 'named':
      return `${inner(syntax.value)} AS ${syntax.name.text}`
    case 'lambda':
      return `lambdafunction(${[inner(syntax.body), ...syntax.parameters.map(() => VARIABLE)].join(', ')})`
    case 'scalar query':
      return `scalarsubquery(${outerNames(syntax.query).join(', ')})`
    case 'exists':
      return `exists(${outerNames(syntax.query).join(', ')})`
    case 'in query':
      return `(${inner(syntax.value)} IN (listquery(${outerNames(syntax.query).join(', ')})))`
  }
}

const VARIABLE = 'namedlambdavariable()'

/** The name of a lambda's parameter, which Spark prints without it, or of its field; null for what is a column. */
function variableName({ parts }: Extract<Syntax, { kind: 'name' }>, operand: Operand | undefined): string | null {
  let root = operand
  while (root?.op === 'call') root = root.args[0]
  return root?.op === 'variable' ? [VARIABLE, ...parts.slice(1).map(part => part.text)].join('.') : null
}

/** `(a, 1)`, a struct without its name. */
function row(args: readonly Syntax[], print: (syntax: Syntax) => string): string {
  return `named_struct(${args.map((arg, i) => `${ownName(arg) ?? `col${i + 1}`}, ${print(arg)}`).join(', ')})`
}

function isStruct(operand: Operand | undefined): boolean {
  const type = operand?.type
  return typeof type === 'object' && type.kind === 'struct'
}

function literal(syntax: Extract<Syntax, { kind: 'literal' }>, sql: string): string {
  const { value, type } = syntax
  if (value === null) return 'NULL'
  if (type === 'double' || type === 'float') return formatDouble(Number(value))
  if (type === 'date') return `DATE '${formatDate(Number(value))}'`
  if (type === 'timestamp' && typeof value === 'bigint') return `TIMESTAMP '${formatTimestamp(value)}'`
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : sql.slice(syntax.at, syntax.end).replace(/(L|BD)$/i, '')
}

function operator(syntax: CallSyntax, sql: string, typed: TypedSyntax): string {
  const { args } = syntax
  const name = syntax.name.text
  const texts = args.map(arg => print(arg, sql, typed))
  const [a = '', b = '', c = ''] = texts
  const [left, right] = args
  switch (name) {
    case '~':
      return `~${a}`
    case 'INTERVAL':
      return texts[3] ?? ''
    case 'AND':
    case 'OR':
      return likeEach(syntax, sql, typed) ?? texts.reduce((first, second) => `(${first} ${name} ${second})`)
    case 'ROW':
      return `named_struct(${args.map((arg, i) => `${fieldName(arg, i, typed)}, ${texts[i]}`).join(', ')})`
    case 'IS NULL':
      return `(${a} IS NULL)`
    case 'NOT':
      return negation(syntax, a, sql, typed)
    case 'IN':
      return `(${a} IN (${texts.slice(1).join(', ')}))`
    case 'BETWEEN':
      return `((${a} >= ${b}) AND (${a} <= ${c}))`
    case 'LIKE':
      return `${a} LIKE ${b}`
    case 'ILIKE':
      return `ilike(${a}, ${b})`
    case 'RLIKE':
      return `RLIKE(${a}, ${b})`
    case '||':
      return texts.reduce((first, second) => `concat(${first}, ${second})`)
    case 'negative':
      return `(- ${a})`
    case 'positive':
      return `(+ ${a})`
    case '=':
    case '==':
    case '<=>':
      return left && right ? equality(name, left, right, sql, typed) : ''
    case '<>':
    case '!=':
      return left && right ? `(NOT ${equality('=', left, right, sql, typed)})` : ''
    case '+':
      if (left && right && isOperator(right, 'INTERVAL')) return shifted(left, a, '+', right, b, typed)
      if (left && right && isOperator(left, 'INTERVAL')) return shifted(right, b, '+', left, a, typed)
      if (left && isDate(left, typed)) return `date_add(${a}, ${b})`
      return right && isDate(right, typed) ? `date_add(${b}, ${a})` : `(${a} + ${b})`
    case '-':
      if (left && right && isOperator(right, 'INTERVAL')) return shifted(left, a, '-', right, b, typed)
      return left && isDate(left, typed) ? `date_sub(${a}, ${b})` : `(${a} - ${b})`
    default:
      return texts.reduce((first, second) => `(${first} ${name === 'DIV' ? 'div' : name} ${second})`)
  }
}

/** A time and an interval: added to a date, whole days are a count of days. */
function shifted(
  time: Syntax,
  text: string,
  sign: '+' | '-',
  { args: [, , isDays] }: CallSyntax,
  interval: string,
  typed: TypedSyntax,
): string {
  if (!isDate(time, typed) || isDays?.kind !== 'literal' || isDays.value !== true) return `${text} ${sign} ${interval}`
  const days = `extractansiintervaldays(${interval})`
  return `date_add(${text}, ${sign === '-' ? `(- ${days})` : days})`
}

/** `x LIKE ANY ('a', 'b')` is `likeany(x)`; null for an AND or OR that is written. */
function likeEach({ name, args }: CallSyntax, sql: string, typed: TypedSyntax): string | null {
  const word = sql.slice(name.at, name.end).toLowerCase()
  const condition = args.find(arg => arg.kind === 'call')
  if (!/^(any|some|all)$/.test(word) || condition?.kind !== 'call') return null
  const [inner] = condition.args
  const like = condition.name.text === 'NOT' && inner?.kind === 'call' ? inner : condition
  const [value] = like.args
  if (!value) return null
  const text = print(value, sql, typed)
  const not = like === condition ? '' : 'not'
  return `${not}like${word === 'all' ? 'all' : 'any'}(${like.name.text === 'ILIKE' ? `lower(${text})` : text})`
}

/** What the field of a row of values is called. */
function fieldName(syntax: Syntax, at: number, typed: TypedSyntax): string {
  return isColumn(syntax, typed) ? (syntax.parts.at(-1)?.text ?? '') : `col${at + 1}`
}

/** `x IS NOT NULL` and `x IS DISTINCT FROM y` have a NOT that is not written, which has no length. */
function negation({ name, args }: CallSyntax, text: string, sql: string, typed: TypedSyntax): string {
  const [value] = args
  const isHidden = (call: CallSyntax) => call.name.at === call.name.end
  if (value?.kind !== 'call' || !value.operator || name.at !== name.end) return `(NOT ${text})`
  const [inner] = value.args
  if (value.name.text === 'IS NULL' && inner) return `(${print(inner, sql, typed)} IS NOT NULL)`
  return value.name.text === 'NOT' && isHidden(value) && inner ? print(inner, sql, typed) : `(NOT ${text})`
}

/** Spark takes a boolean that is compared with 1 or 0 for the boolean or its opposite (BooleanEquality). */
function equality(name: string, left: Syntax, right: Syntax, sql: string, typed: TypedSyntax): string {
  const text = (syntax: Syntax) => print(syntax, sql, typed)
  for (const [value, number] of [
    [left, right],
    [right, left],
  ] as const) {
    const truth = isBoolean(value, typed) ? truthOf(number) : null
    if (truth === null) continue
    const same = truth ? text(value) : `(NOT ${text(value)})`
    return name === '<=>' ? `((${text(value)} IS NOT NULL) AND ${same})` : same
  }
  return `(${text(left)} ${name === '<=>' ? name : '='} ${text(right)})`
}

function isDate(syntax: Syntax, typed: TypedSyntax): boolean {
  return typed.get(syntax)?.type === 'date'
}

function isBoolean(syntax: Syntax, typed: TypedSyntax): boolean {
  return typed.get(syntax)?.type === 'boolean'
}

/** The boolean that a numeric literal stands for: TRUE for 1, FALSE for 0, null for others. */
function truthOf(syntax: Syntax): boolean | null {
  if (syntax.kind !== 'literal' || !isNumber(syntax.type) || syntax.value === null) return null
  const scale = typeof syntax.type === 'object' && syntax.type.kind === 'decimal' ? syntax.type.scale : 0
  const number = Number(syntax.value) / 10 ** scale
  return number === 1 ? true : number === 0 ? false : null
}
