import { inRange } from '../../base/at.ts'
import type { CompiledQuery } from '../../sql/compiled.ts'
import type { Customers } from '../customers/customers.ts'
import type { RowCounts } from '../sources/source-file.ts'
import { type Evaluated, perCode, prepare } from './cells.ts'
import type { GroupReader } from './group-reader.ts'
import { FILTERED, LEFT_OUT, matchRows, NULL_KEY, UNMATCHED } from './match-rows.ts'

/**
 * Output rows, in order: `reviews[i]` is a row of the row group, `customers[i]` one of the customers (-1 for NULLs).
 * `reviews` is null where they are the rows of the row group, each once.
 */
export interface JoinedRows {
  readonly count: number
  readonly reviews: Int32Array | null
  readonly customers: Int32Array | null
}

/** What became of one row group. */
export interface GroupOutcome {
  readonly counts: RowCounts
  /** The rows to park, ascending. */
  readonly parked: Int32Array
}

/** More output rows than this, from duplicated customers, go into another row group. */
const MOST_ROWS = 1 << 20

/**
 * Joins one row group: SQL's meaning of the filters, the key, the rest of the ON condition and the WHERE. The output
 * rows come in slices, each made when it is asked for, so that customers that are there a thousand times don't fill the
 * memory.
 */
export async function joinRows(
  query: CompiledQuery,
  reader: GroupReader,
  customers: Customers | null,
  parks: boolean,
): Promise<Generator<JoinedRows, GroupOutcome>> {
  const match = await matchRows(query, reader, customers)
  const on = query.join?.on ? await prepare(query.join.on, query, reader, customers) : null
  const where = query.where ? await prepare(query.where.expr, query, reader, customers) : null
  return slicesOf({ query, match, customers, parks, on, where })
}

interface Matched {
  readonly query: CompiledQuery
  readonly match: Int32Array
  readonly customers: Customers | null
  readonly parks: boolean
  readonly on: Evaluated | null
  readonly where: Evaluated | null
}

function* slicesOf({ query, match, customers, parks, on, where }: Matched): Generator<JoinedRows, GroupOutcome> {
  const join = query.join?.kind ?? null
  if ((join === 'inner' || join === 'left') && !on && !where && !customers?.rowsOf && isWhole(match)) {
    // Most row groups are like this: each row has one customer, whose row is the entry of its key.
    const read = match.length
    yield { count: read, reviews: null, customers: match }
    return { counts: { ...NO_COUNTS, read, matched: read, written: read }, parked: new Int32Array(0) }
  }
  const isOn = on && perCode(on, value => value === true)
  const isWhere = where && perCode(where, value => value === true)
  const rowsOf = customers?.rowsOf ?? null
  const output = new OutputRows(match.length, join === 'inner' || join === 'left')
  const parked: number[] = []
  const counts = { filtered: 0, nullKey: 0, unmatched: 0, matched: 0 }

  /** Writes a row without a customer, if the WHERE keeps it. */
  const alone = (row: number, as: 'nullKey' | 'unmatched' | 'matched'): void => {
    if (isWhere && !isWhere(row, -1)) counts.filtered++
    else {
      counts[as]++
      output.add(row, -1)
    }
  }

  for (let row = 0; row < match.length; row++) {
    if (output.full) yield output.take(false)
    const entry = match[row] ?? UNMATCHED
    if (entry === FILTERED) counts.filtered++
    else if (entry === LEFT_OUT) counts.unmatched++
    else if (join === null) alone(row, 'matched')
    else if (entry === NULL_KEY || entry === UNMATCHED) {
      const as = entry === NULL_KEY ? 'nullKey' : 'unmatched'
      if (join === 'left' || join === 'anti') alone(row, as)
      else {
        counts[as]++
        if (entry === UNMATCHED && parks) parked.push(row)
      }
    } else {
      const start = rowsOf ? inRange(rowsOf.starts[entry]) : entry
      const end = rowsOf ? inRange(rowsOf.starts[entry + 1]) : entry + 1
      let onOne = false
      let written = 0
      for (let i = start; i < end; i++) {
        const customer = rowsOf ? inRange(rowsOf.list[i]) : i
        if (isOn && !isOn(row, customer)) continue
        onOne = true
        if (join === 'semi' || join === 'anti') break
        if (isWhere && !isWhere(row, customer)) continue
        if (output.full) yield output.take(false)
        output.add(row, customer)
        written++
      }
      if (join === 'semi') {
        if (onOne) alone(row, 'matched')
        else counts.unmatched++
      } else if (join === 'anti') {
        if (onOne) counts.matched++
        else alone(row, 'unmatched')
      } else if (!onOne && join === 'left') alone(row, 'unmatched')
      else if (written === 0) counts.filtered++
      else counts.matched++
    }
  }
  if (output.count > 0) yield output.take(true)
  return {
    counts: { read: match.length, ...counts, written: output.written, parked: parked.length },
    parked: Int32Array.from(parked),
  }
}

/** Whether each of some rows has an entry among the keys. */
function isWhole(match: Int32Array): boolean {
  for (let row = 0; row < match.length; row++) if ((match[row] ?? UNMATCHED) < 0) return false
  return match.length > 0
}

/** Adds counts up. */
export function addCounts(a: RowCounts, b: RowCounts): RowCounts {
  return {
    read: a.read + b.read,
    filtered: a.filtered + b.filtered,
    nullKey: a.nullKey + b.nullKey,
    unmatched: a.unmatched + b.unmatched,
    matched: a.matched + b.matched,
    written: a.written + b.written,
    parked: a.parked + b.parked,
  }
}

export const NO_COUNTS: RowCounts = {
  read: 0,
  filtered: 0,
  nullKey: 0,
  unmatched: 0,
  matched: 0,
  written: 0,
  parked: 0,
}

/** Gathers output rows into slices. */
class OutputRows {
  readonly #rows: number
  readonly #most: number
  readonly #withCustomers: boolean
  #reviews = new Int32Array(0)
  #customers = new Int32Array(0)
  /** Whether the rows so far are 0, 1, 2, … */
  #inOrder = true
  count = 0
  written = 0

  /** `rows` are those of the row group. */
  constructor(rows: number, withCustomers: boolean) {
    this.#rows = rows
    this.#most = Math.max(MOST_ROWS, rows)
    this.#withCustomers = withCustomers
  }

  get full(): boolean {
    return this.count >= this.#most
  }

  add(review: number, customer: number): void {
    if (this.count === this.#reviews.length) this.#grow()
    if (review !== this.written) this.#inOrder = false
    this.#reviews[this.count] = review
    if (this.#withCustomers) this.#customers[this.count] = customer
    this.count++
    this.written++
  }

  /** The rows since the last call. */
  take(last: boolean): JoinedRows {
    const { count } = this
    const whole = last && this.#inOrder && this.written === this.#rows && count === this.#rows
    const slice = {
      count,
      reviews: whole ? null : this.#reviews.subarray(0, count),
      customers: this.#withCustomers ? this.#customers.subarray(0, count) : null,
    }
    this.#reviews = new Int32Array(0)
    this.#customers = new Int32Array(0)
    this.count = 0
    return slice
  }

  #grow(): void {
    const size = Math.min(this.#most, this.#reviews.length === 0 ? this.#rows : this.#reviews.length * 2)
    const grown = (array: Int32Array) => {
      const larger = new Int32Array(size)
      larger.set(array)
      return larger
    }
    this.#reviews = grown(this.#reviews)
    if (this.#withCustomers) this.#customers = grown(this.#customers)
  }
}
