import type { RowSource } from './row-source.ts'

/** Rows that are asked for at once. */
export const PAGE_ROWS = 200
/** Pages that are asked for at the same time: those that a quick scroll passes are never asked for. */
const AT_ONCE = 2
/** Pages that are kept. */
const KEPT = 64

/** The rows of a source, a page at a time, as far as they have come into sight. */
export class RowPages {
  readonly #source: RowSource
  readonly #told: { readonly loaded: () => void; readonly failed: (error: unknown) => void }
  /** The least recently wanted first. */
  readonly #pages = new Map<number, readonly (readonly unknown[])[]>()
  readonly #loading = new Set<number>()
  #wanted: readonly number[] = []

  /** `loaded` is called when rows have come, `failed` when some can't be had: they are asked for again when next wanted. */
  constructor(source: RowSource, told: { readonly loaded: () => void; readonly failed: (error: unknown) => void }) {
    this.#source = source
    this.#told = told
  }

  /** A row's values; undefined as long as they have not come. */
  row(row: number): readonly unknown[] | undefined {
    return this.#pages.get(Math.floor(row / PAGE_ROWS))?.[row % PAGE_ROWS]
  }

  /** Says which rows are wanted now, instead of those before: from one on and before another. */
  want(start: number, end: number): void {
    const wanted: number[] = []
    for (
      let page = Math.floor(Math.max(0, start) / PAGE_ROWS);
      page * PAGE_ROWS < Math.min(end, this.#source.rows);
      page++
    ) {
      const known = this.#pages.get(page)
      if (!known) wanted.push(page)
      else if (this.#pages.delete(page)) this.#pages.set(page, known)
    }
    this.#wanted = wanted
    this.#load()
  }

  #load(): void {
    for (const page of this.#wanted) {
      if (this.#loading.size >= AT_ONCE) return
      if (!this.#loading.has(page) && !this.#pages.has(page)) void this.#fetch(page)
    }
  }

  async #fetch(page: number): Promise<void> {
    this.#loading.add(page)
    try {
      const start = page * PAGE_ROWS
      this.#pages.set(page, await this.#source.fetch(start, Math.min(this.#source.rows, start + PAGE_ROWS)))
      for (const oldest of this.#pages.keys()) if (this.#pages.size > KEPT) this.#pages.delete(oldest)
      this.#told.loaded()
    } catch (error) {
      this.#wanted = this.#wanted.filter(each => each !== page)
      this.#told.failed(error)
    } finally {
      this.#loading.delete(page)
      this.#load()
    }
  }
}
