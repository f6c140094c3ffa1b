import type { CallSyntax } from '../parse/syntax.ts'

/** Functions that Spark prints in capitals. */
const UPPER = new Set(
  `rank dense_rank percent_rank floor ceil rlike regexp regexp_like acos acosh asin asinh atan atan2 atanh cbrt cos cosh cot csc degrees e exp expm1 hypot
  log log10 log1p log2 pi power radians sec signum sin sinh sqrt tan tanh`.split(/\s+/),
)
/** Functions that Spark prints by another name. */
const ALIASES: Readonly<Record<string, string>> = {
  array_agg: 'collect_list',
  curdate: 'current_date',
  current_schema: 'current_database',
  dateadd: 'date_add',
  to_varchar: 'to_char',
  user: 'current_user',
}
/** Casts in the form of a function: they leave no trace in the name. */
const CASTS = /^(boolean|tinyint|smallint|int|bigint|float|double|decimal|date|timestamp|binary|string)$/

const SECONDS_FORMAT = 'yyyy-MM-dd HH:mm:ss'

const IDENTITY = 'lambdafunction(namedlambdavariable(), namedlambdavariable())'

/** What Spark adds to a call with fewer arguments, by the function and the number of arguments. */
const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  'bround/1': ['0'],
  'lag/1': ['1', 'NULL'],
  'lag/2': ['NULL'],
  'lead/1': ['1', 'NULL'],
  'lead/2': ['NULL'],
  'ntile/0': ['1'],
  'from_unixtime/1': [SECONDS_FORMAT],
  'locate/2': ['1'],
  'lpad/2': [' '],
  'mask/1': ['X', 'x', 'n', 'NULL'],
  'mask/2': ['x', 'n', 'NULL'],
  'mask/3': ['n', 'NULL'],
  'months_between/2': ['true'],
  'overlay/3': ['-1'],
  'percentile/2': ['1'],
  'position/2': ['1'],
  'regexp_extract/2': ['1'],
  'regexp_extract_all/2': ['1'],
  'regexp_instr/2': ['0'],
  'regexp_replace/3': ['1'],
  'replace/2': [''],
  'round/1': ['0'],
  'rpad/2': [' '],
  'sentences/1': ['', ''],
  'sentences/2': [''],
  'aggregate/3': [IDENTITY],
  'reduce/3': [IDENTITY],
  'sort_array/1': ['true'],
  'split/2': ['-1'],
  'str_to_map/1': [',', ':'],
  'str_to_map/2': [':'],
  'substr/2': ['2147483647'],
  'substring/2': ['2147483647'],
  'to_unix_timestamp/1': [SECONDS_FORMAT],
  'unix_timestamp/0': ['current_timestamp()', SECONDS_FORMAT],
  'unix_timestamp/1': [SECONDS_FORMAT],
}

/** How Spark prints the call of a function, whose arguments are printed already. */
export function functionName(syntax: CallSyntax, args: readonly string[], sql: string): string {
  const word = syntax.name.text.toLowerCase()
  const [a = '', b = ''] = args
  const printed = syntax.name.at === syntax.at ? inAnotherForm(word, a, b, args.length) : specialForm(syntax, args, sql)
  if (printed !== null) return printed
  const all = [...args, ...(DEFAULTS[`${word}/${args.length}`] ?? [])].join(', ')
  if (word === 'from_json') return `from_json(${a})`
  if (word === 'if') return `(IF(${all}))`
  const name = nameInForm(syntax, sql) ?? ALIASES[word] ?? word
  return `${UPPER.has(name) ? name.toUpperCase() : name}(${all})`
}

/** Calls that Spark prints as operators or in the form that the grammar has for them. */
function inAnotherForm(word: string, a: string, b: string, count: number): string | null {
  if (count === 1) {
    if (CASTS.test(word)) return a
    if (word === 'isnull') return `(${a} IS NULL)`
    if (word === 'isnotnull') return `(${a} IS NOT NULL)`
    if (word === 'positive') return `(+ ${a})`
    if (word === 'log') return `LOG(E(), ${a})`
  }
  if (word === 'like') return `${a} LIKE ${b}`
  if (word === 'div') return `(${a} div ${b})`
  if (word === 'datepart') return `datepart(${a} FROM ${b})`
  const side = count === 2 && { trim: 'BOTH', ltrim: 'LEADING', rtrim: 'TRAILING' }[word]
  return side ? `TRIM(${side} ${a} FROM ${b})` : null
}

/** `EXTRACT(YEAR FROM x)`, `TRIM(… FROM x)` and `DATEDIFF(MINUTE, x, y)`, whose calls have the name of what does it. */
function specialForm({ name, args }: CallSyntax, [text = '', ...others]: readonly string[], sql: string): string {
  const word = sql.slice(name.at, name.end)
  if (/^timestamp(add|diff)$/.test(name.text)) return `${name.text}(${[word.toUpperCase(), ...others].join(', ')})`
  const side = { btrim: 'BOTH', 'trim-leading': 'LEADING', 'trim-trailing': 'TRAILING' }[name.text]
  if (!side) return `extract(${word} FROM ${text})`
  if (args.length > 1) return `TRIM(${side} ${others[0] ?? ''} FROM ${text})`
  return `${{ BOTH: 'trim', LEADING: 'ltrim', TRAILING: 'rtrim' }[side]}(${text})`
}

/** The name of a call that is written with FROM or IN in place of the first comma. */
function nameInForm({ name, args: [first, second] }: CallSyntax, sql: string): string | null {
  const between = first && second ? sql.slice(first.end, second.at) : ''
  if (/^substr$/i.test(name.text) && /\bfrom\b/i.test(between)) return 'substring'
  return /^position$/i.test(name.text) && /\bin\b/i.test(between) ? 'locate' : null
}
