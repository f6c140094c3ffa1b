import { definitionOf } from '../calls/table.ts'
import type { Expr, Lambda } from '../expr.ts'
import type { CallSyntax, Name, Syntax } from '../parse/syntax.ts'
import { printType } from '../type-text.ts'
import { type SqlType, sameType } from '../types.ts'
import { fieldOf } from './access.ts'
import { type Context, fail, type TypePart } from './context.ts'
import { countText } from './functions.ts'
import { makeCall } from './make-call.ts'
import { type ArrayType, arrayOf, arrayType, commonType, type MapType, mapOf, mapType } from './nested-operands.ts'
import { castOperand, type Operand } from './operand.ts'
import { arity, parseParameters } from './parameters.ts'

/** A call with lambdas while it is typed: what its parts are. Each throws InvalidQuery for a part that does not fit. */
interface Parts {
  readonly name: string
  array(at: number): { readonly expr: Expr; readonly type: ArrayType }
  map(at: number): { readonly expr: Expr; readonly type: MapType }
  value(at: number): Expr
  has(at: number): boolean
  /** A lambda of the first parameters of these types, `least` at least, whose body has the type `wanted`, or any. */
  lambda(at: number, types: readonly SqlType[], wanted?: SqlType, least?: number): Lambda
  readonly fail: (message: string, at: number) => never
}

/** How calls of the functions that take lambdas are typed. */
const HIGHER: Readonly<Record<string, (parts: Parts) => Expr>> = {
  transform: ({ name, array, lambda }) => {
    const { expr, type } = array(0)
    const body = lambda(1, [type.element, 'int'])
    return makeCall(name, [expr, body], arrayOf(body.type))
  },
  filter: ({ name, array, lambda }) => {
    const { expr, type } = array(0)
    return makeCall(name, [expr, lambda(1, [type.element, 'int'], 'boolean')], type)
  },
  exists: predicate,
  forall: predicate,
  aggregate: aggregate,
  reduce: aggregate,
  array_sort: ({ array, lambda }) => {
    const { expr, type } = array(0)
    return makeCall('array-sort-by', [expr, lambda(1, [type.element, type.element], 'int', 2)], type)
  },
  zip_with: ({ name, array, lambda }) => {
    const [left, right] = [array(0), array(1)]
    const body = lambda(2, [left.type.element, right.type.element], undefined, 2)
    return makeCall(name, [left.expr, right.expr, body], arrayOf(body.type))
  },
  map_filter: ({ name, map, lambda }) => {
    const { expr, type } = map(0)
    return makeCall(name, [expr, lambda(1, [type.key, type.value], 'boolean', 2)], type)
  },
  transform_keys: ({ name, map, lambda }) => {
    const { expr, type } = map(0)
    const body = lambda(1, [type.key, type.value], undefined, 2)
    return makeCall(name, [expr, body], mapOf(body.type, type.value))
  },
  transform_values: ({ name, map, lambda }) => {
    const { expr, type } = map(0)
    const body = lambda(1, [type.key, type.value], undefined, 2)
    return makeCall(name, [expr, body], mapOf(type.key, body.type))
  },
  map_zip_with: ({ name, map, lambda, fail }) => {
    const [left, right] = [map(0), map(1)]
    const key = commonType([left.type.key, right.type.key], false)
    const cast = ({ expr, type }: typeof left) =>
      (key && castOperand(expr, mapOf(key, type.value))) ?? fail('the keys of the maps have no common type', 1)
    const args = [cast(left), cast(right)]
    const body = lambda(2, [key ?? 'string', left.type.value, right.type.value], undefined, 3)
    return makeCall(name, [...args, body], mapOf(key ?? 'string', body.type))
  },
}

function predicate({ name, array, lambda }: Parts): Expr {
  const { expr, type } = array(0)
  return makeCall(name, [expr, lambda(1, [type.element], 'boolean')], 'boolean')
}

/** The result has the type of the start: Spark casts neither to the other. */
function aggregate({ array, value, has, lambda, fail }: Parts): Expr {
  const { expr, type } = array(0)
  const start = value(1)
  const merge = lambda(2, [start.type, type.element], undefined, 2)
  if (!sameType(merge.type, start.type))
    fail(`the lambda gives ${printType(merge.type)} and the start is ${printType(start.type)}; cast the start`, 2)
  const finish = has(3) ? [lambda(3, [start.type])] : []
  return makeCall('aggregate', [expr, start, merge, ...finish], finish[0]?.type ?? start.type)
}

/** Types the call of a function that takes lambdas; null for one that takes none. Throws InvalidQuery. */
export function typeHigher(syntax: CallSyntax, context: Context, type: TypePart): Operand | null {
  const name = syntax.name.text.toLowerCase()
  const rule = !syntax.operator && Object.hasOwn(HIGHER, name) ? HIGHER[name] : undefined
  const isLambda = syntax.args.some(arg => arg.kind === 'lambda')
  if (!rule || (name === 'array_sort' && !isLambda)) return null
  const [least, most] = arity(parseParameters(definitionOf(name)?.parameters ?? ''))
  const word = name.toUpperCase()
  if (syntax.args.length < least || syntax.args.length > most)
    return fail(context, `${word} takes ${countText(least, most)}, not ${syntax.args.length}`, syntax.at)
  const wrong = (message: string, at: number): never =>
    fail(context, `${word}: ${message}`, (syntax.args[at] ?? syntax).at)
  const of = <T extends SqlType>(at: number, found: (operand: Operand) => T | null, what: string) => {
    const arg = syntax.args[at]
    const operand = arg && type(arg)
    const nested = operand && found(operand)
    const expr = nested && castOperand(operand, nested)
    return expr ? { expr, type: nested } : wrong(`expected ${what}, not ${printType(operand?.type ?? 'void')}`, at)
  }
  return rule({
    name,
    array: at => of(at, arrayType, 'an array'),
    map: at => of(at, mapType, 'a map'),
    value: at => {
      const arg = syntax.args[at]
      const operand = arg && type(arg)
      const expr = operand && castOperand(operand, operand.type === 'void' ? 'string' : operand.type)
      return expr ?? wrong('a value is missing', at)
    },
    has: at => syntax.args[at] !== undefined,
    lambda: (at, types, wanted, fewest = 1) => {
      const arg = syntax.args[at]
      if (arg?.kind !== 'lambda') return wrong(`expected a lambda, such as x -> x IS NOT NULL`, at)
      const { length } = arg.parameters
      if (length < fewest || length > types.length)
        return wrong(
          `the lambda takes ${countText(fewest, types.length).replace('argument', 'parameter')}, not ${length}`,
          at,
        )
      const lambda = typeLambda(arg.parameters, arg.body, types, context, type)
      const body = wanted ? castOperand(lambda.body, wanted) : lambda.body
      if (wanted && (!body || !sameType(lambda.type, wanted)))
        return wrong(`the lambda must give ${wanted}, not ${printType(lambda.type)}`, at)
      return body ? { ...lambda, body, type: body.type } : lambda
    },
    fail: wrong,
  })
}

function typeLambda(
  parameters: readonly Name[],
  body: Syntax,
  types: readonly SqlType[],
  context: Context,
  type: TypePart,
): Lambda {
  const lower = parameters.map(({ text }) => text.toLowerCase())
  const twin = parameters.find(({ text }, i) => lower.indexOf(text.toLowerCase()) !== i)
  if (twin) return fail(context, `the lambda has two parameters ${twin.text}`, twin.at)
  const depth = context.variables ?? 0
  const names = parameters.map(({ text }, i) => `${text}#${depth + i}`)
  const inner: Context = {
    ...context,
    variables: depth + parameters.length,
    resolve: parts => {
      const [first, ...rest] = parts
      const at = first ? lower.indexOf(first.text.toLowerCase()) : -1
      const [name, of] = [names[at], types[at]]
      if (name === undefined || of === undefined) return context.resolve(parts)
      return rest.reduce<Operand>((operand, part) => fieldOf(operand, part, context), {
        op: 'variable',
        name,
        type: of,
      })
    },
  }
  const operand = type(body, inner)
  const expr = castOperand(operand, operand.type === 'void' ? 'string' : operand.type)
  if (!expr) throw new RangeError('a value can be cast to its own type')
  return { op: 'lambda', parameters: names, body: expr, type: expr.type }
}
