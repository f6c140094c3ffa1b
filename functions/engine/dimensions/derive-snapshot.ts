import { inRange } from '../../base/at.ts'
import type { ObjectWriter } from '../../lake/store.ts'
import { silverPhysical } from '../../parquet/metadata/column-type.ts'
import type { JoinKey } from '../../sql/compiled.ts'
import type { DerivedPlan } from '../../sql/static-plan.ts'
import type { Column } from '../../sql/types.ts'
import { evaluatePlan, type Scan } from '../static/evaluate-plan.ts'
import { columnOf } from '../static/expressions.ts'
import { internUsed, tableOf, type Vector } from '../static/vector.ts'
import { keyIndex } from './index-keys.ts'
import { type OpenColumn, writeSnapshot } from './write-snapshot.ts'

export interface DeriveRequest {
  /** Those of the dimension: column i is the one with id i of the plan. */
  readonly columns: readonly Column[]
  readonly plan: DerivedPlan
  /** The keys of the join. */
  readonly keys: readonly JoinKey[]
  readonly scan: Scan
  /** Receives the snapshot up to its last byte; the caller closes it. */
  readonly target: ObjectWriter
}

/** Evaluates a static query and writes its rows as a snapshot. Throws NotScalar, TooManyRows, and what `scan` throws. */
export async function deriveSnapshot(request: DeriveRequest): Promise<{ readonly rows: number }> {
  const { columns, plan, keys, scan, target } = request
  const result = await evaluatePlan(plan.root, new Set(plan.ids), scan)
  const kept = plan.ids.map((id, i) => compact(columns[i]?.name ?? id, columnOf(result, id)))
  await writeSnapshot(result.rows, kept, keyIndex(kept, keys, result.rows), keys, target)
  return { rows: result.rows }
}

/** A column with only the values that its rows have. */
function compact(name: string, vector: Vector): OpenColumn {
  const { type } = vector
  const table = tableOf(type)
  const moved = internUsed(table, vector)
  const codes = vector.codes.map(code => (code < 0 ? -1 : inRange(moved[code])))
  return { name, type, physical: silverPhysical(type), codes, table }
}
