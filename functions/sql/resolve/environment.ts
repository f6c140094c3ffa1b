import type { FileColumn } from '../types.ts'
import type { Source } from './source.ts'

/** One of the two views a query reads. */
export interface SourceView {
  readonly kind: 'reviews' | 'customers'
  readonly name: string
  readonly columns: readonly FileColumn[]
}

/** What is around a SELECT: the text, the views, and the WITH queries by their name in lower case. */
export interface Environment {
  readonly sql: string
  readonly now: bigint
  readonly views: readonly SourceView[]
  readonly common: ReadonlyMap<string, Source>
}
