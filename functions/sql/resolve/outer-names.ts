import type { Query } from '../parse/syntax.ts'

const names = new WeakMap<Query, string[]>()

/** Remembers that a subquery names a column of the query around it: Spark has them in the names of columns without AS. */
export function noteOuterName(query: Query, name: string): void {
  const known = names.get(query) ?? []
  if (!known.includes(name)) names.set(query, [...known, name])
}

/** The columns of the query around it that a resolved subquery names, in order. */
export function outerNames(query: Query): readonly string[] {
  return names.get(query) ?? []
}
