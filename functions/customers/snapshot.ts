import type { Column } from '../query/types.ts'

/** The customers of one run, looked up by key without parsing. */
export interface Customers {
  readonly rows: number
  readonly columns: readonly Column[]
}
