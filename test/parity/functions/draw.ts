/** Draws from a seed. Only whole numbers of 32 bits are computed, so that every machine draws the same. */
export class Draw {
  #state: number

  constructor(seed: string) {
    let hash = 0x811c9dc5
    for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193)
    this.#state = hash | 0
  }

  /** A whole number from 0 to 2³² - 1 (splitmix32). */
  bits(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0
    let mixed = this.#state ^ (this.#state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }

  /** A fraction from 0 up to, not including, 1. */
  fraction(): number {
    return (this.bits() * 2 ** 20 + (this.bits() >>> 12)) / 2 ** 52
  }

  chance(probability: number): boolean {
    return this.bits() < probability * 2 ** 32
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1))
  }

  pick<T>(choices: ArrayLike<T>): T {
    const choice = choices[this.between(0, choices.length - 1)]
    if (choice === undefined) throw new RangeError('there is nothing to pick from')
    return choice
  }

  /** A whole number of up to so many bits, small ones as often as large ones, negative in half of the cases. */
  whole(bits: number): bigint {
    let value = 0n
    for (let i = this.between(0, bits); i > 0; i--) value = value * 2n + BigInt(this.bits() & 1)
    return this.chance(0.5) ? value : -value
  }

  /** Up to so many digits as text. */
  digits(most: number): string {
    return Array.from({ length: this.between(0, most) }, () => this.between(0, 9)).join('')
  }

  list<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.between(0, most) }, make)
  }

  /** The same elements in another order. */
  shuffled<T>(elements: readonly T[]): T[] {
    const left = [...elements]
    return elements.map(() => left.splice(this.between(0, left.length - 1), 1)[0] as T)
  }
}
