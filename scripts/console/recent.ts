/** How long a look's result is used, in milliseconds, and how much longer than the look itself took. */
const LEAST = 20_000
const TIMES = 20

/** What takes long to find out: it is found out behind the scenes, and what was found last is used meanwhile. */
export class Recent<T> {
  readonly #find: () => Promise<T>
  readonly #changed: () => void
  #value: { readonly value: T; readonly at: number } | undefined
  #until = 0
  #finding: Promise<void> | undefined
  #failure: unknown

  /** `changed` is called when something was found. */
  constructor(find: () => Promise<T>, changed: () => void) {
    this.#find = find
    this.#changed = changed
  }

  /** What was found last, and when (UTC milliseconds). Looks again where that is old. */
  get(): { readonly value: T; readonly at: number } | undefined {
    if (Date.now() > this.#until) void this.find()
    return this.#value
  }

  /** Looks now, unless a look goes on, and waits for it. Why it failed is thrown by `failure`. */
  find(): Promise<void> {
    const started = Date.now()
    this.#finding ??= this.#find()
      .then(
        value => {
          this.#value = { value, at: Date.now() }
          this.#failure = undefined
        },
        error => {
          this.#failure = error
        },
      )
      .finally(() => {
        this.#until = Date.now() + Math.max(LEAST, TIMES * (Date.now() - started))
        this.#finding = undefined
        this.#changed()
      })
    return this.#finding
  }

  /** Why the last look failed. */
  get failure(): unknown {
    return this.#failure
  }

  /** Makes the next `get` look again. */
  expire(): void {
    this.#until = 0
  }
}
