import { InvalidQuery, type SqlSource } from '../invalid.ts'
import { type Token, tokenize } from './token.ts'

/**
 * How deep expressions and subqueries may nest: far more than people write, far less than a call stack holds. Chains of
 * one operator (`a AND b AND …`) count as one level each, because they are evaluated so.
 */
export const MAX_DEPTH = 250

/** A place in the tokens of one text, and what a recursive-descent parser asks of it. */
export class Cursor {
  readonly sql: string
  readonly source: SqlSource
  readonly #tokens: readonly Token[]
  #index = 0
  #depth = 0

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
