import type { Dimension } from '../../sql/compiled.ts'
import { type Column, isNested } from '../../sql/types.ts'

/** The columns of a dimension that its snapshot must have: all, but of nested ones only those that are needed. */
export function snapshotView({ columns, needed }: Pick<Dimension, 'columns' | 'needed'>): Column[] {
  const names = needed && new Set(needed)
  return columns.filter(({ name, type }) => !isNested(type) || !names || names.has(name.toLowerCase()))
}
