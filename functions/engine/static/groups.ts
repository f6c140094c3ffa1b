import { inRange } from '../../base/at.ts'
import { grown } from '../../base/bytes.ts'
import { formOf, type Vector } from './vector.ts'

/** Rows with equal keys have the same number, in the order of the rows. */
export interface Groups {
  readonly ids: Int32Array
  readonly count: number
  /** The first row of each. */
  readonly firsts: Int32Array
}

/** Numbers the combinations of values of columns over `rows` rows. NULL is a value; without columns, there is one group. */
export function groupRows(columns: readonly Vector[], rows: number): Groups {
  const [first, ...others] = columns
  if (!first) return { ids: new Int32Array(rows), count: Math.min(rows, 1), firsts: new Int32Array(Math.min(rows, 1)) }
  let groups = numbered(first, rows)
  for (const column of others) groups = combined(groups, column, rows)
  return groups
}

/** The rows of each group: those of group g are `list[starts[g]]` to before `list[starts[g + 1]]`. Rows of group -1 are left out. */
export function rowsByGroup(
  ids: Int32Array,
  count: number,
): { readonly starts: Int32Array; readonly list: Int32Array } {
  const starts = new Int32Array(count + 1)
  for (let row = 0; row < ids.length; row++) {
    const id = inRange(ids[row])
    if (id >= 0) starts[id + 1] = inRange(starts[id + 1]) + 1
  }
  for (let id = 0; id < count; id++) starts[id + 1] = inRange(starts[id + 1]) + inRange(starts[id])
  const list = new Int32Array(inRange(starts[count]))
  const next = starts.slice(0, count)
  for (let row = 0; row < ids.length; row++) {
    const id = inRange(ids[row])
    if (id < 0) continue
    const at = inRange(next[id])
    list[at] = row
    next[id] = at + 1
  }
  return { starts, list }
}

function numbered(column: Vector, rows: number): Groups {
  const codeOf = equalCodes(column)
  const known = new Int32Array(column.values.count + 1)
  const numbering = new Numbering(rows)
  for (let row = 0; row < rows; row++) {
    const at = codeOf(row) + 1
    if (known[at] === 0) known[at] = numbering.open(row) + 1
    numbering.put(row, inRange(known[at]) - 1)
  }
  return numbering.groups()
}

/** Pairs of a group and a code, by open addressing: each slot holds a pair's number + 1. */
function combined({ ids, count }: Groups, column: Vector, rows: number): Groups {
  const codeOf = equalCodes(column)
  const numbering = new Numbering(rows)
  let slots = new Int32Array(1 << 10)
  let groupOf = new Int32Array(1 << 9)
  let codes = new Int32Array(1 << 9)
  const hash = (group: number, code: number): number => {
    const mixed = Math.imul(Math.imul(group, 0x9e3779b1) ^ code, 0x85ebca6b)
    return mixed ^ (mixed >>> 15)
  }
  const find = (group: number, code: number): number => {
    const mask = slots.length - 1
    let slot = hash(group, code) & mask
    for (;;) {
      const number = inRange(slots[slot]) - 1
      if (number < 0 || (groupOf[number] === group && codes[number] === code)) return slot
      slot = (slot + 1) & mask
    }
  }
  const grow = (): void => {
    slots = new Int32Array(slots.length * 2)
    groupOf = grown(groupOf)
    codes = grown(codes)
    for (let number = 0; number < numbering.count; number++)
      slots[find(inRange(groupOf[number]), inRange(codes[number]))] = number + 1
  }
  // Only pairs that occur get a number.
  if (count === 0) return numbering.groups()
  for (let row = 0; row < rows; row++) {
    const group = inRange(ids[row])
    const code = codeOf(row)
    let slot = find(group, code)
    if (slots[slot] === 0) {
      if (numbering.count === groupOf.length) {
        grow()
        slot = find(group, code)
      }
      groupOf[numbering.count] = group
      codes[numbering.count] = code
      slots[slot] = numbering.open(row) + 1
    }
    numbering.put(row, inRange(slots[slot]) - 1)
  }
  return numbering.groups()
}

class Numbering {
  count = 0
  readonly #ids: Int32Array
  #firsts = new Int32Array(1 << 9)

  constructor(rows: number) {
    this.#ids = new Int32Array(rows)
  }

  /** A new number, first seen at a row. */
  open(row: number): number {
    if (this.count === this.#firsts.length) this.#firsts = grown(this.#firsts)
    this.#firsts[this.count] = row
    return this.count++
  }

  put(row: number, number: number): void {
    this.#ids[row] = number
  }

  groups(): Groups {
    return { ids: this.#ids, count: this.count, firsts: this.#firsts.subarray(0, this.count) }
  }
}

/**
 * The code of a row, the same for all values that are equal in Spark: for floats, 0.0 equals -0.0, and all NaNs are equal
 * (NormalizeFloatingNumbers).
 */
function equalCodes({ type, codes, values }: Vector): (row: number) => number {
  if (type !== 'float' && type !== 'double') return row => inRange(codes[row])
  const { read } = formOf(type)
  const first = new Map<number, number>()
  const equal = new Int32Array(values.count)
  for (let code = 0; code < equal.length; code++) {
    const value = Number(read(values, code))
    const known = first.get(value) // in a Map, NaN equals NaN and -0 equals 0
    if (known === undefined) first.set(value, code)
    equal[code] = known ?? code
  }
  return row => {
    const code = inRange(codes[row])
    return code < 0 ? code : inRange(equal[code])
  }
}
