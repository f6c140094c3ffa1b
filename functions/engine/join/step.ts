import type { Picks } from './cells.ts'

/**
 * One step of the chain that makes output rows of a review: it continues a row made so far in no, one or several ways, each
 * with one pick. A step holds the place of one row at a time: `begin` starts with a row, `next` is called until it is false.
 */
export interface Step {
  /**
   * What the row is here: MATCHED, or what it lacks. Of a row that is continued it is known at its first pick, of one that
   * is not when `next` has returned false.
   */
  readonly fate: number
  /** Whether a review waits, with all its rows, while one of them is UNMATCHED here. */
  readonly parks: boolean
  /** Whether a row may be continued in several ways. */
  readonly multiplies: boolean
  /** Whether columns are read by the picks. */
  readonly hasColumns: boolean
  /** Whether the row that was begun was continued at all. */
  readonly picked: boolean
  begin(review: number, picks: Picks): void
  /** Puts the next pick in its place. False where there is none. */
  next(review: number, picks: Picks): boolean
  /**
   * The picks for all rows of the row group at once, if each is continued in exactly one way and MATCHED; else null. `before`
   * are those of the steps before.
   */
  straight(before: readonly Int32Array[]): Int32Array | null
}
