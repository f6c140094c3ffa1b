import type { Syntax } from '../parse/syntax.ts'
import { type Context, fail } from './context.ts'

/*
 * The calls that look at several rows. They have a meaning where all rows are known, which is in a query over static
 * tables alone.
 */

const AGGREGATES: ReadonlySet<string> = new Set(
  `count count_if sum avg mean min max min_by max_by first first_value last last_value any_value collect_list
  collect_set array_agg approx_count_distinct approx_percentile percentile percentile_approx median mode stddev
  stddev_pop stddev_samp std variance var_pop var_samp corr covar_pop covar_samp skewness kurtosis bool_and
  bool_or every some any bit_and bit_or grouping grouping_id bitmap_construct_agg bitmap_or_agg bit_xor
  count_min_sketch histogram_numeric hll_sketch_agg hll_union_agg percentile_cont percentile_disc regr_avgx regr_avgy regr_count regr_intercept
  regr_r2 regr_slope regr_sxx regr_sxy regr_syy try_avg try_sum`.split(/\s+/),
)
const WINDOW_FUNCTIONS: ReadonlySet<string> = new Set(
  `row_number rank dense_rank percent_rank cume_dist ntile lag lead nth_value`.split(/\s+/),
)

/** Why a stream has no aggregates, windows and the like. */
export const APPENDED = 'silver is appended batch by batch'
/** How to have them all the same. */
export const GOLD = 'over silver.reviews in Athena'

type CallSyntax = Extract<Syntax, { kind: 'call' }>

/** Whether a call is an aggregate, a window function or has their forms. */
export function isGathering({ name, form, operator }: CallSyntax): boolean {
  const word = name.text.toLowerCase()
  return !operator && (form !== undefined || AGGREGATES.has(word) || WINDOW_FUNCTIONS.has(word))
}

/** Refuses an aggregate or window function of the stream, with the reason. */
export function failGathering({ name, form, at }: CallSyntax, context: Pick<Context, 'sql'>): never {
  const word = name.text.toUpperCase()
  if (form?.over && !AGGREGATES.has(word.toLowerCase()) && !WINDOW_FUNCTIONS.has(word.toLowerCase()))
    fail(context, `${word} is no window function, and OVER belongs to one`, form.at)
  if (form?.over || WINDOW_FUNCTIONS.has(word.toLowerCase())) {
    fail(
      context,
      `the window function ${word} is not possible: ${APPENDED}, and later rows could change a window; use it ${GOLD}`,
      at,
    )
  }
  if (!AGGREGATES.has(word.toLowerCase()))
    fail(context, `${word} is no aggregate, and DISTINCT, FILTER, IGNORE NULLS and * belong to one`, form?.at ?? at)
  return fail(
    context,
    `the aggregate ${word} is not possible: ${APPENDED}, and an aggregate of a batch could still change with the next; aggregate silver.reviews in Athena`,
    at,
  )
}
