import { isSilver, type Physical, samePhysical, silverPhysical } from '../../parquet/metadata/column-type.ts'
import { leavesOf } from '../../parquet/metadata/footer.ts'
import { isSilverNode, nestedSchema } from '../../parquet/metadata/nested-schema.ts'
import type { SchemaNode } from '../../parquet/metadata/schema.ts'
import type { SilverColumn } from '../../parquet/metadata/silver-column.ts'
import { type CompiledQuery, isGenerated } from '../../sql/compiled.ts'
import type { Expr } from '../../sql/expr.ts'
import { isNested, type SqlType, sameType } from '../../sql/types.ts'
import { PROVENANCE, RULES } from '../sources/source-file.ts'
import { stepOf, viewIndex } from './cells.ts'
import { sameForm } from './nested-form.ts'
import type { JoinSource } from './source.ts'

/** Where the values of a column to be written come from. */
export type ColumnOrigin =
  /** A column of the reviews view, by its index. */
  | { readonly from: 'reviews'; readonly index: number }
  /** A column of the dimension of a step. */
  | { readonly from: 'dimension'; readonly step: number; readonly name: string; readonly type: SqlType }
  | { readonly from: 'computed'; readonly expr: Expr }
  /** One of the PROVENANCE columns, by its index. */
  | { readonly from: 'provenance'; readonly index: number }
  /** For rejected rows: the rules that they break. */
  | { readonly from: 'rules' }

export interface PlannedColumn {
  readonly column: SilverColumn
  readonly origin: ColumnOrigin
}

/** Whether a column has INT96 timestamps, even inside lists or structs. */
export function hasInt96(node: SchemaNode): boolean {
  return leavesOf(node).some(({ element }) => element.type === 'INT96')
}

/** The columns of the silver file. */
export function planSilver(query: CompiledQuery, sources: readonly JoinSource[]): PlannedColumn[] {
  return query.output.map(({ name, type, expr }) => {
    const index = expr.op === 'column' && expr.view === 'reviews' ? viewIndex(query, expr.name) : -1
    if (index >= 0) return { column: carried(name, type, index, sources, query), origin: { from: 'reviews', index } }
    const column = computed(name, type)
    const step = expr.op === 'column' && !isGenerated(expr.view) ? stepOf(query, expr.view) : -1
    if (expr.op === 'column' && step >= 0) return { column, origin: { from: 'dimension', step, name: expr.name, type } }
    return { column, origin: { from: 'computed', expr } }
  })
}

/** The columns of the parked file: those of the reviews view, and where each row came from. */
export function planParked(query: CompiledQuery, sources: readonly JoinSource[]): PlannedColumn[] {
  return [
    ...query.reviews.map(({ name, type }, index): PlannedColumn => {
      return { column: carried(name, type, index, sources, query), origin: { from: 'reviews', index } }
    }),
    ...provenance(),
  ]
}

/** The columns of the file of rejected rows: those of silver, the rules that each row breaks, and where it came from. */
export function planRejected(query: CompiledQuery, sources: readonly JoinSource[]): PlannedColumn[] {
  return [
    ...planSilver(query, sources),
    { column: computed(RULES.name, RULES.type), origin: { from: 'rules' } },
    ...provenance(),
  ]
}

function provenance(): PlannedColumn[] {
  return PROVENANCE.map(({ name, type }, index): PlannedColumn => {
    return { column: computed(name, type), origin: { from: 'provenance', index } }
  })
}

function computed(name: string, type: SqlType): SilverColumn {
  return isNested(type)
    ? { kind: 'nested', name, node: nestedSchema(name, type) }
    : { kind: 'flat', name, physical: silverPhysical(type), optional: true }
}

/**
 * A column of the reviews view in the form that it has in the files, so that its bytes can be carried; in the form of
 * computed columns if the files differ, or have INT96 that is to be INT64.
 */
function carried(
  name: string,
  type: SqlType,
  index: number,
  sources: readonly JoinSource[],
  { timestamps }: CompiledQuery,
): SilverColumn {
  let physical: Physical | null = null
  let nested: SchemaNode | null = null
  let same = true
  // Without any source, there may be NULLs.
  let optional = sources.length === 0
  for (const { view } of sources) {
    const column = view[index]
    if (column?.from !== 'file') {
      optional = true
      continue
    }
    if (column.node.element.repetition !== 'REQUIRED') optional = true
    if (timestamps === 'int64' && hasInt96(column.node)) same = false
    if (!column.physical) {
      if (nested && !sameForm(nested, column.node)) same = false
      nested = column.node
    } else {
      if (physical && !samePhysical(physical, column.physical)) same = false
      physical = column.physical
    }
  }
  // where a file lacks the column, NULL needs a level that a required or repeated one does not have
  const hasNulls = nested?.element.repetition === 'OPTIONAL' || (nested?.element.repetition === 'REQUIRED' && !optional)
  if (nested && same && hasNulls && isSilverNode(nested)) return { kind: 'nested', name, node: nested }
  if (isNested(type)) return { kind: 'nested', name, node: nestedSchema(name, type) }
  const fits = physical && same && sameType(physical.sql, type) && isSilver(physical)
  return { kind: 'flat', name, physical: fits && physical ? physical : silverPhysical(type), optional }
}
