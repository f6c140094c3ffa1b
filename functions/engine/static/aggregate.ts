import { inRange } from '../../base/at.ts'
import type { Aggregate, StaticPlan } from '../../sql/static-plan.ts'
import { accumulator } from './accumulators.ts'
import { columnOf, evaluateColumn, rowsWhere } from './expressions.ts'
import { type Groups, groupRows } from './groups.ts'
import { allRows } from './ranks.ts'
import { unionRows } from './union.ts'
import { takeRows, type Vector, VectorBuilder, type Vectors, valuesByRow } from './vector.ts'

type AggregatePlan = Extract<StaticPlan, { op: 'aggregate' }>

/** Groups the rows of a relation and aggregates each group; without keys, even no rows are one group. */
export function aggregate(plan: AggregatePlan, input: Vectors, wanted: ReadonlySet<string>): Vectors {
  const { keys, sets } = plan
  const heads = new Map(keys.map(({ id, expr }) => [id, normalized(evaluateColumn(expr, input))]))
  if (!sets) {
    const found = groupRows([...heads.values()], input.rows)
    return gathered(plan, input, heads, keys.length === 0 ? { ...found, count: 1 } : found, wanted)
  }
  const ids = [...keys, ...plan.aggregates, sets].map(({ id }) => id).filter(id => wanted.has(id))
  const parts = sets.groupings.map(places => {
    const own = new Set(places.map(place => keys[place]?.id))
    const kept = new Map([...heads].map(([id, head]) => [id, own.has(id) ? head : nulls(head)]))
    const groups = groupRows(
      [...heads].filter(([id]) => own.has(id)).map(([, head]) => head),
      input.rows,
    )
    const relation = gathered(plan, input, kept, groups, wanted)
    const lacking = keys.reduce((bits, { id }) => bits * 2n + (own.has(id) ? 0n : 1n), 0n)
    const columns = new Map(relation.columns).set(sets.id, constant(lacking, relation.rows))
    return { relation, columns: ids.map(id => columnOf({ rows: relation.rows, columns }, id)) }
  })
  return unionRows(ids, parts)
}

/** A row for each group: its keys and aggregates. */
function gathered(
  { aggregates }: AggregatePlan,
  input: Vectors,
  heads: ReadonlyMap<string, Vector>,
  groups: Groups,
  wanted: ReadonlySet<string>,
): Vectors {
  const kept = new Map([...heads].filter(([id]) => wanted.has(id)))
  const columns = new Map(takeRows({ rows: input.rows, columns: kept }, groups.firsts).columns)
  for (const item of aggregates) if (wanted.has(item.id)) columns.set(item.id, gather(item, input, groups))
  return { rows: groups.count, columns }
}

function nulls({ type, codes, values }: Vector): Vector {
  return { type, codes: new Int32Array(codes.length).fill(-1), values }
}

function constant(value: bigint, rows: number): Vector {
  const builder = new VectorBuilder('bigint')
  return builder.vector(new Int32Array(rows).fill(builder.code(value)))
}

function gather(item: Aggregate, input: Vectors, groups: Groups): Vector {
  const args = item.args.map(arg => evaluateColumn(arg, input))
  const kept = item.filter ? rowsWhere(item.filter, input) : allRows(input.rows)
  const rows = item.distinct ? distinctRows(args, kept, groups, input.rows) : kept
  const gathering = accumulator(item, args, groups.count)
  for (let i = 0; i < rows.length; i++) {
    const row = inRange(rows[i])
    gathering.add(inRange(groups.ids[row]), row)
  }
  const codes = new Int32Array(groups.count)
  for (let group = 0; group < groups.count; group++) codes[group] = gathering.read(group)
  return gathering.vector(codes)
}

/** One row of each group for each distinct combination of the arguments. */
function distinctRows(args: readonly Vector[], rows: Int32Array, groups: Groups, count: number): Int32Array {
  const { ids, count: combinations } = groupRows([...args, groupVector(groups.ids)], count)
  const seen = new Uint8Array(combinations)
  return rows.filter(row => {
    const combination = inRange(ids[row])
    if (seen[combination] === 1) return false
    seen[combination] = 1
    return true
  })
}

/** Group numbers as a column of codes, which is all that groupRows looks at. */
function groupVector(ids: Int32Array): Vector {
  const count = ids.reduce((most, id) => Math.max(most, id + 1), 0)
  return { type: 'int', codes: ids, values: { width: 4, count, bytes: new Uint8Array(0) } }
}

/** A key with 0.0 in place of -0.0 (NormalizeFloatingNumbers). */
function normalized(column: Vector): Vector {
  if (column.type !== 'float' && column.type !== 'double') return column
  const builder = new VectorBuilder(column.type)
  const cellOf = valuesByRow(column)
  return builder.vector(column.codes.map((_, row) => builder.code(cellOf(row) === 0 ? 0 : cellOf(row))))
}
