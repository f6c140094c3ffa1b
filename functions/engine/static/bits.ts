import type { SqlType } from '../../sql/types.ts'
import { type Accumulator, computed } from './accumulator.ts'
import { type Vector, valuesByRow } from './vector.ts'

const OPERATIONS = {
  bit_and: (a: bigint, b: bigint) => a & b,
  bit_or: (a: bigint, b: bigint) => a | b,
  bit_xor: (a: bigint, b: bigint) => a ^ b,
} as const

/** Combines the bits of whole numbers. */
export function bits(value: Vector, type: SqlType, name: keyof typeof OPERATIONS, groups: number): Accumulator {
  const totals = new Array<bigint | null>(groups).fill(null)
  const cellOf = valuesByRow(value)
  return {
    add(group, row) {
      const cell = cellOf(row)
      if (typeof cell !== 'number' && typeof cell !== 'bigint') return
      const before = totals[group] ?? null
      totals[group] = before === null ? BigInt(cell) : OPERATIONS[name](before, BigInt(cell))
    },
    clear: group => totals.fill(null, group, group + 1),
    ...computed(type, group => {
      const total = totals[group] ?? null
      return total === null || type === 'bigint' ? total : Number(total)
    }),
  }
}
