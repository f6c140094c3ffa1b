import type { Picks } from './cells.ts'
import { type JoinedRows, OutputRows } from './output-rows.ts'

/** Gathers the output rows that rules drop into slices. */
export class RejectedRows extends OutputRows {
  readonly #texts = new Map<string, number>()
  #codes: number[] = []

  reject(review: number, picks: Picks, rules: string): void {
    const code = this.#texts.get(rules) ?? this.#texts.size
    this.#texts.set(rules, code)
    this.#codes.push(code)
    this.add(review, picks)
  }

  /** The rows since the last call. */
  override take(): JoinedRows {
    const broken = { codes: Int32Array.from(this.#codes), texts: [...this.#texts.keys()] }
    this.#codes = []
    return { ...super.take(), broken }
  }
}
