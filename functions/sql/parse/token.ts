import { InvalidQuery, type SqlSource } from '../invalid.ts'
import { unescapeString } from './unescape.ts'

/**
 * One word of Spark's SQL. `at` and `end` are UTF-16 offsets into the text. `word` is an unquoted identifier or
 * keyword, `quoted` a name in backticks, `number` a numeric literal with its suffix, `string` one literal after
 * unescaping.
 */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'number' | 'string' | 'binary' | 'symbol' | 'end'
  /** For `word` as written, for `quoted` and `string` the content, else the source text. */
  readonly text: string
  readonly at: number
  readonly end: number
}

/** The longest SQL text that is read, in UTF-16 units: Athena's limit for a query (262,144 bytes). */
const MAX_LENGTH = 262_144

// Spark's lexical rules (SqlBaseLexer.g4): identifiers may begin with a digit, a number ends where a word can't go on.
const SPACE = /[ \t\r\n\f\v\u00a0\ufeff]+/y
const WORD = /[\p{L}\p{N}_]+/uy
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?:BD|bd|Bd|bD|[LSYFDlsyfd])?(?![\p{L}\p{N}_])/uy
const SYMBOL = /<=>|<>|<=|>=|!=|==|\|\||::|->|[-+*/%=<>!(),.;[\]:?&|^~{}@#$\\]/y

/** Cuts the text into tokens; the last one is always `end`. Throws InvalidQuery on what is no token. */
export function tokenize(sql: string, source: SqlSource = 'silver.sql'): Token[] {
  if (sql.length > MAX_LENGTH) {
    throw new InvalidQuery(`the text has ${sql.length} characters; at most ${MAX_LENGTH} are read`, sql, 0, source)
  }
  const tokens: Token[] = []
  let at = 0
  for (;;) {
    at = skipBlank(sql, at, source)
    if (at >= sql.length) break
    const token = next(sql, at, source)
    tokens.push(token)
    at = token.end
  }
  tokens.push({ kind: 'end', text: '', at: sql.length, end: sql.length })
  return tokens
}

/**
 * The offset of the first character that is neither white space nor comment; comments in comments nest, as in Spark.
 */
function skipBlank(sql: string, from: number, source: SqlSource): number {
  let at = from
  for (;;) {
    const space = match(SPACE, sql, at)
    at += space.length
    if (sql.startsWith('--', at)) {
      while (at < sql.length && sql[at] !== '\n' && sql[at] !== '\r') at++
    } else if (sql.startsWith('/*', at)) {
      at = endOfComment(sql, at, source)
    } else if (space === '') {
      return at
    }
  }
}

function endOfComment(sql: string, from: number, source: SqlSource): number {
  let depth = 0
  for (let at = from; at < sql.length; at++) {
    if (sql.startsWith('/*', at)) {
      depth++
      at++
    } else if (sql.startsWith('*/', at)) {
      depth--
      at++
      if (depth === 0) return at + 1
    }
  }
  throw new InvalidQuery('the comment that begins here has no end; close it with */', sql, from, source)
}

function next(sql: string, at: number, source: SqlSource): Token {
  const first = sql[at]
  const raw = (first === 'r' || first === 'R') && (sql[at + 1] === "'" || sql[at + 1] === '"')
  if (raw || first === "'" || first === '"') return string(sql, at, raw, source)
  if (first === '`') return backtick(sql, at, source)
  if ((first === 'x' || first === 'X') && sql[at + 1] === "'") {
    const { text, end } = string(sql, at + 1, true, source)
    if (!/^[0-9a-fA-F]*$/.test(text))
      throw new InvalidQuery(`${sql.slice(at, end)} is not hexadecimal`, sql, at, source)
    return { kind: 'binary', text, at, end }
  }
  const number = match(NUMBER, sql, at)
  if (number !== '') return { kind: 'number', text: number, at, end: at + number.length }
  const word = match(WORD, sql, at)
  if (word !== '') return { kind: 'word', text: word, at, end: at + word.length }
  const symbol = match(SYMBOL, sql, at)
  if (symbol !== '') return { kind: 'symbol', text: symbol, at, end: at + symbol.length }
  const character = String.fromCodePoint(sql.codePointAt(at) ?? 0)
  throw new InvalidQuery(`${JSON.stringify(character)} has no meaning in SQL here`, sql, at, source)
}

function string(sql: string, at: number, raw: boolean, source: SqlSource): Token {
  const start = raw && sql[at] !== "'" && sql[at] !== '"' ? at + 2 : at + 1
  const quote = sql[start - 1]
  for (let i = start; i < sql.length; i++) {
    if (!raw && sql[i] === '\\') {
      i++
    } else if (sql[i] === quote) {
      const content = sql.slice(start, i)
      return { kind: 'string', text: raw ? content : unescapeString(content), at, end: i + 1 }
    }
  }
  throw new InvalidQuery(`the string that begins here has no end; close it with ${quote}`, sql, at, source)
}

function backtick(sql: string, at: number, source: SqlSource): Token {
  for (let i = at + 1; i < sql.length; i++) {
    if (sql[i] !== '`') continue
    if (sql[i + 1] === '`') {
      i++
    } else {
      const text = sql.slice(at + 1, i).replaceAll('``', '`')
      if (text === '') throw new InvalidQuery('a name in backticks is empty', sql, at, source)
      return { kind: 'quoted', text, at, end: i + 1 }
    }
  }
  throw new InvalidQuery('the name that begins here has no end; close it with a backtick', sql, at, source)
}

function match(pattern: RegExp, sql: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(sql)?.[0] ?? ''
}
