import { setImmediate, setTimeout } from 'node:timers/promises'

/** Milliseconds in which compression and digests, which run beside the program, come back. */
const BESIDE = 20

/**
 * A network on which every call takes one step, and time that passes only when nobody has anything to do but to wait. So
 * the steps of a piece of work are its calls in sequence, whatever the machine is doing.
 */
export class RoundTrips {
  #waiting: (() => void)[] = []
  #steps = 0
  /** What was called in each step, in the order of the steps. */
  readonly calls: string[][] = []

  get steps(): number {
    return this.#steps
  }

  /** Makes a call that takes so many steps, one after another, before it has its effect. */
  async call<T>(name: string, act: () => Promise<T>, steps = 1): Promise<T> {
    for (let i = 0; i < steps; i++) {
      this.calls[this.#steps] ??= []
      this.calls[this.#steps]?.push(name)
      await new Promise<void>(done => this.#waiting.push(done))
    }
    return act()
  }

  /** Does work to its end. */
  async of<T>(work: () => Promise<T>): Promise<T> {
    let ended = false
    const result = work().finally(() => {
      ended = true
    })
    while (!ended) {
      await setTimeout(BESIDE)
      await setImmediate()
      const waiting = this.#waiting
      if (waiting.length === 0) continue
      this.#waiting = []
      this.#steps++
      for (const done of waiting) done()
    }
    return result
  }
}
