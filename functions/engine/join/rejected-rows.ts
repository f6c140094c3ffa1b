import type { Picks } from './cells.ts'
import { type JoinedRows, OutputRows } from './output-rows.ts'

/** Gathers output rows that rules drop into slices. */
export class RejectedRows {
  readonly #rows: OutputRows
  readonly #texts = new Map<string, number>()
  #codes: number[] = []

  /** As for OutputRows. */
  constructor(rows: number, steps: readonly boolean[]) {
    this.#rows = new OutputRows(rows, steps)
  }

  get full(): boolean {
    return this.#rows.full
  }

  get count(): number {
    return this.#rows.count
  }

  /** All that were ever added. */
  get written(): number {
    return this.#rows.written
  }

  add(review: number, picks: Picks, rules: string): void {
    const code = this.#texts.get(rules) ?? this.#texts.size
    this.#texts.set(rules, code)
    this.#codes.push(code)
    this.#rows.add(review, picks)
  }

  /** The rows since the last call. */
  take(): JoinedRows {
    const broken = { codes: Int32Array.from(this.#codes), texts: [...this.#texts.keys()] }
    this.#codes = []
    return { ...this.#rows.take(false), broken }
  }
}
