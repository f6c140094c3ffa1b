import { isInteger } from '../evaluate/integer.ts'
import type { Expr } from '../expr.ts'
import { decodeLiteral, encodeLiteral } from '../literal.ts'
import type { AggregateName, RankingName } from '../static-plan.ts'
import { printType } from '../type-text.ts'
import { decimalOf, isNested, type SqlType } from '../types.ts'
import { isNumber } from './common-type.ts'
import { boundedDecimal } from './decimal-type.ts'
import { makeCall } from './make-call.ts'
import { castOperand, NULL, type Operand } from './operand.ts'

/** The arguments as they are gathered, and the type of the result. */
type TypedGathering =
  | {
      readonly args: readonly Expr[]
      readonly type: SqlType
      readonly ignoreNulls: boolean
    }
  | { readonly wrong: string }

/** Types an aggregate as Spark 3.5 does (the classes of org.apache.spark.sql.catalyst.expressions.aggregate). */
export function typeAggregate(name: AggregateName, operands: readonly Operand[], ignoreNulls: boolean): TypedGathering {
  const [least, most, type] = AGGREGATES[name]
  if (operands.length < least || operands.length > most) {
    const takes = most === Infinity ? `at least ${least}` : least === most ? `${least}` : `${least} or ${most}`
    return { wrong: `takes ${takes} argument${takes === '1' ? '' : 's'}, not ${operands.length}` }
  }
  return type(operands, ignoreNulls)
}

type Rule = (operands: readonly Operand[], ignoreNulls: boolean) => TypedGathering

/** The fewest and the most arguments, and how the call is typed. */
const AGGREGATES: Readonly<Record<AggregateName, readonly [least: number, most: number, type: Rule]>> = {
  count: [0, Infinity, operands => gathered(castEach(operands), 'bigint')],
  count_if: [1, 1, ([value]) => ofBoolean(value, 'bigint')],
  bool_and: [1, 1, ([value]) => ofBoolean(value, 'boolean')],
  bool_or: [1, 1, ([value]) => ofBoolean(value, 'boolean')],
  sum: [1, 1, sum],
  try_sum: [1, 1, sum],
  avg: [1, 1, average],
  stddev_samp: [1, 1, ofDoubles],
  stddev_pop: [1, 1, ofDoubles],
  var_samp: [1, 1, ofDoubles],
  var_pop: [1, 1, ofDoubles],
  skewness: [1, 1, ofDoubles],
  kurtosis: [1, 1, ofDoubles],
  corr: [2, 2, ofDoubles],
  covar_pop: [2, 2, ofDoubles],
  covar_samp: [2, 2, ofDoubles],
  regr_r2: [2, 2, ofDoubles],
  regr_slope: [2, 2, ofDoubles],
  regr_intercept: [2, 2, ofDoubles],
  regr_sxx: [2, 2, ofDoubles],
  regr_sxy: [2, 2, ofDoubles],
  regr_syy: [2, 2, ofDoubles],
  percentile: [2, 3, percentile],
  percentile_disc: [2, 3, percentile],
  bit_and: [1, 1, bits],
  bit_or: [1, 1, bits],
  bit_xor: [1, 1, bits],
  mode: [1, 1, alike],
  first: [1, 2, firstOrLast],
  last: [1, 2, firstOrLast],
  min: [1, 1, extreme],
  max: [1, 1, extreme],
  max_by: [2, 2, by],
  min_by: [2, 2, by],
  collect_list: [1, 1, collected],
  collect_set: [1, 1, collected],
}

function gathered(args: readonly (Expr | null)[], type: SqlType, ignoreNulls = false): TypedGathering {
  const exprs = args.filter(arg => arg !== null)
  return exprs.length === args.length
    ? { args: exprs, type, ignoreNulls }
    : { wrong: 'takes no such argument; cast it' }
}

/** A bare NULL is a text where any type would do. */
function castEach(operands: readonly Operand[]): (Expr | null)[] {
  return operands.map(operand => castOperand(operand, operand.op === 'null' ? 'string' : operand.type))
}

function ofBoolean(value: Operand | undefined = NULL, type: SqlType): TypedGathering {
  if (value.type !== 'boolean' && value.type !== 'void')
    return { wrong: `needs a boolean, not ${printType(value.type)}` }
  return gathered([castOperand(value, 'boolean')], type)
}

/**
 * The arguments of what has another name, or a form, that gives it other arguments: of REGR_AVGX and REGR_AVGY one where the
 * other is there, of WITHIN GROUP the value before the percentage.
 */
export function gatheredOperands(
  word: string,
  operands: readonly Operand[],
  within: Operand | null,
): readonly Operand[] | { readonly wrong: string } {
  const lower = word.toLowerCase()
  const isOrdered = lower === 'percentile_cont' || lower === 'percentile_disc'
  if (isOrdered !== (within !== null))
    return { wrong: isOrdered ? 'needs WITHIN GROUP (ORDER BY …) after it' : 'takes no WITHIN GROUP' }
  if (within) return operands.length === 1 ? [within, ...operands] : { wrong: 'takes one argument, the percentage' }
  if (lower === 'median') return operands.length === 1 ? [...operands, HALF] : { wrong: 'takes one argument' }
  if (!/^regr_(count|avgx|avgy)$/.test(lower)) return operands
  const [y, x] = operands.map(operand => castOperand(operand, 'double'))
  if (!x || !y || operands.length !== 2) return { wrong: 'takes two numbers' }
  if (lower === 'regr_count') return [y, x]
  const [value, other] = lower === 'regr_avgx' ? [x, y] : [y, x]
  return [makeCall('if', [makeCall('isnotnull', [other], 'boolean'), value, encodeLiteral(null, 'double')], 'double')]
}

function ofDoubles(operands: readonly Operand[]): TypedGathering {
  const other = operands.find(({ type }) => !isNumber(type) && type !== 'string' && type !== 'void')
  return other
    ? { wrong: `needs a number, not ${printType(other.type)}; cast it` }
    : gathered(
        operands.map(operand => castOperand(operand, 'double')),
        'double',
      )
}

const HALF: Expr = { op: 'literal', value: 0.5, type: 'double' }
const ONE: Expr = { op: 'literal', value: 1, type: 'int' }

/** A number, constant percentages from 0 to 1, and how often a row counts. */
function percentile([value = NULL, percentages = NULL, frequency]: readonly Operand[]): TypedGathering {
  const isList = percentages.op === 'literal' && isNested(percentages.type) && percentages.type.kind === 'array'
  const type: SqlType = isList ? { kind: 'array', element: 'double' } : 'double'
  const typed = castOperand(percentages, type)
  const constant = typed?.op === 'literal' ? decodeLiteral(typed) : null
  const list = Array.isArray(constant) ? constant : [constant]
  if (!list.every(each => typeof each === 'number' && each >= 0 && each <= 1))
    return { wrong: 'takes a constant from 0 to 1, or an array of them, after the value' }
  if (frequency && !isInteger(frequency.type)) return { wrong: 'takes a whole number as the frequency' }
  const doubles = ofDoubles([value])
  return 'wrong' in doubles
    ? doubles
    : gathered([...doubles.args, typed, frequency ? castOperand(frequency, 'bigint') : ONE], type)
}

function sum([value = NULL]: readonly Operand[]): TypedGathering {
  const decimal = decimalOf(value.type)
  if (decimal) return gathered(castEach([value]), boundedDecimal(decimal.precision + 10, decimal.scale))
  return isInteger(value.type) ? gathered([castOperand(value, 'bigint')], 'bigint') : ofDoubles([value])
}

function average([value = NULL]: readonly Operand[]): TypedGathering {
  const decimal = decimalOf(value.type)
  if (!decimal) return ofDoubles([value])
  return gathered(castEach([value]), boundedDecimal(decimal.precision + 4, decimal.scale + 4))
}

function bits([value = NULL]: readonly Operand[]): TypedGathering {
  if (value.op === 'null') return gathered([castOperand(value, 'bigint')], 'bigint')
  return isInteger(value.type) ? alike([value]) : { wrong: `needs a whole number, not ${printType(value.type)}` }
}

/** An aggregate of its argument's type. */
function alike([value = NULL]: readonly Operand[], ignoreNulls = false): TypedGathering {
  if (value.op === 'null') return { wrong: 'of NULL has no type; cast it' }
  return gathered([value], value.type, ignoreNulls)
}

/** `first(value, TRUE)`: the second argument says whether NULLs are skipped. */
function firstOrLast([value = NULL, flag]: readonly Operand[], ignoreNulls: boolean): TypedGathering {
  if (!flag) return alike([value], ignoreNulls)
  if (flag.op !== 'literal' || flag.type !== 'boolean') return { wrong: 'takes TRUE or FALSE as its second argument' }
  return alike([value], flag.value === true)
}

function extreme([value = NULL]: readonly Operand[]): TypedGathering {
  return isNested(value.type) ? { wrong: `can't order ${printType(value.type)}` } : alike([value])
}

function by([value = NULL, order = NULL]: readonly Operand[]): TypedGathering {
  if (isNested(order.type)) return { wrong: `can't order ${printType(order.type)}` }
  const typed = alike([value])
  return 'wrong' in typed ? typed : gathered([...typed.args, ...castEach([order])], typed.type)
}

function collected([value = NULL]: readonly Operand[]): TypedGathering {
  const typed = alike([value])
  return 'wrong' in typed ? typed : { ...typed, type: { kind: 'array', element: typed.type } }
}

/** Types a window function that is not an aggregate. */
export function typeRanking(name: RankingName, operands: readonly Operand[], ignoreNulls: boolean): TypedGathering {
  const [value = NULL, count, otherwise] = operands
  switch (name) {
    case 'percent_rank':
    case 'cume_dist':
      return operands.length === 0 ? gathered([], 'double') : { wrong: 'takes no arguments' }
    case 'row_number':
    case 'rank':
    case 'dense_rank':
      return operands.length === 0 ? gathered([], 'int') : { wrong: 'takes no arguments' }
    case 'ntile':
      if (operands.length > 1) return { wrong: 'takes one argument' }
      return operands.length === 1 && wholeNumber(value) < 1
        ? { wrong: 'needs a whole number above 0, which is the same for all rows' }
        : gathered(operands.length === 0 ? [] : [castOperand(value, 'int')], 'int')
    case 'nth_value':
      if (operands.length !== 2 || !count || wholeNumber(count) < 1)
        return { wrong: 'takes a value and a whole number above 0, which is the same for all rows' }
      return value.op === 'null'
        ? alike([value])
        : gathered([value, castOperand(count, 'int')], value.type, ignoreNulls)
    case 'lag':
    case 'lead': {
      if (operands.length < 1 || operands.length > 3) return { wrong: 'takes 1 to 3 arguments' }
      if (value.op === 'null') return alike([value])
      if (count && Number.isNaN(wholeNumber(count)))
        return { wrong: 'needs a whole number as its second argument, which is the same for all rows' }
      const offset = count ? castOperand(count, 'int') : ONE
      return gathered([value, offset, castOperand(otherwise ?? NULL, value.type)], value.type, ignoreNulls)
    }
  }
}

/** The value of a constant whole number, NaN for all else. */
function wholeNumber(operand: Operand): number {
  return operand.op === 'literal' && isInteger(operand.type) && operand.value !== null
    ? Number(operand.value)
    : Number.NaN
}
