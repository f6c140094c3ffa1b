import type { Expr } from './expr.ts'
import type { SqlType } from './types.ts'

/**
 * What a query over static tables alone comes to: a tree of operators, plain JSON, whose result becomes a dimension. Each
 * column that an operator makes has an id of its own in the whole tree, so that nothing ever has to be renamed;
 * expressions read columns of STATIC_VIEW by id. An operator gives all columns of its input and those it makes, except
 * where it is said otherwise; what nobody reads is not computed.
 */
export type StaticPlan =
  | { readonly op: 'scan'; readonly dimension: string; readonly columns: readonly ScanColumn[] }
  /** Rows as they are written; each cell is constant. */
  | { readonly op: 'values'; readonly columns: readonly PlanColumn[]; readonly rows: readonly (readonly Expr[])[] }
  | { readonly op: 'extend'; readonly input: StaticPlan; readonly columns: readonly ComputedColumn[] }
  /** The rows for which the condition is TRUE. */
  | { readonly op: 'filter'; readonly input: StaticPlan; readonly condition: Expr }
  /** One row for each distinct combination of the keys, one in all where there are none. Gives only keys and aggregates. */
  | {
      readonly op: 'aggregate'
      readonly input: StaticPlan
      readonly keys: readonly ComputedColumn[]
      readonly aggregates: readonly Aggregate[]
      /** Several groupings by some of the keys, one after the other. Absent for one by all of them. */
      readonly sets?: GroupingSets
    }
  | {
      readonly op: 'window'
      readonly input: StaticPlan
      readonly partition: readonly Expr[]
      readonly order: readonly PlanOrder[]
      readonly functions: readonly WindowFunction[]
    }
  /**
   * Several rows of one: one for each row of `rows`, a list of lists that hold the values of the columns; for a NULL in it one
   * of NULLs. `outer`: a row of which none is made is kept, with NULLs.
   */
  | {
      readonly op: 'generate'
      readonly input: StaticPlan
      readonly rows: Expr
      readonly columns: readonly PlanColumn[]
      readonly outer: boolean
    }
  | { readonly op: 'sort'; readonly input: StaticPlan; readonly order: readonly PlanOrder[]; readonly text: string }
  | { readonly op: 'limit'; readonly input: StaticPlan; readonly count: number | null; readonly offset: number }
  /** All rows of all inputs; column i of the result is column i of each input's list. Gives only these columns. */
  | {
      readonly op: 'union'
      readonly columns: readonly PlanColumn[]
      readonly inputs: readonly { readonly plan: StaticPlan; readonly columns: readonly string[] }[]
    }
  | StaticJoin
  /** The one row of a scalar subquery, with NULLs if there is none; several are an error. */
  | { readonly op: 'single'; readonly input: StaticPlan }

/** The others of the keys are NULL in the rows of a grouping. */
export interface GroupingSets {
  /** Each the places of its keys. */
  readonly groupings: readonly (readonly number[])[]
  /** The column of type bigint that says which keys a row's grouping lacks: a bit for each key, the last one's is 1. */
  readonly id: string
}

/** A plan whose column with id i of the list is the column i of a dimension. */
export interface DerivedPlan {
  readonly root: StaticPlan
  readonly ids: readonly string[]
}

/** `semi` and `anti` give only the columns of the left side. The other side's are NULL where nothing matches. */
export interface StaticJoin {
  readonly op: 'join'
  readonly kind: 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti'
  readonly left: StaticPlan
  readonly right: StaticPlan
  readonly keys: readonly StaticKey[]
  /** The rest of the condition, tested on each pair with equal keys. */
  readonly on: Expr | null
}

/** `left = right`, both of one type; `nullSafe`: NULL equals NULL (`<=>`). */
export interface StaticKey {
  readonly left: Expr
  readonly right: Expr
  readonly nullSafe: boolean
}

/** The view of the columns of a StaticPlan. */
export const STATIC_VIEW = 'static'

export interface PlanColumn {
  readonly id: string
  readonly type: SqlType
}

/** A column of the dimension, by its name there. */
export interface ScanColumn extends PlanColumn {
  readonly name: string
}

export interface ComputedColumn {
  readonly id: string
  readonly expr: Expr
}

export interface PlanOrder {
  readonly expr: Expr
  readonly descending: boolean
  readonly nullsFirst: boolean
}

/** The aggregates, by their first name in Spark. */
export const AGGREGATE_NAMES = [
  'count',
  'count_if',
  'sum',
  'avg',
  'min',
  'max',
  'first',
  'last',
  'max_by',
  'min_by',
  'bool_and',
  'bool_or',
  'stddev_samp',
  'stddev_pop',
  'var_samp',
  'var_pop',
  'skewness',
  'kurtosis',
  'corr',
  'covar_pop',
  'covar_samp',
  'regr_r2',
  'regr_slope',
  'regr_intercept',
  'regr_sxx',
  'regr_sxy',
  'regr_syy',
  'percentile',
  'percentile_disc',
  'mode',
  'bit_and',
  'bit_or',
  'bit_xor',
  'try_sum',
  'collect_list',
  'collect_set',
] as const
export type AggregateName = (typeof AGGREGATE_NAMES)[number]

export interface Aggregate extends PlanColumn {
  readonly name: AggregateName
  /** `count` of nothing counts rows; of several, those in which none is NULL. */
  readonly args: readonly Expr[]
  readonly distinct: boolean
  readonly ignoreNulls: boolean
  readonly filter: Expr | null
  /** As it stands in the query, for explanations. */
  readonly text: string
}

/** The functions that are not aggregates. */
export const RANKING_NAMES = [
  'row_number',
  'rank',
  'dense_rank',
  'percent_rank',
  'cume_dist',
  'ntile',
  'lag',
  'lead',
  'nth_value',
] as const
export type RankingName = (typeof RANKING_NAMES)[number]

export interface WindowFunction extends PlanColumn {
  readonly name: AggregateName | RankingName
  readonly args: readonly Expr[]
  readonly ignoreNulls: boolean
  readonly frame: WindowFrame
  readonly text: string
}

/**
 * `rows`, `range`: offsets from the current row, null for no bound; of a range, 0 is the current row with all that tie with
 * it. `values`: the rows whose `key`, by which the window is ordered, lies between two values.
 */
export type WindowFrame =
  | { readonly unit: 'rows' | 'range'; readonly from: number | null; readonly to: number | null }
  | { readonly unit: 'values'; readonly key: Expr; readonly from: Expr | null; readonly to: Expr | null }

/** The expressions of a frame. */
export function frameExprs(frame: WindowFrame): Expr[] {
  return frame.unit === 'values' ? [frame.key, frame.from, frame.to].filter(expr => expr !== null) : []
}

/** What a node reads directly. */
export function inputsOf(plan: StaticPlan): readonly StaticPlan[] {
  switch (plan.op) {
    case 'scan':
    case 'values':
      return []
    case 'union':
      return plan.inputs.map(({ plan }) => plan)
    case 'join':
      return [plan.left, plan.right]
    default:
      return [plan.input]
  }
}

/** The tables that a plan reads, each once, with the columns that it reads of it. */
export function scannedTables(plan: StaticPlan): Map<string, ScanColumn[]> {
  const tables = new Map<string, ScanColumn[]>()
  const visit = (node: StaticPlan): void => {
    if (node.op === 'scan') tables.set(node.dimension, [...(tables.get(node.dimension) ?? []), ...node.columns])
    inputsOf(node).forEach(visit)
  }
  visit(plan)
  return tables
}

/** The ids of the columns that a plan gives. */
export function columnIds(plan: StaticPlan): ReadonlySet<string> {
  return new Set(idsOf(plan))
}

function idsOf(plan: StaticPlan): string[] {
  const ids = (columns: readonly { readonly id: string }[]) => columns.map(({ id }) => id)
  switch (plan.op) {
    case 'scan':
    case 'values':
    case 'union':
      return ids(plan.columns)
    case 'extend':
    case 'generate':
      return [...idsOf(plan.input), ...ids(plan.columns)]
    case 'aggregate':
      return [...ids(plan.keys), ...ids(plan.aggregates), ...(plan.sets ? [plan.sets.id] : [])]
    case 'window':
      return [...idsOf(plan.input), ...ids(plan.functions)]
    case 'join':
      return plan.kind === 'semi' || plan.kind === 'anti'
        ? idsOf(plan.left)
        : [...idsOf(plan.left), ...idsOf(plan.right)]
    default:
      return idsOf(plan.input)
  }
}
