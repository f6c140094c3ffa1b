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
const STRING = /'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"/sy
const RAW_STRING = /[rR](?:'[^']*'|"[^"]*")/y
const BINARY = /[xX]'[^']*'/y
const QUOTED = /`[^`]*(?:``[^`]*)*`(?!`)/y
const SYMBOL = /<=>|<>|<=|>=|!=|==|\|\||::|->|[-+*/%=<>!(),.;[\]:?&|^~{}@#$\\]/y

/** Cuts the text into tokens; the last one is always `end`. Throws InvalidQuery for anything else. */
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
  const fail = (message: string): never => {
    throw new InvalidQuery(message, sql, at, source)
  }
  const token = (kind: Token['kind'], written: string, text = written): Token => {
    return { kind, text, at, end: at + written.length }
  }
  const string = match(STRING, sql, at)
  if (string !== '') return token('string', string, unescapeString(string.slice(1, -1)))
  const raw = match(RAW_STRING, sql, at)
  if (raw !== '') return token('string', raw, raw.slice(2, -1))
  const binary = match(BINARY, sql, at)
  if (binary !== '') {
    const digits = binary.slice(2, -1)
    return /^[0-9a-f]*$/i.test(digits) ? token('binary', binary, digits) : fail(`${binary} is not hexadecimal`)
  }
  const quoted = match(QUOTED, sql, at)
  if (quoted !== '') {
    const name = quoted.slice(1, -1).replaceAll('``', '`')
    return name === '' ? fail('a name in backticks is empty') : token('quoted', quoted, name)
  }
  const [quote] = /^(?:[rR]?['"]|[xX]'|`)/.exec(sql.slice(at, at + 2)) ?? []
  if (quote === '`') fail('the name that begins here has no end; close it with a backtick')
  if (quote !== undefined) fail(`the string that begins here has no end; close it with ${quote.slice(-1)}`)
  const number = match(NUMBER, sql, at)
  if (number !== '') return token('number', number)
  const word = match(WORD, sql, at)
  if (word !== '') return token('word', word)
  const symbol = match(SYMBOL, sql, at)
  if (symbol !== '') return token('symbol', symbol)
  const character = String.fromCodePoint(sql.codePointAt(at) ?? 0)
  return fail(`${JSON.stringify(character)} has no meaning in SQL here`)
}

function match(pattern: RegExp, sql: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(sql)?.[0] ?? ''
}
