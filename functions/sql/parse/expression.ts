import { parseCall } from './call.ts'
import { type Cursor, describe } from './cursor.ts'
import { cast, exists, name, parenthesis, parseCase, subquery } from './forms.ts'
import { isInterval, parseInterval } from './interval.ts'
import { isTypedLiteral, parseNumber, parseTypedLiteral } from './literal.ts'
import { refuseBehindValue } from './refusals.ts'
import type { Name, Syntax } from './syntax.ts'
import { readType } from './types.ts'

/**
 * Expressions by precedence climbing, as in Spark's grammar (SqlBaseParser.g4): OR, AND, NOT, then one predicate
 * (BETWEEN, IN, LIKE, IS) over comparisons, `|`, `^`, `&`, `+ - ||`, `* / % DIV`, signs, and `[i]`, `::type` after a primary.
 */
export function parseExpression(cursor: Cursor): Syntax {
  return cursor.nested(() => chain(cursor, 'OR', () => chain(cursor, 'AND', () => not(cursor))))
}

/** `a OR b OR c` as one call with three arguments. */
function chain(cursor: Cursor, word: 'AND' | 'OR', operand: () => Syntax): Syntax {
  const first = operand()
  if (!cursor.at(word)) return first
  const at = cursor.peek()
  const args = [first]
  while (cursor.take(word)) args.push(operand())
  return operator({ text: word, at: at.at, end: at.end }, args)
}

function not(cursor: Cursor): Syntax {
  const token = cursor.peek()
  if (cursor.take('NOT') || cursor.take('!')) {
    const operand = cursor.nested(() => not(cursor))
    return { ...operator({ text: 'NOT', at: token.at, end: token.end }, [operand]), at: token.at }
  }
  return predicate(cursor)
}

function predicate(cursor: Cursor): Syntax {
  const value = comparison(cursor)
  const token = cursor.peek()
  if (cursor.take('IS')) {
    const negated = cursor.take('NOT')
    return negate(negated, is(cursor, value, token.at))
  }
  const negated = cursor.at('NOT') && /^(BETWEEN|IN|LIKE|ILIKE|RLIKE|REGEXP)$/i.test(cursor.peek(1).text)
  if (negated) cursor.next()
  const word = cursor.peek()
  const name: Name = { text: word.kind === 'word' ? word.text.toUpperCase() : '', at: word.at, end: word.end }
  switch (name.text) {
    case 'BETWEEN': {
      cursor.next()
      const low = comparison(cursor)
      cursor.expect('AND', 'between the bounds of BETWEEN')
      return negate(negated, operator(name, [value, low, comparison(cursor)]))
    }
    case 'IN':
      cursor.next()
      return negate(negated, isIn(cursor, value, name))
    case 'LIKE':
    case 'ILIKE': {
      cursor.next()
      if (/^(ANY|SOME|ALL)$/i.test(cursor.peek().text) && cursor.peek(1).text === '(')
        return likeEach(cursor, value, name, negated)
      const args = [value, comparison(cursor)]
      if (cursor.take('ESCAPE')) args.push(primary(cursor))
      return negate(negated, operator(name, args))
    }
    case 'RLIKE':
    case 'REGEXP':
      cursor.next()
      return negate(negated, operator({ ...name, text: 'RLIKE' }, [value, comparison(cursor)]))
    default:
      return value
  }
}

/** `LIKE ANY (…)` and `LIKE ALL (…)`: NOT belongs to each of the patterns. */
function likeEach(cursor: Cursor, value: Syntax, name: Name, negated: boolean): Syntax {
  const quantifier = cursor.next()
  const open = cursor.expect('(', `after ${quantifier.text}`).at
  const conditions = cursor.list((): Syntax => {
    const pattern = parseExpression(cursor)
    const isNull = pattern.kind === 'literal' && pattern.value === null
    return isNull ? { ...pattern, type: 'boolean' } : negate(negated, operator(name, [value, pattern]))
  })
  const { end } = cursor.close(open, `to close ${name.text} ${quantifier.text}`, 'in a list')
  const text = quantifier.text.toUpperCase() === 'ALL' ? 'AND' : 'OR'
  return operator({ text, at: quantifier.at, end: quantifier.end }, conditions, end)
}

function is(cursor: Cursor, value: Syntax, at: number): Syntax {
  const token = cursor.next()
  const word = token.kind === 'word' ? token.text.toUpperCase() : ''
  const span = { at, end: token.end }
  if (word === 'NULL' || word === 'UNKNOWN') return operator({ text: 'IS NULL', ...span }, [value], token.end)
  if (word === 'TRUE' || word === 'FALSE') {
    const constant: Syntax = { kind: 'literal', value: word === 'TRUE', type: 'boolean', at: token.at, end: token.end }
    return operator({ text: '<=>', ...span }, [value, constant])
  }
  if (word === 'DISTINCT') {
    cursor.expect('FROM', 'after IS DISTINCT')
    return negate(true, operator({ text: '<=>', ...span }, [value, comparison(cursor)]))
  }
  return cursor.fail(`expected NULL, TRUE, FALSE or DISTINCT FROM after IS, found ${describe(token)}`, token.at)
}

function isIn(cursor: Cursor, value: Syntax, name: Name): Syntax {
  const open = cursor.expect('(', 'after IN').at
  if (cursor.at('SELECT') || cursor.at('WITH'))
    return { kind: 'in query', value, query: subquery(cursor, open), at: value.at, end: cursor.end }
  const args = [value, ...cursor.list(() => parseExpression(cursor))]
  return operator(name, args, cursor.close(open, 'after the list of IN', 'in a list').end)
}

const COMPARISONS = ['=', '==', '<=>', '<>', '!=', '<', '<=', '>', '>=']

function comparison(cursor: Cursor): Syntax {
  return leftToRight(cursor, COMPARISONS, () => parseValue(cursor))
}

/** Operators that bind stronger than a comparison and weaker than `*`, from the weakest on. */
const STRENGTHS: Readonly<Record<string, number>> = { '|': 0, '^': 1, '&': 2, '+': 3, '-': 3, '||': 3 }

/** An expression without comparisons and what binds less: one loop, because each level of nesting costs stack. */
export function parseValue(cursor: Cursor, weakest = 0): Syntax {
  let left = product(cursor)
  for (let height = 1; ; height++) {
    const { kind, text } = cursor.peek()
    const strength = kind === 'symbol' && Object.hasOwn(STRENGTHS, text) ? STRENGTHS[text] : undefined
    if (strength === undefined || strength < weakest) return left
    const token = cursor.next()
    const right = strength === 3 ? product(cursor) : parseValue(cursor, strength + 1)
    left = combine(cursor, left, { text, at: token.at, end: token.end }, right, height)
  }
}

function product(cursor: Cursor): Syntax {
  return leftToRight(cursor, ['*', '/', '%', 'DIV'], () => sign(cursor))
}

/** How many operators may follow each other without parentheses; `a + b + c` is evaluated as deep as it is long. */
const MAX_ROW = 400
const MAX_PARTS = 4_000 // of `a || b || c`, which is one call

function leftToRight(cursor: Cursor, symbols: readonly string[], operand: () => Syntax): Syntax {
  let left = operand()
  for (let height = 1; ; height++) {
    const symbol = symbols.find(symbol => cursor.at(symbol))
    if (symbol === undefined) return left
    const { at, end } = cursor.next()
    left = combine(cursor, left, { text: symbol, at, end }, operand(), height)
  }
}

function combine(cursor: Cursor, left: Syntax, name: Name, right: Syntax, height: number): Syntax {
  const joins = name.text === '||' && left.kind === 'call' && left.operator && left.name.text === '||'
  const most = joins ? MAX_PARTS : MAX_ROW
  if (height > most) cursor.fail(`more than ${most} operators in one row; split the expression`, name.at)
  return operator(name, joins ? [...left.args, right] : [left, right])
}

function sign(cursor: Cursor): Syntax {
  const token = cursor.peek()
  if (cursor.take('~')) {
    const operand = cursor.nested(() => sign(cursor))
    return { ...operator({ text: '~', at: token.at, end: token.end }, [operand]), at: token.at }
  }
  if (cursor.at('-') || cursor.at('+')) {
    const following = cursor.peek(1)
    // A minus right before digits belongs to the number, so that -2147483648 is an int.
    if (token.text === '-' && following.kind === 'number') return suffixes(cursor, parseNumber(cursor))
    cursor.next()
    const operand = cursor.nested(() => sign(cursor))
    return operator({ text: token.text === '-' ? 'negative' : 'positive', at: token.at, end: token.end }, [operand])
  }
  return suffixes(cursor, primary(cursor))
}

function suffixes(cursor: Cursor, base: Syntax): Syntax {
  let value = base
  for (;;) {
    if (cursor.take('::')) {
      value = { kind: 'cast', value, type: readType(cursor), attempt: false, at: value.at, end: cursor.end }
    } else if (cursor.take('[')) {
      const index = parseExpression(cursor)
      const end = cursor.expect(']', 'after the index').end
      value = { kind: 'index', base: value, index, at: value.at, end }
    } else if (cursor.at('.') && cursor.isName(1)) {
      cursor.next()
      const name = cursor.next()
      value = { kind: 'field', base: value, name, at: value.at, end: name.end }
    } else {
      refuseBehindValue(cursor)
      return value
    }
  }
}

/** Words that can't begin an expression, so that a missing one is reported where it is missing. */
const NO_NAME = new Set(
  `SELECT FROM WHERE HAVING JOIN ON USING AS AND OR THEN WHEN ELSE IN LIKE ILIKE RLIKE BETWEEN IS UNION INTERSECT
  EXCEPT`.split(/\s+/),
)

function primary(cursor: Cursor): Syntax {
  const token = cursor.peek()
  if (token.kind === 'number') return parseNumber(cursor)
  if (token.kind === 'string' || token.kind === 'binary' || isTypedLiteral(cursor)) return parseTypedLiteral(cursor)
  if (cursor.take('(')) return parenthesis(cursor, token.at)
  if (token.kind === 'quoted') return name(cursor)
  const word = token.text.toUpperCase()
  if (/^(LIKE|ILIKE|RLIKE)$/.test(word) && cursor.at(word, '(')) return parseCall(cursor)
  if (token.kind !== 'word' || NO_NAME.has(word)) cursor.fail(`expected an expression, found ${describe(token)}`)
  if (word === 'CASE') return parseCase(cursor)
  if (isInterval(cursor)) return parseInterval(cursor)
  if (cursor.isSymbol(1, '(')) {
    if (word === 'CAST' || word === 'TRY_CAST') return cast(cursor, word === 'TRY_CAST')
    if (cursor.at('EXISTS', '(', 'SELECT') || cursor.at('EXISTS', '(', 'WITH')) return exists(cursor)
    return parseCall(cursor)
  }
  return name(cursor)
}

function operator(name: Name, args: readonly Syntax[], end?: number): Syntax {
  const first = args[0]?.at ?? name.at
  return {
    kind: 'call',
    name,
    operator: true,
    args,
    at: Math.min(first, name.at),
    end: end ?? args.at(-1)?.end ?? name.end,
  }
}

function negate(negated: boolean, value: Syntax): Syntax {
  if (!negated) return value
  return { ...operator({ text: 'NOT', at: value.at, end: value.at }, [value]), at: value.at, end: value.end }
}
