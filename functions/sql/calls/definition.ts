import type { Expr } from '../expr.ts'
import type { PrimitiveType, Value } from '../types.ts'

/** An expression over one row's values, by slot. */
export type Evaluate = (values: readonly Value[]) => Value

/** A lambda of a call: for one row's values what takes the arguments of its parameters. */
export type Bind = (values: readonly Value[]) => (...args: Value[]) => Value

/** A call of the compiled query. */
export type Call = Extract<Expr, { op: 'call' }>

/**
 * When a result is NULL.
 * - `any`: exactly if an argument is NULL.
 * - `fails`: if an argument is NULL, or if there is no result (text that is not a date, a division by 0).
 * - `all`: only if all arguments are NULL.
 * - `never`.
 * - `own`: as its documentation says.
 */
export type NullRule = 'any' | 'fails' | 'all' | 'never' | 'own'

/**
 * What a function takes, as a list: types (an argument of another type is cast, where Spark casts) and these kinds.
 * - `any`: any type; `plain`: any type that is not nested; `only` and a type: that type alone, nothing is cast to it
 * - `number`; `whole`: a whole number; `bits`: that or a boolean; `index`: a whole number, as an int; `days`: one of at most
 *   32 bits; `seconds`: a decimal(16,6)
 * - `text`: a string, not binary; what has an `or` keeps its own type of those
 * - `constant` and a type, or `pattern` (a regular expression), `like`, `format`, `parse format`, `unit`, `date unit`,
 *   `difference unit`, `charset`, `picture` (of a number) and `binary form`: constants, checked when the query is compiled
 * - `array`, `map`, `element` (of the array or map before it) and `lambda`, which typing/nested.ts and lambdas.ts type
 *
 * A `?` after it says that it may be left out, a `*` that there may be any number of them.
 */
type CheckedParameters<P extends string> = P extends `${infer Head}, ${infer Tail}`
  ? Head extends Parameter
    ? [CheckedParameters<Tail>] extends [never]
      ? never
      : P
    : never
  : P extends Parameter | ''
    ? P
    : never
type Parameter = `${Kind | `${'constant' | 'only'} ${Kind}`}${'' | '?' | '*'}`
type Kind = keyof Values | 'any' | 'number' | 'element' | 'lambda'

/** The type of the result, or the rule of typing/functions.ts, typing/operators.ts or typing/nested.ts that finds it. */
export type Result = PrimitiveType | 'array<string>' | 'map<string,string>' | ResultRule
type ResultRule =
  | 'wider'
  | 'wider without text'
  | 'wider of branches'
  | 'same'
  | 'length'
  | 'round'
  | 'floor'
  | 'sum'
  | 'product'
  | 'division'
  | 'remainder'
  | 'bits'
  | 'float or double'
  | 'seconds'
  | 'picture'
  | 'array'
  | 'map'
  | 'struct'
  | 'element'

/** One function or operator: the table that types, evaluates and documents it. */
export interface Definition {
  /** Lower case, the compiled query's name first, then the other names it can be called by. */
  readonly names: readonly string[]
  readonly parameters: string
  readonly result: Result
  readonly nulls: NullRule
  /** Turns the evaluated arguments into the evaluated call. Lambdas are not among its arguments, but apart. */
  readonly build: (args: readonly Evaluate[], call: Call, lambdas: readonly Bind[]) => Evaluate
}

/** The JavaScript side of a parameter's type. */
interface Values {
  string: string
  plain: Value
  /** All but maps. */
  hashable: Value
  /** A string, or an array of strings. */
  'string or array': string | readonly Value[]
  text: string
  pattern: string
  like: string
  format: string
  'parse format': string
  unit: string
  'date unit': string
  charset: string
  picture: string
  'binary form': string
  /** The unscaled value. */
  decimal: bigint
  'difference unit': string
  binary: Uint8Array
  'string or binary': string | Uint8Array
  'bigint or bytes': bigint | string | Uint8Array
  whole: number | bigint
  bits: number | bigint | boolean
  'int or bigint': number | bigint
  'float or double': number
  /** decimal(16,6), as its unscaled value: microseconds. */
  seconds: bigint
  int: number
  days: number
  index: number
  double: number
  date: number
  boolean: boolean
  bigint: bigint
  timestamp: bigint
  array: readonly Value[]
  /** The entries, each as [key, value]. */
  map: readonly Value[]
}

type Word<P extends string> = P extends `${'constant' | 'only'} ${infer Rest}`
  ? Word<Rest>
  : P extends `${infer Head}?`
    ? Head
    : P
type Argument<P extends string> = Word<P> extends keyof Values ? Values[Word<P>] : Value
type Arguments<P extends string> = P extends `${infer Head}, ${infer Tail}`
  ? [Argument<Head>, ...Arguments<Tail>]
  : [Argument<P>]

type AnyFunction = (...args: Value[]) => Value

/** Defines a function whose parameters' types are inferred from their text; a missing optional argument is undefined. */
type Define = <const P extends string>(
  names: string,
  parameters: P & CheckedParameters<P>,
  result: Result,
  implement: (...args: Arguments<P>) => Value,
) => Definition

/** As Define, for an implementation that depends on the call's types or constants. */
type DefineFor = <const P extends string>(
  names: string,
  parameters: P & CheckedParameters<P>,
  result: Result,
  prepare: (call: Call) => (...args: Arguments<P>) => Value,
) => Definition

/** A function that is NULL exactly if an argument is: `implement` sees no NULL. */
export const strict: Define = (names, parameters, result, implement) =>
  guarded(names, parameters, result, 'any', () => implement)

/** As strict, for an implementation that depends on the call's types or constants. */
export const strictFor: DefineFor = (names, parameters, result, prepare) =>
  guarded(names, parameters, result, 'any', prepare)

/** As strict, but also NULL where some arguments have no result. */
export const partial: Define = (names, parameters, result, implement) =>
  guarded(names, parameters, result, 'fails', () => implement)

/** As partial, for an implementation that depends on the call's types or constants. */
export const partialFor: DefineFor = (names, parameters, result, prepare) =>
  guarded(names, parameters, result, 'fails', prepare)

function guarded<A extends readonly unknown[]>(
  names: string,
  parameters: string,
  result: Result,
  nulls: NullRule,
  prepare: (call: Call) => (...args: A) => Value,
): Definition {
  // The compiler has cast every argument to the type that `parameters` names; that is what Arguments<P> says.
  const build: Definition['build'] = (args, call) => guard(args, prepare(call) as unknown as AnyFunction)
  return { names: names.split(' '), parameters, result, nulls, build }
}

function guard(args: readonly Evaluate[], implement: AnyFunction): Evaluate {
  const [first, second] = args
  if (!first) return () => implement()
  if (!second) {
    return values => {
      const a = first(values)
      return a === null ? null : implement(a)
    }
  }
  if (args.length === 2) {
    return values => {
      const a = first(values)
      if (a === null) return null
      const b = second(values)
      return b === null ? null : implement(a, b)
    }
  }
  return values => {
    const row: Value[] = []
    for (const arg of args) {
      const value = arg(values)
      if (value === null) return null
      row.push(value)
    }
    return implement(...row)
  }
}

type OrNull<T extends readonly unknown[]> = { [I in keyof T]: T[I] | null }

/** A function whose implementation sees NULLs too. */
export function withNulls<const P extends string>(
  names: string,
  parameters: P & CheckedParameters<P>,
  result: Result,
  nulls: NullRule,
  implement: (...args: OrNull<Arguments<P>>) => Value,
): Definition {
  const run = implement as unknown as AnyFunction // as for strict
  const build: Definition['build'] = args => {
    const [first, second] = args
    if (first && !second) return values => run(first(values))
    if (first && second && args.length === 2) return values => run(first(values), second(values))
    return values => run(...args.map(arg => arg(values)))
  }
  return { names: names.split(' '), parameters, result, nulls, build }
}

/** A function that evaluates its arguments itself. */
export function lazy<const P extends string>(
  names: string,
  parameters: P & CheckedParameters<P>,
  result: Result,
  nulls: NullRule,
  build: Definition['build'],
): Definition {
  return { names: names.split(' '), parameters, result, nulls, build }
}

/** The text of a constant argument; '' if it is left out. The compiler has made sure that it is a constant. */
export function constantText({ args }: Call, at: number): string {
  const arg = args[at]
  return arg?.op === 'literal' ? String(arg.value) : ''
}
