import { inRange } from '../../base/at.ts'
import type { Ingredients, Picks } from './cells.ts'
import type { GroupReader } from './group-reader.ts'
import type { Step } from './step.ts'

/**
 * Output rows, in order: `reviews[i]` is a row of the row group, `picks[step][i]` what a step picked for it (-1 for NULLs).
 * `reviews` is null if they are all rows of the row group, each once; the picks of a step without columns are null too.
 */
export interface JoinedRows {
  readonly count: number
  readonly reviews: Int32Array | null
  readonly picks: readonly (Int32Array | null)[]
  /** Only for rows that rules dropped: which rules. */
  readonly broken?: Broken
}

/** Output rows of a row group, and what their values are made from. */
export interface Slice {
  readonly reader: GroupReader
  readonly rows: JoinedRows
  readonly ingredients: Ingredients
}

/** Which rules each output row breaks: `texts[codes[i]]` has their names. */
export interface Broken {
  readonly codes: Int32Array
  readonly texts: readonly string[]
}

/** Puts what the steps picked for one output row into `picks`. */
export function picksAt(rows: JoinedRows, at: number, picks: Picks): void {
  for (const [step, own] of rows.picks.entries()) picks[step] = own ? inRange(own[at]) : -1
}

/** If duplicate keys make more output rows than this, the rest go into another row group. */
const MOST_ROWS = 1 << 20

/** Gathers output rows into slices. */
export class OutputRows {
  readonly #rows: number
  readonly #most: number
  readonly #steps: readonly Step[]
  #reviews = new Int32Array(0)
  #picks: (Int32Array | null)[]
  /** Whether the rows so far are 0, 1, 2, … */
  #inOrder = true
  count = 0
  /** All that were ever added. */
  written = 0

  /** `rows` are those of the row group. */
  constructor(rows: number, steps: readonly Step[]) {
    this.#rows = rows
    this.#most = Math.max(MOST_ROWS, rows)
    this.#steps = steps
    this.#picks = this.#none()
  }

  get full(): boolean {
    return this.count >= this.#most
  }

  add(review: number, picks: Picks): void {
    if (this.count === this.#reviews.length) this.#grow()
    if (review !== this.written) this.#inOrder = false
    this.#reviews[this.count] = review
    for (let step = 0; step < this.#picks.length; step++) {
      const kept = this.#picks[step]
      if (kept) kept[this.count] = inRange(picks[step])
    }
    this.count++
    this.written++
  }

  /** The rows since the last call; `last` where no more will come. */
  take(last = false): JoinedRows {
    const { count } = this
    const whole = last && this.#inOrder && this.written === this.#rows && count === this.#rows
    const slice = {
      count,
      reviews: whole ? null : this.#reviews.subarray(0, count),
      picks: this.#picks.map(kept => (kept ? kept.subarray(0, count) : null)),
    }
    this.#reviews = new Int32Array(0)
    this.#picks = this.#none()
    this.count = 0
    return slice
  }

  #none(): (Int32Array | null)[] {
    return this.#steps.map(({ hasColumns }) => (hasColumns ? new Int32Array(0) : null))
  }

  #grow(): void {
    const size = Math.min(this.#most, this.#reviews.length === 0 ? this.#rows : this.#reviews.length * 2)
    const grown = (array: Int32Array) => {
      const larger = new Int32Array(size)
      larger.set(array)
      return larger
    }
    this.#reviews = grown(this.#reviews)
    this.#picks = this.#picks.map(kept => kept && grown(kept))
  }
}
