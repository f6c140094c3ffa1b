import type { Lake } from '../../lake/lake.ts'
import { nextPublished, type Published, writePublished } from '../published.ts'

/** Milliseconds after which a run without news looks at what Athena has, by default. */
export const HOUR = 60 * 60 * 1000

/** Milliseconds since what Athena has was last compared with the log. A clock may have been wrong. */
export function sinceCheck({ checked }: Published, now: number): number {
  return Math.abs(now - Date.parse(checked))
}

type Change = Pick<Published, 'version' | 'attempt'> | Partial<Pick<Published, 'checked' | 'miscounted'>>

/** The lake of a hint, and a clock in UTC milliseconds. */
type ClockedLake = Lake & { readonly clock: () => number }

/** The hint that says how far Athena has come, as it is stored and as it will be. */
export class PublishedHint {
  readonly #lake: ClockedLake
  #saved: Published
  #next: Published

  constructor(lake: ClockedLake, published: Published) {
    this.#lake = lake
    this.#saved = published
    this.#next = published
  }

  get next(): Published {
    return this.#next
  }

  /** Changes the hint as it will be. */
  note(change: Change): void {
    this.#next = nextPublished(this.#next, change, this.#lake.clock())
  }

  /** Notes that everything was compared with the log just now. */
  noteCheck(): void {
    this.note({ checked: new Date(this.#lake.clock()).toISOString() })
  }

  /** Remembers how far Athena has come; a run that published nothing new writes nothing. */
  async save(change: Change): Promise<void> {
    this.note(change)
    const { store, layout } = this.#lake
    if (JSON.stringify(this.#next) === JSON.stringify(this.#saved)) return
    this.#saved = this.#next
    await writePublished(store, layout, this.#next)
  }
}
