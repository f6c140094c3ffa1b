import { InvalidQuery, position, type SqlSource } from '../invalid.ts'
import { type Token, tokenize } from './token.ts'

/**
 * How deep expressions and subqueries may nest: far more than people write, far less than a call stack holds. Chains of
 * one operator (`a AND b AND …`) count as one level each, because they are evaluated so.
 */
const MAX_DEPTH = 250

/** Words that continue a query, and are not an alias unless they follow AS or are quoted. */
export const CLAUSES: ReadonlySet<string> = new Set(
  `FROM WHERE GROUP HAVING ORDER SORT CLUSTER DISTRIBUTE LIMIT OFFSET WINDOW QUALIFY UNION INTERSECT EXCEPT MINUS
  JOIN INNER LEFT RIGHT FULL CROSS NATURAL SEMI ANTI ON USING LATERAL TABLESAMPLE PIVOT UNPIVOT OVER FILTER`.split(
    /\s+/,
  ),
)
/** Words that can't begin a value. */
const NO_VALUE = new Set([...CLAUSES, ...'AS AND OR IN IS LIKE ILIKE RLIKE BETWEEN THEN WHEN ELSE END'.split(' ')])

/** A place in the tokens of one text, and what a recursive-descent parser asks of it. */
export class Cursor {
  readonly sql: string
  readonly source: SqlSource
  readonly #tokens: readonly Token[]
  #index = 0
  #depth = 0
  /** How many queries are open, one in another. */
  queries = 0

  constructor(sql: string, source: SqlSource = 'silver.sql') {
    this.sql = sql
    this.source = source
    this.#tokens = tokenize(sql, source)
  }

  peek(ahead = 0): Token {
    const last = this.#tokens.length - 1
    const token = this.#tokens[Math.min(this.#index + ahead, last)]
    if (!token) throw new RangeError('a token list always ends with `end`')
    return token
  }

  next(): Token {
    const token = this.peek()
    this.#index++
    return token
  }

  /** The offset where the last token taken ended. */
  get end(): number {
    return this.#index === 0 ? 0 : this.peek(-1).end
  }

  /** Whether the next tokens are these keywords (upper case) or symbols. */
  at(...words: readonly string[]): boolean {
    return words.every((word, i) => is(this.peek(i), word))
  }

  /** Takes these keywords or symbols if they come next. */
  take(...words: readonly string[]): boolean {
    if (!this.at(...words)) return false
    this.#index += words.length
    return true
  }

  /** Takes the keyword or symbol, or fails saying what it is needed for. */
  expect(word: string, purpose: string): Token {
    if (!this.at(word)) this.fail(`expected ${word} ${purpose}, found ${describe(this.peek())}`)
    return this.next()
  }

  /** Takes the `)` of the `(` at the offset `open`, or fails saying what it is needed for and which `(` waits for it. */
  close(open: number, purpose: string, inList: 'in a list' | null = null): Token {
    if (this.at(')')) return this.next()
    const { line, column } = position(this.sql, open)
    const comma = inList && this.beginsValue() ? '; is a comma missing before it?' : ''
    const found = describe(this.peek())
    return this.fail(`expected ) ${purpose}, whose ( is at line ${line}, column ${column}, found ${found}${comma}`)
  }

  /** One or more of what `parse` takes, with commas between. */
  list<T>(parse: () => T): T[] {
    const items = [parse()]
    while (this.take(',')) items.push(parse())
    return items
  }

  /** Whether a token ahead is a name, in backticks or a word. */
  isName(ahead = 0): boolean {
    const { kind } = this.peek(ahead)
    return kind === 'word' || kind === 'quoted'
  }

  /** Whether a token ahead is a symbol. */
  isSymbol(ahead: number, symbol: string): boolean {
    const { kind, text } = this.peek(ahead)
    return kind === 'symbol' && text === symbol
  }

  /** Whether the next token can only begin another value: a name that is not a keyword, a text or a number. */
  beginsValue(): boolean {
    const { kind, text } = this.peek()
    return ['quoted', 'string', 'number'].includes(kind) || (kind === 'word' && !NO_VALUE.has(text.toUpperCase()))
  }

  fail(message: string, at: number = this.peek().at): never {
    throw new InvalidQuery(message, this.sql, at, this.source)
  }

  /** Runs `parse` one level deeper; too deep is an InvalidQuery, never a stack overflow. */
  nested<T>(parse: () => T): T {
    if (this.#depth >= MAX_DEPTH) this.fail(`nested more than ${MAX_DEPTH} levels deep; split it with a WITH query`)
    this.#depth++
    try {
      return parse()
    } finally {
      this.#depth--
    }
  }
}

function is(token: Token, word: string): boolean {
  if (token.kind === 'symbol') return token.text === word
  return token.kind === 'word' && token.text.toUpperCase() === word
}

/** A token as messages name it. */
export function describe(token: Token): string {
  if (token.kind === 'end') return 'the end of the text'
  if (token.kind === 'string') return `the string '${token.text.slice(0, 40)}'`
  return token.text
}
