import type { Picks } from './cells.ts'

/**
 * One step of the chain that makes output rows from a review: it continues a row made so far in zero, one or several ways,
 * each with one pick. A step works on one row at a time: `begin` starts with a row, `next` is called until it is false.
 */
export interface Step {
  /**
   * What becomes of the row here: MATCHED, or what it lacks. Known at the first pick of a row that is continued, or once
   * `next` has returned false.
   */
  readonly fate: number
  /** Whether a review waits, with all its rows, while one of them is UNMATCHED here. */
  readonly parks: boolean
  /** Whether a row may be continued in several ways. */
  readonly multiplies: boolean
  /** Whether the picks have columns. */
  readonly hasColumns: boolean
  /** Whether the current row was continued at all. */
  readonly picked: boolean
  begin(review: number, picks: Picks): void
  /** Puts the next pick in its place. False if there is none. */
  next(review: number, picks: Picks): boolean
  /**
   * The picks for all rows of the row group at once, if each is continued in exactly one way and MATCHED; otherwise null.
   * `before` are those of the steps before.
   */
  straight(before: readonly Int32Array[]): Int32Array | null
}
