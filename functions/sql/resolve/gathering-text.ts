import type { CallSyntax, Distance, Syntax, Window } from '../parse/syntax.ts'
import { sameType } from '../types.ts'
import type { Operand } from '../typing/operand.ts'
import { functionName } from './function-name.ts'
/** What the parts of an expression were typed as: some names depend on that. */
export type TypedSyntax = ReadonlyMap<Syntax, Operand>

type Print = (syntax: Syntax) => string

/** How Spark prints an aggregate or window function with what stands around its arguments; null for other calls. */
export function gatheringText(call: CallSyntax, sql: string, print: Print, typed: TypedSyntax): string | null {
  const word = call.name.text.toLowerCase()
  const args = call.args.map(print)
  const takesFlag = /^(first|last|any_value|first_value|last_value)$/.test(word)
  if (!call.form) return takesFlag && args.length === 2 ? `${word}(${args[0]})` : null
  const { star, distinct, within, filter, ignoreNulls, over } = call.form
  const list = star ? ['1'] : takesFlag ? args.slice(0, 1) : args
  const plain = functionName(call, list, sql)
  const called = distinct ? plain.replace('(', '(DISTINCT ') : plain
  const order = within && `${print(within.value)}${within.descending ? ' DESC' : ''}`
  const name = order ? `${called} WITHIN GROUP (ORDER BY ${order})` : called
  const filtered = filter ? `${name} FILTER (WHERE ${print(filter)})` : name
  if (!over) return filtered
  const nulls = ignoreNulls && word === 'nth_value' ? ' ignore nulls' : ''
  return `${filtered}${nulls} OVER (${windowText(call, word, over, print, typed)})`
}

function windowText(call: CallSyntax, word: string, over: Window, print: Print, typed: TypedSyntax): string {
  const partition = over.partition.length > 0 ? [`PARTITION BY ${over.partition.map(print).join(', ')}`] : []
  const items = over.order.map(({ value, descending, nullsFirst }) => {
    return `${print(value)} ${descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`
  })
  const order = items.length > 0 ? [`ORDER BY ${items.join(', ')}`] : []
  return [...partition, ...order, frameText(call, word, over, print, typed)].join(' ')
}

/** The frame that is written, or the one that Spark takes for the function. */
function frameText(
  { args }: CallSyntax,
  word: string,
  { frame, order }: Window,
  print: Print,
  typed: TypedSyntax,
): string {
  const between = (unit: string, from: string, to: string) => `${unit} BETWEEN ${from} AND ${to}`
  if (word === 'lag' || word === 'lead') {
    const [, offset] = args
    const count = offset?.kind === 'literal' ? Number(offset.value) : 1
    const bound = `${word === 'lag' ? -count : count} FOLLOWING`
    return between('ROWS', bound, bound)
  }
  const first = 'UNBOUNDED PRECEDING'
  if (/^(row_number|rank|dense_rank|percent_rank|ntile)$/.test(word)) return between('ROWS', first, 'CURRENT ROW')
  if (!frame)
    return order.length > 0 ? between('RANGE', first, 'CURRENT ROW') : between('ROWS', first, 'UNBOUNDED FOLLOWING')
  const [by] = order
  const text = (offset: number | Distance | null, unbounded: string) =>
    offset !== null && typeof offset === 'object'
      ? distanceText(offset, by && typed.get(by.value)?.type, print, typed)
      : bound(offset, unbounded)
  return between(frame.unit.toUpperCase(), text(frame.from, first), text(frame.to, 'UNBOUNDED FOLLOWING'))
}

/** A distance that Spark casts to the type of the key is one that follows. */
function distanceText(
  { value, following }: Distance,
  type: Operand['type'] | undefined,
  print: Print,
  typed: TypedSyntax,
): string {
  const own = typed.get(value)?.type
  const isCast = own !== undefined && type !== undefined && type !== 'date' && !isSameType(own, type)
  if (following) return `${print(value)} FOLLOWING`
  return isCast ? `(- ${print(value)}) FOLLOWING` : `${print(value)} PRECEDING`
}

function isSameType(a: Operand['type'], b: Operand['type']): boolean {
  return a === b || (a !== 'void' && b !== 'void' && sameType(a, b))
}

function bound(offset: number | null, unbounded: string): string {
  if (offset === null) return unbounded
  if (offset === 0) return 'CURRENT ROW'
  return offset < 0 ? `${-offset} PRECEDING` : `${offset} FOLLOWING`
}
