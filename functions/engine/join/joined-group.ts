import type { Ingredients } from './cells.ts'
import type { GroupReader } from './group-reader.ts'
import { type GroupOutcome, joinRows } from './join-rows.ts'
import type { JoinedRows } from './output-rows.ts'

/** A joined row group, whose output rows are made when they are asked for. */
export class JoinedGroup {
  readonly reader: GroupReader
  readonly #slices: Generator<JoinedRows, GroupOutcome>
  readonly #made: JoinedRows[] = []
  #outcome: GroupOutcome | null = null

  private constructor(reader: GroupReader, slices: Generator<JoinedRows, GroupOutcome>) {
    this.reader = reader
    this.#slices = slices
  }

  static async join(reader: GroupReader, ingredients: Ingredients, parks: boolean): Promise<JoinedGroup> {
    return new JoinedGroup(reader, await joinRows(reader, ingredients, parks))
  }

  /** Whether each row of the row group comes out exactly once; to be asked before the rows. */
  get isWhole(): boolean {
    while (!this.#outcome && this.#made.length < 2) this.#make()
    const [first] = this.#made
    if (!this.#outcome || this.#made.length > 1) return false
    return first ? first.reviews === null : this.reader.group.rows === 0
  }

  /** The output rows, in slices that each fit a row group. */
  *rows(): Generator<JoinedRows> {
    for (;;) {
      const made = this.#made.shift()
      if (made) yield made
      else if (this.#outcome) return
      else this.#make()
    }
  }

  /** What became of the rows; this makes all that are left. */
  get outcome(): GroupOutcome {
    while (!this.#outcome) this.#make()
    return this.#outcome
  }

  #make(): void {
    const next = this.#slices.next()
    if (next.done) this.#outcome = next.value
    else this.#made.push(next.value)
  }
}
