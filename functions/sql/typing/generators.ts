import type { Expr } from '../expr.ts'
import type { CallSyntax, Syntax } from '../parse/syntax.ts'
import { printType } from '../type-text.ts'
import { type Column, type NestedType, type SqlType, sameType } from '../types.ts'
import { type Context, fail } from './context.ts'
import { castOperand, type Operand } from './operand.ts'

/** The rows that a call makes, each with these columns. */
export interface TypedGenerator {
  readonly columns: readonly Column[]
  /** See Generator. */
  readonly rows: Expr
  readonly outer: boolean
}

const NAMES = /^(explode|posexplode|inline)(_outer)?$|^stack$|^json_tuple$/

/** The call if it makes several rows of one, else null. */
export function generatorCall(syntax: Syntax): CallSyntax | null {
  return syntax.kind === 'call' && !syntax.operator && NAMES.test(syntax.name.text.toLowerCase()) ? syntax : null
}

/** Refuses a call of a generator that is part of an expression. */
export function failGenerator({ name }: CallSyntax, context: Context): never {
  const word = name.text.toUpperCase()
  return fail(
    context,
    `${word} makes rows: it can only be a whole item of the select list, or come after LATERAL VIEW`,
    name.at,
  )
}

/** Types the call of a generator by its arguments. Throws InvalidQuery. */
export function typeGenerator(call: CallSyntax, args: readonly Operand[], context: Context): TypedGenerator {
  const word = call.name.text.toLowerCase()
  const outer = word.endsWith('_outer')
  if (word === 'stack') return { ...stack(call, args, context), outer }
  if (word === 'json_tuple') return { ...jsonTuple(call, args, context), outer }
  const [list, more] = args
  if (!list || more) return fail(context, `${word.toUpperCase()} takes 1 argument, not ${args.length}`, call.at)
  const wants = word.startsWith('inline') ? 'an array of structs' : 'an array or a map'
  const wrong = () =>
    fail(context, `${word.toUpperCase()} takes ${wants}, not ${printType(list.type)}`, call.args[0]?.at ?? call.at)
  if (list.op === 'null' || typeof list.type === 'string') return wrong()
  if (word.startsWith('inline')) {
    const element = list.type.kind === 'array' ? list.type.element : null
    if (element === null || typeof element === 'string' || element.kind !== 'struct') return wrong()
    return { columns: element.fields, rows: list, outer }
  }
  const columns = columnsOf(list.type)
  if (!columns) return wrong()
  const numbered = word.startsWith('pos')
  const all = numbered ? [{ name: 'pos', type: 'int' as const }, ...columns] : columns
  const made =
    list.type.kind === 'map' ? (numbered ? 'numbered-entries' : null) : numbered ? 'numbered-rows' : 'rows-of-array'
  return { columns: all, rows: made === null ? list : rowsCall(made, [list], all), outer }
}

function columnsOf(type: Exclude<SqlType, string>): Column[] | null {
  if (type.kind === 'array') return [{ name: 'col', type: type.element }]
  if (type.kind !== 'map') return null
  return [
    { name: 'key', type: type.key },
    { name: 'value', type: type.value },
  ]
}

/** `STACK(rows, value, …)`: each column has one type, which NULL takes. */
function stack(
  call: CallSyntax,
  [count, ...values]: readonly Operand[],
  context: Context,
): Omit<TypedGenerator, 'outer'> {
  const rows = count?.op === 'literal' ? Number(count.value) : Number.NaN
  if (!Number.isInteger(rows) || rows < 1 || count?.type !== 'int')
    return fail(context, 'the first argument of STACK is the constant number of rows', call.args[0]?.at ?? call.at)
  if (values.length === 0) return fail(context, 'STACK needs values after the number of rows', call.at)
  const width = Math.ceil(values.length / rows)
  const columns = Array.from({ length: width }, (_, column): Column => {
    const [first, ...others] = values.filter((value, i) => i % width === column && value.op !== 'null')
    if (!first || first.op === 'null')
      return fail(context, `the values of column ${column + 1} of STACK are NULL without a type; cast one`, call.at)
    const other = others.find(({ type }) => !sameType(type, first.type))
    if (other)
      fail(
        context,
        `column ${column + 1} of STACK has values of ${printType(first.type)} and ${printType(other.type)}; cast them`,
        call.at,
      )
    return { name: `col${column}`, type: first.type }
  })
  const typed = values.flatMap((value, i) => castOperand(value, columns[i % width]?.type ?? 'string') ?? [])
  const literal: Expr = { op: 'literal', value: rows, type: 'int' }
  return { columns, rows: rowsCall('stacked-rows', [literal, ...typed], columns) }
}

/** `JSON_TUPLE(json, name, …)`: one row of the fields' texts. */
function jsonTuple(call: CallSyntax, args: readonly Operand[], context: Context): Omit<TypedGenerator, 'outer'> {
  if (args.length < 2)
    return fail(context, 'JSON_TUPLE takes the JSON and the names of fields, at least 2 arguments', call.at)
  const texts = args.map((arg, i) => {
    const text = arg.type === 'string' || arg.op === 'null' ? castOperand(arg, 'string') : null
    const at = call.args[i]?.at ?? call.at
    return text ?? fail(context, `JSON_TUPLE takes text, not ${printType(arg.type)}; cast it`, at)
  })
  const columns = texts.slice(1).map((_, i): Column => ({ name: `c${i}`, type: 'string' }))
  return { columns, rows: rowsCall('tuple-rows', texts, columns) }
}

/** A call that is not computed in advance, because a list of rows is not a literal. */
function rowsCall(name: string, args: readonly Expr[], columns: readonly Column[]): Expr {
  const element: NestedType = { kind: 'struct', fields: columns }
  return { op: 'call', name, args, type: { kind: 'array', element } }
}
