import type { CompiledQuery, Join } from '../sql/compiled.ts'
import type { Expr } from '../sql/expr.ts'
import type { Column, SqlType } from '../sql/types.ts'
import type { PinnedDimension } from './pinned-dimension.ts'

/** The plan of a version that knew just one join, with the customers. */
interface SingleJoinPlan {
  readonly query: Omit<CompiledQuery, 'dimensions' | 'joins' | 'needed'> & {
    readonly customers: readonly Column[]
    readonly join: SingleJoin | null
    readonly needed?: { readonly reviews: readonly string[]; readonly customers: readonly string[] }
  }
  readonly customers: Omit<PinnedDimension, 'name'> | null
}

interface DimensionsPlan {
  readonly query: CompiledQuery
  readonly dimensions: readonly PinnedDimension[]
}

type SingleJoin = Pick<Join, 'kind' | 'on'> & {
  readonly reviewsKey: Expr
  readonly customersKey: Expr
  readonly type: SqlType
}

/** The plan in this version's form: `why` and `batch` read plans of batches that earlier versions wrote. */
export function withDimensions(plan: DimensionsPlan | SingleJoinPlan): DimensionsPlan {
  if (!('customers' in plan)) return plan
  const { customers, query } = plan
  const { customers: columns, join, needed, ...other } = query
  const name = 'customers'
  return {
    query: {
      ...other,
      dimensions: join ? [{ name, columns, ...(needed && { needed: needed.customers }) }] : [],
      joins: join ? [joinOf(join)] : [],
      ...(needed && { needed: { reviews: needed.reviews } }),
    },
    dimensions: customers ? [{ name, ...customers }] : [],
  }
}

function joinOf({ kind, reviewsKey, customersKey, type, on }: SingleJoin): Join {
  const keys = [{ left: reviewsKey, right: customersKey, type, nullSafe: false }]
  return { dimension: 'customers', kind, keys, on }
}
