/** A seeded source of randomness: the same seed gives the same lake on every machine (sfc32). */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: number) {
    this.#a = seed | 0
    this.#b = 0x9e3779b9
    this.#c = 0x243f6a88
    for (let i = 0; i < 12; i++) this.next()
  }

  /** A number from 0 to before 1. */
  next(): number {
    const t = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0
    return (t >>> 0) / 4294967296
  }

  /** An integer from 0 to before `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end)
  }

  /** An integer from 0 to before `end`, small ones much more often: words, products and customers are used like that. */
  skewed(end: number): number {
    return Math.floor(end * this.next() ** 3)
  }

  pick<T>(values: readonly [T, ...T[]]): T {
    return values[this.below(values.length)] ?? values[0]
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** A text of `length` characters of an alphabet. */
  text(length: number, alphabet: string): string {
    let text = ''
    for (let i = 0; i < length; i++) text += alphabet[this.below(alphabet.length)]
    return text
  }
}
