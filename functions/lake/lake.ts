import type { Layout } from './layout.ts'
import type { Store } from './store.ts'

/** A lake: its objects, and where they lie. */
export interface Lake {
  readonly store: Store
  readonly layout: Layout
}
