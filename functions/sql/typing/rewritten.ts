import { FIELDS } from '../evaluate/date-fields.ts'
import { encodeLiteral } from '../literal.ts'
import { printType } from '../type-text.ts'
import { isNumber } from './common-type.ts'
import { schemaOfJson } from './json.ts'
import { castOperand, NULL, type Operand } from './operand.ts'
import { type Typed, typeArithmetic, typeComparison, typeSign } from './operators.ts'

/** What is needed to turn a call into another expression of the compiled query. */
interface Rewriting {
  readonly args: readonly Operand[]
  /** The value of current_timestamp, in UTC microseconds. */
  readonly now: bigint
  /** Types the call of a function of the table. */
  readonly table: (name: string, args: readonly Operand[]) => Operand
  readonly accept: (typed: Typed) => Operand
  readonly fail: (message: string) => never
}

interface Rewrite {
  /** The fewest and the most arguments. */
  readonly takes: readonly [number, number]
  readonly type: (rewriting: Rewriting) => Operand
}

const ZERO: Operand = { op: 'literal', value: 0, type: 'int' }

/** Functions that are written as others in the compiled query, by their names. */
export const REWRITTEN: Readonly<Record<string, Rewrite>> = {
  nvl2: {
    takes: [3, 3],
    type: ({ args: [a = NULL, b = NULL, c = NULL], table }) => table('if', [table('isnotnull', [a]), b, c]),
  },
  nullif: { takes: [2, 2], type: ({ args: [a = NULL, b = NULL], ...rest }) => nullIf(a, b, rest) },
  nullifzero: { takes: [1, 1], type: ({ args: [a = NULL], ...rest }) => nullIf(a, ZERO, rest) },
  zeroifnull: { takes: [1, 1], type: ({ args: [a = NULL], table }) => table('coalesce', [a, ZERO]) },
  equal_null: {
    takes: [2, 2],
    type: ({ args: [a = NULL, b = NULL], accept }) => accept(typeComparison('<=>', a, b)),
  },
  mod: arithmetic('%'),
  pmod: arithmetic('%', 'pmod'),
  try_add: arithmetic('+', 'try_add'),
  try_subtract: arithmetic('-', 'try_subtract'),
  try_multiply: arithmetic('*', 'try_multiply'),
  try_divide: arithmetic('/'),
  positive: { takes: [1, 1], type: ({ args: [a = NULL], accept }) => accept(typeSign('positive', a)) },
  ilike: {
    takes: [2, 3],
    type: ({ args: [text = NULL, pattern = NULL, ...rest], table }) =>
      table('like', [table('lower', [text]), table('lower', [pattern]), ...rest]),
  },
  decode: { takes: [2, Infinity], type: decode },
  typeof: { takes: [1, 1], type: ({ args: [a = NULL] }) => encodeLiteral(printType(a.type), 'string') },
  date_part: { takes: [2, 2], type: datePart },
  datepart: { takes: [2, 2], type: datePart },
  dateadd: { takes: [2, 2], type: ({ args, table }) => table('date_add', args) },
  unix_timestamp: { takes: [0, 2], type: unixTimestamp },
  to_unix_timestamp: { takes: [1, 2], type: unixTimestamp },
  schema_of_json: { takes: [1, 1], type: ({ args, accept }) => accept(schemaOfJson(args)) },
  current_timezone: { takes: [0, 0], type: () => encodeLiteral('UTC', 'string') },
  input_file_name: {
    takes: [0, 0],
    type: () => ({ op: 'column', view: 'file', name: 'file_path', type: 'string' }),
  },
}

function nullIf(a: Operand, b: Operand, { table, accept }: Pick<Rewriting, 'table' | 'accept'>): Operand {
  return table('if', [accept(typeComparison('=', a, b)), NULL, a])
}

function arithmetic(operator: string, name = operator): Rewrite {
  return {
    takes: [2, 2],
    type: ({ args: [a = NULL, b = NULL], accept }) => accept(typeArithmetic(operator, a, b, name)),
  }
}

/** With a character set, or as a CASE whose comparisons take NULL for equal to NULL and whose missing ELSE is a NULL string. */
function decode({ args: [value = NULL, ...rest], table, accept }: Rewriting): Operand {
  if (rest.length === 1) return table('decode', [value, ...rest])
  const branches: Operand[] = []
  for (let i = 0; i + 1 < rest.length; i += 2)
    branches.push(accept(typeComparison('<=>', value, rest[i] ?? NULL)), rest[i + 1] ?? NULL)
  return table('case', [...branches, rest.length % 2 === 1 ? (rest.at(-1) ?? NULL) : encodeLiteral(null, 'string')])
}

function datePart({ args: [field, value = NULL], table, fail }: Rewriting): Operand {
  const name = field?.op === 'literal' ? String(field.value).toUpperCase() : ''
  const part = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined
  return part
    ? table(part, [value])
    : fail(`the field of DATE_PART must be one of the constants ${Object.keys(FIELDS).join(', ')}`)
}

/** Takes times as they are and reads text by a pattern; without arguments it is the run's time. */
function unixTimestamp({ args: [value, ...format], now, table, fail }: Rewriting): Operand {
  const time = value ?? encodeLiteral(now, 'timestamp')
  if (isNumber(time.type)) return fail(`UNIX_TIMESTAMP takes text or a time, not ${printType(time.type)}; cast it`)
  const asTime = time.type === 'date' || time.type === 'timestamp' ? castOperand(time, 'timestamp') : null
  return asTime ? table('epoch-seconds', [asTime]) : table('unix_timestamp', [time, ...format])
}
