import type { Syntax } from '../parse/syntax.ts'

type Call = Extract<Syntax, { kind: 'call' }>

/** Functions that Spark prints in capitals. */
const UPPER = new Set(['floor', 'ceil', 'rlike', 'regexp', 'regexp_like'])
/** Functions that Spark prints by another name. */
const ALIASES: Readonly<Record<string, string>> = { curdate: 'current_date' }
/** Casts in the form of a function: nothing of them is in the name. */
const CASTS = /^(boolean|tinyint|smallint|int|bigint|float|double|decimal|date|timestamp|binary|string)$/

/** What Spark adds to a call with fewer arguments, by the function and the number of arguments. */
const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  'round/1': ['0'],
  'substring/2': ['2147483647'],
  'substr/2': ['2147483647'],
  'split/2': ['-1'],
  'replace/2': [''],
  'regexp_replace/3': ['1'],
  'regexp_extract/2': ['1'],
}

/** How Spark prints the call of a function, whose arguments are printed already. */
export function functionName(syntax: Call, args: readonly string[], sql: string): string {
  const word = syntax.name.text.toLowerCase()
  const [a = '', b = ''] = args
  if (syntax.name.at !== syntax.at) return specialForm(syntax, a, b)
  if (args.length === 1) {
    if (CASTS.test(word)) return a
    if (word === 'isnull') return `(${a} IS NULL)`
    if (word === 'isnotnull') return `(${a} IS NOT NULL)`
  }
  if (word === 'like') return `${a} LIKE ${b}`
  const all = [...args, ...(DEFAULTS[`${word}/${args.length}`] ?? [])].join(', ')
  if (word === 'if') return `(IF(${all}))`
  const name = word === 'substr' && hasFrom(syntax, sql) ? 'substring' : (ALIASES[word] ?? word)
  return `${UPPER.has(name) ? name.toUpperCase() : name}(${all})`
}

/** `EXTRACT(YEAR FROM x)` and `TRIM(… FROM x)`, whose calls have the name of what does it. */
function specialForm({ name, args }: Call, text: string, characters: string): string {
  const side = { btrim: 'BOTH', 'trim-leading': 'LEADING', 'trim-trailing': 'TRAILING' }[name.text]
  if (!side) return `extract(${name.text} FROM ${text})`
  if (args.length > 1) return `TRIM(${side} ${characters} FROM ${text})`
  return `${{ BOTH: 'trim', LEADING: 'ltrim', TRAILING: 'rtrim' }[side]}(${text})`
}

/** Whether a call is written with FROM in place of the first comma. */
function hasFrom({ args: [first, second] }: Call, sql: string): boolean {
  return first !== undefined && second !== undefined && /\bfrom\b/i.test(sql.slice(first.end, second.at))
}
