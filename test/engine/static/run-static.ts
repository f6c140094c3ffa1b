import { evaluatePlan } from '../../../functions/engine/static/evaluate-plan.ts'
import { VectorBuilder, type Vectors, valuesByRow } from '../../../functions/engine/static/vector.ts'
import { parse } from '../../../functions/sql/parse/statement.ts'
import { type Environment, idCounter } from '../../../functions/sql/resolve/environment.ts'
import { resolveStatic } from '../../../functions/sql/resolve/static/query.ts'
import type { StaticRelation } from '../../../functions/sql/resolve/static/relation.ts'
import type { ScanColumn } from '../../../functions/sql/static-plan.ts'
import type { Column, Value } from '../../../functions/sql/types.ts'

/** A static table in memory. */
export interface Table {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Value[])[]
}

/** Resolves a query over tables that are called `bronze_` and their name, which is that of their dimension. */
export function resolveOver(sql: string, tables: Readonly<Record<string, Table>>): StaticRelation {
  const views = Object.entries(tables).map(([name, { columns }]) => ({
    view: `static_${name}`,
    name: `bronze_${name}`,
    columns,
  }))
  const environment: Environment = {
    sql,
    now: 1_795_504_500_000_000n,
    views,
    common: new Map(),
    statics: new Map(),
    newId: idCounter(),
  }
  return resolveStatic(parse(sql), environment)
}

/** The rows of a static query, in the order in which they come. */
export async function runStatic(sql: string, tables: Readonly<Record<string, Table>>): Promise<Value[][]> {
  const { plan, columns } = resolveOver(sql, tables)
  const ids = columns.flatMap(({ operand }) => (operand.op === 'column' ? [operand.name] : []))
  const relation = await evaluatePlan(plan, new Set(ids), async (name, scanned) =>
    scanTable(tables[name.replace('static_', '')], scanned),
  )
  const cells = columns.map(({ operand }) => {
    const vector = operand.op === 'column' ? relation.columns.get(operand.name) : undefined
    return vector ? valuesByRow(vector) : () => null
  })
  return Array.from({ length: relation.rows }, (_, row) => cells.map(cell => cell(row)))
}

function scanTable(table: Table | undefined, scanned: readonly ScanColumn[]): Vectors {
  if (!table) throw new Error('no such table')
  const columns = scanned.map(({ id, name, type }) => {
    const place = table.columns.findIndex(column => column.name === name)
    const builder = new VectorBuilder(type)
    const codes = Int32Array.from(table.rows, row => builder.code(row[place] ?? null))
    return [id, builder.vector(codes)] as const
  })
  return { rows: table.rows.length, columns: new Map(columns) }
}
