import { UsageError } from '../../base/refusal.ts'

/** What a statement begins with that only reads. */
const READS = ['SELECT', 'WITH', 'VALUES', 'FROM', 'TABLE', 'DESCRIBE', 'DESC', 'SHOW', 'SUMMARIZE']
const BLANK = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()+/
/** Only these, because EXPLAIN ANALYZE runs what follows it. */
const EXPLAIN = /^EXPLAIN\s+(?:ANALYZE\s+)?(?:VERBOSE\s+)?(?:\([^()]*\)\s*)?(?:SELECT|WITH|VALUES|FROM|TABLE)\b/i

/**
 * Refuses a statement that could write, by what it begins with. DuckDB and Athena judge the rest: neither can write by
 * what begins like these.
 */
export function refuseWriting(sql: string): void {
  const text = sql.replace(BLANK, '')
  const [word = ''] = /^\w*/.exec(text) ?? []
  if (text.replaceAll(/[;\s]/g, '') === '') throw new UsageError('there is no statement: write one SELECT')
  if (READS.includes(word.toUpperCase()) || EXPLAIN.test(text)) return
  const found = word === '' ? text.slice(0, 20) : word
  throw new UsageError(`a query only reads: the statement must begin with SELECT, WITH or EXPLAIN SELECT, not ${found}`)
}

/** Texts, comments and what is quoted, which name no table; and names in the schema `silver`, with or without quotes. */
const NAMES =
  /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|(?<![\w$"])(?:"silver"|silver)\s*\.\s*(?:"(\w+)"|(\w+))|"(?:[^"]|"")*"/gi

/** The tables of the schema `silver` that a statement names as `silver.name`, in small letters. */
export function tablesNamed(sql: string): ReadonlySet<string> {
  const names = Array.from(sql.matchAll(NAMES), ([, quoted, plain]) => (quoted ?? plain)?.toLowerCase())
  return new Set(names.filter(name => name !== undefined))
}

/** Column names that each occur once, so that they can be keys: `n`, `n:1`. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set(names)
  const seen = new Set<string>()
  return names.map(name => {
    let unique = name
    for (let i = 1; seen.has(unique) || (unique !== name && taken.has(unique)); i++) unique = `${name}:${i}`
    seen.add(unique)
    return unique
  })
}
