import type { CompiledQuery } from '../../sql/compiled.ts'
import { type Column, isNested } from '../../sql/types.ts'

/** The columns of the customers view that a snapshot for the query must know of: all, of nested ones those that are needed. */
export function snapshotView({ customers, needed }: Pick<CompiledQuery, 'customers' | 'needed'>): Column[] {
  const names = needed && new Set(needed.customers)
  return customers.filter(({ name, type }) => !isNested(type) || !names || names.has(name.toLowerCase()))
}
