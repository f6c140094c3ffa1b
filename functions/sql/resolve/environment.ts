import type { View } from '../expr.ts'
import type { Name, Query } from '../parse/syntax.ts'
import type { FileColumn } from '../types.ts'
import type { Source } from './source.ts'

/** One of the tables a query can read. */
export interface SourceView {
  /** `reviews`, or the name of the dimension. */
  readonly view: View
  /** Its name in SQL. */
  readonly name: string
  readonly columns: readonly FileColumn[]
}

/** What is around a SELECT: the text, the views, and the WITH queries by their name in lower case. */
export interface Environment {
  readonly sql: string
  readonly now: bigint
  readonly views: readonly SourceView[]
  readonly common: ReadonlyMap<string, Source>
  /** The WITH queries over static tables alone, by their name in lower case. */
  readonly statics: ReadonlyMap<string, StaticCommon>
  /** An id that no column of a static plan has yet. */
  readonly newId: () => string
}

/** A WITH query and what is around it; it is resolved anew wherever it is used. */
export interface StaticCommon {
  readonly query: Query
  readonly columns: readonly Name[]
  readonly environment: Environment
}

/** Counts the ids of one query. */
export function idCounter(): () => string {
  let count = 0
  return () => String(count++)
}
