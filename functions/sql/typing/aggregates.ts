import { isInteger } from '../evaluate/integer.ts'
import type { Expr } from '../expr.ts'
import { decodeLiteral, encodeLiteral } from '../literal.ts'
import { AGGREGATE_NAMES, type AggregateName, RANKING_NAMES, type RankingName } from '../static-plan.ts'
import { printType } from '../type-text.ts'
import { decimalOf, isNested, type SqlType } from '../types.ts'
import { isNumber } from './common-type.ts'
import { boundedDecimal } from './decimal-type.ts'
import { makeCall } from './make-call.ts'
import { castOperand, NULL, type Operand } from './operand.ts'

/** The canonical name of an aggregate or window function that is there, by any name it can be called by. */
export function gatheringName(name: string): AggregateName | RankingName | null {
  const lower = name.toLowerCase()
  const canonical = Object.hasOwn(SYNONYMS, lower) ? SYNONYMS[lower] : lower
  return [...AGGREGATE_NAMES, ...RANKING_NAMES].find(known => known === canonical) ?? null
}

const SYNONYMS: Readonly<Record<string, AggregateName>> = {
  mean: 'avg',
  any_value: 'first',
  first_value: 'first',
  last_value: 'last',
  every: 'bool_and',
  some: 'bool_or',
  any: 'bool_or',
  std: 'stddev_samp',
  stddev: 'stddev_samp',
  variance: 'var_samp',
  try_avg: 'avg',
  percentile_cont: 'percentile',
  median: 'percentile',
  regr_count: 'count',
  regr_avgx: 'avg',
  regr_avgy: 'avg',
  array_agg: 'collect_list',
}

export function isRanking(name: AggregateName | RankingName): name is RankingName {
  return RANKING_NAMES.some(known => known === name)
}

/** The arguments as they are gathered, and the type of the result. */
export type TypedGathering =
  | {
      readonly args: readonly Expr[]
      readonly type: SqlType
      readonly ignoreNulls: boolean
    }
  | { readonly wrong: string }

/** Types an aggregate as Spark 3.5 does (the classes of org.apache.spark.sql.catalyst.expressions.aggregate). */
export function typeAggregate(name: AggregateName, operands: readonly Operand[], ignoreNulls: boolean): TypedGathering {
  const [least, most] = ARITY[name] ?? [1, 1]
  if (operands.length < least || operands.length > most) {
    const takes = most === Infinity ? `at least ${least}` : least === most ? `${least}` : `${least} or ${most}`
    return { wrong: `takes ${takes} argument${takes === '1' ? '' : 's'}, not ${operands.length}` }
  }
  const [first = NULL, second] = operands
  switch (name) {
    case 'count':
      return gathered(castEach(operands), 'bigint')
    case 'count_if':
      return booleans(first, 'bigint')
    case 'bool_and':
    case 'bool_or':
      return booleans(first, 'boolean')
    case 'sum':
    case 'try_sum':
    case 'avg':
      return numeric(name, first)
    case 'stddev_samp':
    case 'stddev_pop':
    case 'var_samp':
    case 'var_pop':
    case 'skewness':
    case 'kurtosis':
    case 'corr':
    case 'covar_pop':
    case 'covar_samp':
    case 'regr_r2':
    case 'regr_slope':
    case 'regr_intercept':
    case 'regr_sxx':
    case 'regr_sxy':
    case 'regr_syy':
      return ofDoubles(operands)
    case 'percentile':
    case 'percentile_disc':
      return percentile(operands)
    case 'bit_and':
    case 'bit_or':
    case 'bit_xor':
      if (first.op === 'null') return gathered([castOperand(first, 'bigint')], 'bigint')
      return isInteger(first.type) ? alike(first) : { wrong: `needs a whole number, not ${printType(first.type)}` }
    case 'mode':
      return alike(first)
    case 'first':
    case 'last':
      return second ? withFlag(first, second) : alike(first, ignoreNulls)
    case 'min':
    case 'max':
      return isNested(first.type) ? unordered(first) : alike(first)
    case 'max_by':
    case 'min_by':
      return second && isNested(second.type) ? unordered(second) : by(first, second ?? NULL)
    case 'collect_list':
    case 'collect_set': {
      const typed = alike(first)
      return 'wrong' in typed ? typed : { ...typed, type: { kind: 'array', element: typed.type } }
    }
  }
}

const ARITY: Partial<Record<AggregateName, readonly [number, number]>> = {
  count: [0, Infinity],
  first: [1, 2],
  last: [1, 2],
  max_by: [2, 2],
  min_by: [2, 2],
  corr: [2, 2],
  covar_pop: [2, 2],
  covar_samp: [2, 2],
  regr_r2: [2, 2],
  regr_slope: [2, 2],
  regr_intercept: [2, 2],
  regr_sxx: [2, 2],
  regr_sxy: [2, 2],
  regr_syy: [2, 2],
  percentile: [2, 3],
  percentile_disc: [2, 3],
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

function booleans(value: Operand, type: SqlType): TypedGathering {
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
    return { wrong: isOrdered ? 'needs WITHIN GROUP (ORDER BY …) behind it' : 'takes no WITHIN GROUP' }
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
    ? needsNumber(other)
    : gathered(
        operands.map(operand => castOperand(operand, 'double')),
        'double',
      )
}

const HALF: Expr = { op: 'literal', value: 0.5, type: 'double' }
const ONCE: Expr = { op: 'literal', value: 1, type: 'int' }

/** A number, constant percentages from 0 to 1, and how often a row counts. */
function percentile([value = NULL, percentages = NULL, frequency]: readonly Operand[]): TypedGathering {
  const isList = percentages.op === 'literal' && isNested(percentages.type) && percentages.type.kind === 'array'
  const type: SqlType = isList ? { kind: 'array', element: 'double' } : 'double'
  const typed = castOperand(percentages, type)
  const constant = typed?.op === 'literal' ? decodeLiteral(typed) : null
  const list = Array.isArray(constant) ? constant : [constant]
  if (!list.every(each => typeof each === 'number' && each >= 0 && each <= 1))
    return { wrong: 'takes a constant from 0 to 1, or an array of them, behind the value' }
  if (frequency && !isInteger(frequency.type)) return { wrong: 'takes a whole number as the frequency' }
  const doubles = ofDoubles([value])
  return 'wrong' in doubles
    ? doubles
    : gathered([...doubles.args, typed, frequency ? castOperand(frequency, 'bigint') : ONCE], type)
}

function numeric(name: 'sum' | 'try_sum' | 'avg', value: Operand): TypedGathering {
  const decimal = decimalOf(value.type === 'void' ? undefined : value.type)
  if (decimal) {
    const { precision, scale } = decimal
    const type = name !== 'avg' ? boundedDecimal(precision + 10, scale) : boundedDecimal(precision + 4, scale + 4)
    return gathered(castEach([value]), type)
  }
  if (name !== 'avg' && isInteger(value.type)) return gathered([castOperand(value, 'bigint')], 'bigint')
  if (!isNumber(value.type) && value.type !== 'string' && value.type !== 'void') return needsNumber(value)
  return gathered([castOperand(value, 'double')], 'double')
}

function needsNumber({ type }: Operand): TypedGathering {
  return { wrong: `needs a number, not ${printType(type)}; cast it` }
}

function unordered({ type }: Operand): TypedGathering {
  return { wrong: `can't order ${printType(type)}` }
}

function alike(value: Operand, ignoreNulls = false): TypedGathering {
  if (value.op === 'null') return { wrong: 'of NULL has no type; cast it' }
  return gathered([value], value.type, ignoreNulls)
}

/** `first(value, TRUE)`: the second argument says whether NULLs are passed over. */
function withFlag(value: Operand, flag: Operand): TypedGathering {
  if (flag.op !== 'literal' || flag.type !== 'boolean') return { wrong: 'takes TRUE or FALSE as its second argument' }
  return alike(value, flag.value === true)
}

function by(value: Operand, order: Operand): TypedGathering {
  if (value.op === 'null') return { wrong: 'of NULL has no type; cast it' }
  return gathered([value, ...castEach([order])], value.type)
}

/** Types a window function that is no aggregate. */
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
      return value.op === 'null' ? alike(value) : gathered([value, castOperand(count, 'int')], value.type, ignoreNulls)
    case 'lag':
    case 'lead': {
      if (operands.length < 1 || operands.length > 3) return { wrong: 'takes 1 to 3 arguments' }
      if (value.op === 'null') return alike(value)
      if (count && Number.isNaN(wholeNumber(count)))
        return { wrong: 'needs a whole number as its second argument, which is the same for all rows' }
      const offset = count ? castOperand(count, 'int') : { op: 'literal' as const, value: 1, type: 'int' as const }
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
