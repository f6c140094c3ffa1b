import type { Random } from '../demo/random.ts'

const SYLLABLES = ['ba', 'con', 'de', 'er', 'fi', 'ga', 'ho', 'in', 'ju', 'ka', 'lo', 'ment', 'no', 'or', 'per', 'qui']
const ENDINGS = ['s', 'ed', 'ing', 'ly', 't', 'n', 'er', 'y']
const COMMON = [
  'the',
  'I',
  'and',
  'a',
  'to',
  'it',
  'is',
  'this',
  'of',
  'for',
  'my',
  'in',
  'that',
  'was',
  'with',
  'but',
  'have',
]

/** Seeded text that Snappy shrinks as much as it does English reviews: some words are used far more often than others. */
export class Text {
  readonly #random: Random
  readonly #words: readonly Uint8Array[]

  constructor(random: Random, words = 20_000) {
    this.#random = random
    const encoder = new TextEncoder()
    const made = Array.from({ length: words }, () => {
      const syllables = Array.from({ length: 1 + random.below(3) }, () => SYLLABLES[random.below(SYLLABLES.length)])
      return `${syllables.join('')}${ENDINGS[random.below(ENDINGS.length)]} `
    })
    this.#words = [...COMMON.map(word => `${word} `), ...made].map(word => encoder.encode(word))
  }

  /** Writes about `length` bytes of words into `out` at `offset` and returns where they end. */
  write(out: Uint8Array, offset: number, length: number): number {
    let at = offset
    const words = this.#words
    while (at < offset + length) {
      const common = this.#random.chance(0.45)
      const word = words[common ? this.#random.below(COMMON.length) : this.#random.skewed(words.length)]
      if (!word) continue
      for (let i = 0; i < word.length; i++) out[at++] = word[i] ?? 0x20
    }
    return at - 1
  }

  /** Text as a string. */
  string(length: number): string {
    const bytes = new Uint8Array(length + 32)
    return new TextDecoder().decode(bytes.subarray(0, this.write(bytes, 0, length)))
  }
}
