import type { View } from '../expr.ts'
import type { Name, Query } from '../parse/syntax.ts'
import type { FileColumn } from '../types.ts'
import { TooLarge } from '../typing/make-call.ts'
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

/** A WITH query and what is around it; it is resolved again wherever it is used. */
export interface StaticCommon {
  readonly query: Query
  readonly columns: readonly Name[]
  readonly environment: Environment
}

/** The most columns of the static plans of one query: WITH queries that use each other twice can double them each time. */
const MAX_IDS = 200_000

/** Counts the ids of one query. Throws TooLarge. */
export function idCounter(): () => string {
  let count = 0
  return () => {
    if (count === MAX_IDS) throw new TooLarge()
    return String(count++)
  }
}
