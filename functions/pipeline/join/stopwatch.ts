import { type Phase, type PhaseTimer, UNTIMED } from '../../engine/join/phases.ts'
import type { ItemResult } from '../../protocol/result.ts'

/** Times an item. */
export interface Stopwatch {
  readonly phases: PhaseTimer
  /** Notes that the files and the customers are open. */
  opened(): void
  /** What the result says of the time until now; nothing without a clock. */
  times(): Pick<ItemResult, 'times'>
}

/** Starts a stopwatch; `clock` gives UTC milliseconds. Until all is open, the item reads. */
export function startStopwatch(clock: (() => number) | undefined): Stopwatch {
  if (!clock) return { phases: UNTIMED, opened: () => undefined, times: () => ({}) }
  const started = clock()
  let latest = started
  const elapsed = () => {
    latest = Math.max(latest, clock()) // it may go back
    return latest - started
  }
  const phases = new PhaseTimes(elapsed)
  const open = phases.begin('read')
  let opened = 0
  return {
    phases,
    opened: () => {
      open()
      opened = elapsed()
    },
    times: () => {
      const written = elapsed()
      return { times: { started: new Date(started).toISOString(), opened, written, spent: phases.spent(written) } }
    },
  }
}

/**
 * Where an item is in several phases, one of them counts: reading, which joining and writing ask for on their way, before
 * joining, which writing asks for to evaluate columns. So each moment counts once, though requests overlap.
 */
class PhaseTimes implements PhaseTimer {
  readonly #elapsed: () => number
  readonly #begun: Record<Phase, number> = { read: 0, join: 0, write: 0 }
  readonly #spent: Record<Phase, number> = { read: 0, join: 0, write: 0 }
  #phase: Phase = 'join'
  #since = 0

  /** `elapsed` gives milliseconds since the item was begun, and never goes back. */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed
  }

  /** Begins work of a phase. Returns what ends it. */
  begin(phase: Phase): () => void {
    this.#change(phase, 1)
    return () => this.#change(phase, -1)
  }

  async during<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    this.#change(phase, 1)
    try {
      return await work()
    } finally {
      this.#change(phase, -1)
    }
  }

  duringSync<T>(phase: Phase, work: () => T): T {
    this.#change(phase, 1)
    try {
      return work()
    } finally {
      this.#change(phase, -1)
    }
  }

  /** Milliseconds of each phase until `now`, in milliseconds since the beginning: their sum is `now`. */
  spent(now: number): Readonly<Record<Phase, number>> {
    this.#count(now)
    return { ...this.#spent }
  }

  #change(phase: Phase, by: 1 | -1): void {
    this.#begun[phase] += by
    // what is in no phase is a little planning: it counts as joining
    const next = this.#begun.read > 0 ? 'read' : this.#begun.join > 0 || this.#begun.write === 0 ? 'join' : 'write'
    if (next === this.#phase) return
    this.#count(this.#elapsed())
    this.#phase = next
  }

  #count(now: number): void {
    this.#spent[this.#phase] += now - this.#since
    this.#since = now
  }
}
