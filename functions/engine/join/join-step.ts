import { inRange } from '../../base/at.ts'
import type { Join } from '../../sql/compiled.ts'
import type { OpenDimension } from '../dimensions/open-dimension.ts'
import { type Ingredients, type OfRow, type Picks, prepareTest, stepOf } from './cells.ts'
import { FILTERED, MATCHED, UNMATCHED } from './fate.ts'
import { type FindKey, findKeys } from './find-keys.ts'
import type { GroupReader } from './group-reader.ts'
import type { Step } from './step.ts'

/** Prepares a join for the rows of one row group. `parks`: an inner join's unmatched rows wait. */
export async function joinStep(
  join: Join,
  dimension: OpenDimension,
  reader: GroupReader,
  ingredients: Ingredients,
  parks: boolean,
): Promise<Step> {
  const keys = await findKeys(join, dimension, reader, ingredients)
  const at = stepOf(ingredients.query, join.dimension)
  const on = join.on && (await prepareTest(join.on, reader, ingredients))
  const where = join.where ? await prepareTest(join.where.expr, reader, ingredients) : null
  return new JoinStep(join, at, keys, on, where, dimension.rowsOf, reader.group.rows, parks)
}

/** Looks up rows of a dimension by key: the key and the rest of ON as SQL defines them. */
class JoinStep implements Step {
  fate = MATCHED
  picked = false
  readonly parks: boolean
  readonly multiplies: boolean
  readonly hasColumns: boolean
  readonly #kind: Join['kind']
  /** The fate of a row if ON accepts none of its candidates: without a key, there is no row for it. */
  readonly #rejected: number
  readonly #at: number
  readonly #keys: FindKey
  readonly #isOn: OfRow<boolean> | null
  readonly #isWhere: OfRow<boolean> | null
  readonly #rowsOf: OpenDimension['rowsOf']
  readonly #rows: number
  /** The candidates of the current row. */
  #next = 0
  #end = 0
  /** Whether the row continues with NULLs, or by itself, if no candidate is picked. */
  #alone = false
  /** Whether the join has given a row for the current one. */
  #isJoined = false

  constructor(
    { kind, keys: { length } }: Join,
    at: number,
    keys: FindKey,
    isOn: OfRow<boolean> | null,
    isWhere: OfRow<boolean> | null,
    rowsOf: OpenDimension['rowsOf'],
    rows: number,
    parks: boolean,
  ) {
    this.#kind = kind
    this.#rejected = kind === 'inner' && length > 0 ? FILTERED : UNMATCHED
    this.#at = at
    this.#keys = keys
    this.#isOn = isOn
    this.#isWhere = isWhere
    this.#rowsOf = rowsOf
    this.#rows = rows
    this.parks = parks && kind === 'inner'
    this.hasColumns = kind === 'inner' || kind === 'left'
    this.multiplies = this.hasColumns && rowsOf !== null
  }

  begin(review: number, picks: Picks): void {
    const keys = this.#keys
    const entry = keys.by === 'review' ? inRange(keys.found[review]) : keys.find(review, picks)
    const rowsOf = this.#rowsOf
    this.#next = entry < 0 || !rowsOf ? entry : inRange(rowsOf.starts[entry])
    this.#end = entry < 0 ? entry : rowsOf ? inRange(rowsOf.starts[entry + 1]) : entry + 1
    this.fate = entry < 0 ? entry : MATCHED
    this.picked = false
    this.#isJoined = false
    this.#alone = this.#kind === 'left'
    if (this.hasColumns) return
    const isFound = this.#pick(review, picks)
    if (!isFound && entry >= 0) this.fate = UNMATCHED
    this.#alone = isFound === (this.#kind === 'semi')
    this.#end = this.#next
  }

  next(review: number, picks: Picks): boolean {
    while (this.#join(review, picks)) {
      if (this.#isWhere && !this.#isWhere(review, picks)) continue
      this.picked = true
      return true
    }
    if (this.#isJoined && !this.picked) this.fate = FILTERED
    return false
  }

  /** Goes to the next row of the join. */
  #join(review: number, picks: Picks): boolean {
    if (this.#pick(review, picks)) {
      this.#isJoined = true
      return true
    }
    if (this.#isJoined) return false
    picks[this.#at] = -1
    if (!this.#alone) {
      if (this.#kind === 'inner' && this.fate === MATCHED) this.fate = this.#rejected
      return false
    }
    if (this.#kind === 'left' && this.fate === MATCHED) this.fate = this.#rejected
    this.#isJoined = true
    return true
  }

  /** Picks the next candidate that the rest of ON accepts. */
  #pick(review: number, picks: Picks): boolean {
    while (this.#next < this.#end) {
      const candidate = this.#next++
      picks[this.#at] = this.#rowsOf ? inRange(this.#rowsOf.list[candidate]) : candidate
      if (!this.#isOn || this.#isOn(review, picks)) return true
    }
    return false
  }

  straight(before: readonly Int32Array[]): Int32Array | null {
    if (!this.hasColumns || this.#isOn || this.#isWhere || this.#rowsOf) return null
    const keys = this.#keys
    if (keys.by === 'review') return isWhole(keys.found) ? keys.found : null
    const found = new Int32Array(this.#rows)
    const picks = new Int32Array(before.length)
    for (let row = 0; row < found.length; row++) {
      for (let i = 0; i < picks.length; i++) picks[i] = inRange(before[i]?.[row])
      const entry = keys.find(row, picks)
      if (entry < 0) return null
      found[row] = entry
    }
    return found
  }
}

/** Whether every row has an entry among the keys. */
function isWhole(found: Int32Array): boolean {
  for (let row = 0; row < found.length; row++) if (inRange(found[row]) < 0) return false
  return true
}
