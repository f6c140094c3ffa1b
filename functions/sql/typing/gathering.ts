import type { CallSyntax } from '../parse/syntax.ts'
import { AGGREGATE_NAMES, type AggregateName, RANKING_NAMES, type RankingName } from '../static-plan.ts'
import { type Context, fail } from './context.ts'

/*
 * The calls that look at several rows. They have a meaning where all rows are known, which is in a query over static
 * tables alone.
 */

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

/** The aggregates of Spark that are not gathered by a name of their own. */
const OTHERS: ReadonlySet<string> = new Set(
  `approx_count_distinct approx_percentile percentile_approx grouping grouping_id bitmap_construct_agg bitmap_or_agg
  count_min_sketch histogram_numeric hll_sketch_agg hll_union_agg`.split(/\s+/),
)

export function isRanking(name: AggregateName | RankingName): name is RankingName {
  return RANKING_NAMES.some(known => known === name)
}

/** Why a stream can't have aggregates, windows and the like. */
export const APPENDED = 'silver is appended batch by batch'
/** Where to use them instead. */
export const GOLD = 'over silver.reviews in Athena'

/** Whether a call is an aggregate, a window function or has their forms. */
export function isGathering({ name, form, operator }: CallSyntax): boolean {
  const { text } = name
  return !operator && (form !== undefined || gatheringName(text) !== null || OTHERS.has(text.toLowerCase()))
}

/** Refuses an aggregate or window function of the stream, with the reason. */
export function failGathering({ name, form, at }: CallSyntax, context: Pick<Context, 'sql'>): never {
  const word = name.text.toUpperCase()
  const known = gatheringName(word)
  const isWindow = known !== null && isRanking(known)
  const isAggregate = (known !== null && !isWindow) || OTHERS.has(word.toLowerCase())
  if (form?.over && !isAggregate && !isWindow)
    fail(context, `${word} is not a window function, and OVER needs one`, form.at)
  if (form?.over || isWindow)
    fail(
      context,
      `the window function ${word} is not possible: ${APPENDED}, and later rows could change a window; use it ${GOLD}`,
      at,
    )
  if (!isAggregate)
    fail(context, `${word} is not an aggregate; DISTINCT, FILTER, IGNORE NULLS and * need one`, form?.at ?? at)
  return fail(
    context,
    `the aggregate ${word} is not possible: ${APPENDED}, and an aggregate of a batch could still change with the next; aggregate silver.reviews in Athena`,
    at,
  )
}
