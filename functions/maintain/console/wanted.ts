import type { FoldedLog } from '../../log/fold.ts'
import { parkedReviews } from '../read-parked.ts'
import type { ReadableLake } from '../readable-lake.ts'

/** A customer for whom reviews wait. `customer` is null where the rows don't say whose they are. */
export interface WantedCustomer {
  readonly customer: string | null
  readonly reviews: number
  /** Since when the oldest of them waits, ISO 8601. */
  readonly since: string
}

/** The customers for whom most reviews wait. Throws UnreadableFile for a parked file that is damaged. */
export async function mostWanted(
  lake: ReadableLake,
  state: FoldedLog,
  most: number,
): Promise<{ readonly customers: number; readonly wanted: readonly WantedCustomer[] }> {
  const byCustomer = new Map<string | null, { customer: string | null; reviews: number; since: string }>()
  for await (const { customer, since } of parkedReviews(lake, state, { id: 'review_id', customer: undefined })) {
    const known = byCustomer.get(customer)
    if (known) known.reviews++
    else byCustomer.set(customer, { customer, reviews: 1, since })
  }
  const wanted = [...byCustomer.values()].sort((a, b) => b.reviews - a.reviews).slice(0, most)
  return { customers: byCustomer.size, wanted }
}
