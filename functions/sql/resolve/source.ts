import type { Join } from '../compiled.ts'
import type { Condition } from './conditions.ts'
import type { Scope } from './scope.ts'

/** What FROM, or a whole SELECT, gives: rows of one view or of the join, under some names and conditions. */
export interface Source extends Scope {
  readonly kind: 'reviews' | 'customers' | 'joined'
  /** Over reviews alone, before the join. */
  readonly filters: readonly Condition[]
  /** Over customers alone, before the join; empty once joined. */
  readonly customersFilters: readonly Condition[]
  readonly join: Join | null
  /** On joined rows. */
  readonly where: readonly Condition[]
  /** An inner join whose equality still has to come from WHERE. */
  readonly pending: PendingJoin | null
}

export interface PendingJoin {
  readonly on: readonly Condition[]
  /** Where the join stands in the text. */
  readonly at: number
}
