import { inRange } from '../../base/at.ts'
import type { Page } from '../../parquet/pages/chunk-reader.ts'

/**
 * Which values of a flat page the rows from `from` to before `to` of a selection have: -1 for NULL. `firstRow` is the page's
 * first row in the row group, and the selected rows are in the page. Null stands for all values in their order.
 */
export function picksOf(
  page: Page,
  firstRow: number,
  reviews: Int32Array | null,
  from: number,
  to: number,
): Int32Array | null {
  const { definition, entries } = page
  if (!reviews && !definition) return null
  if (reviews && !definition && firstRow === 0) return reviews.subarray(from, to)
  const picks = new Int32Array(to - from)
  if (!definition) {
    if (reviews) for (let i = from; i < to; i++) picks[i - from] = inRange(reviews[i]) - firstRow
    return picks
  }
  const indexOf = new Int32Array(entries)
  let next = 0
  for (let i = 0; i < entries; i++) indexOf[i] = definition[i] === 1 ? next++ : -1
  if (!reviews) return indexOf
  for (let i = from; i < to; i++) picks[i - from] = inRange(indexOf[inRange(reviews[i]) - firstRow])
  return picks
}

/** Walks a selection page by page. */
export class SelectionCursor {
  readonly #reviews: Int32Array | null
  #at = 0

  /** `reviews` is ascending; null selects all rows. */
  constructor(reviews: Int32Array | null) {
    this.#reviews = reviews
  }

  /** The part of the selection that is in the next page, which ends before row `end`. */
  next(firstRow: number, end: number): { readonly from: number; readonly to: number } {
    if (!this.#reviews) return { from: firstRow, to: end }
    const from = this.#at
    const reviews = this.#reviews
    let to = from
    while (to < reviews.length && inRange(reviews[to]) < end) to++
    this.#at = to
    return { from, to }
  }

  get done(): boolean {
    return this.#reviews !== null && this.#at >= this.#reviews.length
  }
}
