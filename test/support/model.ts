export const NAMES = ['x/a', 'x/b', 'y/a', 'y/b'] as const
/** Names of files for lives in which more of them come. */
export const MORE_NAMES = ['x/c', 'x/d', 'x/e', 'y/c', 'y/d', 'y/e'] as const
export type Name = (typeof NAMES | typeof MORE_NAMES)[number]
/** A row's customer: '1' is there from the start, '2' and '3' may come, null is nobody. The query filters by `stars`. */
export type Row = readonly [customer: string | null, stars: number]
/** A file that can't be read. */
export const BROKEN: readonly string[] = []

/** What silver must hold, without a word about how. */
export class Model {
  readonly bronze = new Map<Name, readonly string[]>()
  /** For each file that was joined: its rows as they were then. */
  readonly taken = new Map<Name, readonly string[]>()
  readonly customers = new Set(['1'])
  /** Rows with fewer stars are filtered. */
  least = 2
  readonly silver = new Set<string>()
  /** Whether Spark's readers have all entries: one that is gone may stay so until a list of all is due. */
  sparkTold = true
  /** Whether the Delta log is whole: a version that is gone stays so until the log's end is looked at. */
  deltaTold = true
  /** Vacuum has removed what was replaced until then, UTC milliseconds. */
  horizon = Number.NEGATIVE_INFINITY
  /** What waits, and how many customers there were when it was last looked at. */
  readonly parked = new Map<string, number>()

  /** A run takes new files, and looks at what waits when customers have come. */
  run(within = ''): void {
    for (const [name, rows] of this.bronze) {
      if (name.startsWith(within) && !this.taken.has(name) && rows !== BROKEN) this.take(name, rows)
    }
    if (within !== '') return
    for (const [row, seen] of [...this.parked]) if (seen !== this.customers.size) this.look(row)
  }

  /** Takes changed files as they are now: nothing of what they were before stays. */
  takeChanged(): void {
    for (const name of this.changed()) {
      for (const row of this.taken.get(name) ?? []) {
        this.silver.delete(row)
        this.parked.delete(row)
      }
      this.take(name, this.bronze.get(name) ?? [])
    }
  }

  /** Looks at every row again, but at those that wait. */
  reprocess(): void {
    for (const rows of this.taken.values()) for (const row of rows) if (!this.parked.has(row)) this.look(row)
  }

  changed(): Name[] {
    return [...this.taken].filter(([name, rows]) => this.bronze.get(name) !== rows).map(([name]) => name)
  }

  private take(name: Name, rows: readonly string[]): void {
    this.taken.set(name, rows)
    for (const row of rows) this.look(row)
  }

  private look(row: string): void {
    const [customer, stars] = JSON.parse(row).row
    this.silver.delete(row)
    this.parked.delete(row)
    if (stars < this.least || customer === null) return
    if (this.customers.has(customer)) this.silver.add(row)
    else this.parked.set(row, this.customers.size)
  }
}
