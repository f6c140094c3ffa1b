import { elementAt } from '../../base/at.ts'
import type { Picks } from './cells.ts'
import { MATCHED, UNMATCHED } from './fate.ts'
import type { Step } from './step.ts'

/** Goes from one output row of a review to the next: the last step moves first. */
export class RowWalk {
  /** What the steps picked for the current output row. */
  readonly picks: Picks
  /** What became of the review's rows that were not continued: the fate of the first one. */
  dropped = MATCHED
  /** Whether one of them has to wait, and so all of the review's rows. */
  mustWait = false
  readonly #steps: readonly Step[]
  #review = 0
  /** The step that moves next; after an output row, the number of steps. */
  #depth = 0
  #hasDropped = false

  /** `picks` has room for all steps; these may be only some of them. */
  constructor(steps: readonly Step[], picks: Picks = new Int32Array(steps.length).fill(-1)) {
    this.#steps = steps
    this.picks = picks
  }

  begin(review: number): void {
    this.#review = review
    this.#depth = 0
    this.dropped = MATCHED
    this.#hasDropped = false
    this.mustWait = false
    this.#steps[0]?.begin(review, this.picks)
  }

  /** Moves to the next output row; false if there is none left, or if the review has to wait. */
  next(): boolean {
    const steps = this.#steps
    if (steps.length === 0) return this.#depth-- === 0
    if (this.#depth === steps.length) this.#depth--
    while (this.#depth >= 0) {
      const step = elementAt(steps, this.#depth)
      if (step.next(this.#review, this.picks)) {
        if (++this.#depth === steps.length) return true
        elementAt(steps, this.#depth).begin(this.#review, this.picks)
        continue
      }
      if (!step.picked) this.#drop(step)
      if (this.mustWait) return false
      this.#depth--
    }
    return false
  }

  /** What the current output row lacks: the fate of the first step that is not MATCHED. */
  get fate(): number {
    for (const { fate } of this.#steps) if (fate !== MATCHED) return fate
    return MATCHED
  }

  /** The step that a review waits for; the picks are those of the steps before it. */
  get lacking(): number {
    return this.#depth
  }

  /** Whether a row of the review has to wait. */
  waits(review: number): boolean {
    this.begin(review)
    while (!this.mustWait && this.next());
    return this.mustWait
  }

  #drop({ fate, parks }: Step): void {
    if (!this.#hasDropped) this.dropped = fate
    this.#hasDropped = true
    if (parks && fate === UNMATCHED) this.mustWait = true
  }
}
