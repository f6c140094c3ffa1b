import { visibleLine } from '../../../../functions/base/visible.ts'

// made once: toLocaleString makes one for each number
const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 10 })

/** A value as a text on one line; what a reader can't see is shown as `\u001b`. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no time' : value.toISOString().replace('T', ' ')
  if (typeof value === 'number' || typeof value === 'bigint') return NUMBER.format(value)
  if (value instanceof Uint8Array)
    return [...value.subarray(0, 32)].map(byte => byte.toString(16).padStart(2, '0')).join('')
  if (typeof value !== 'object') return visibleLine(String(value))
  return visibleLine(JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each)))
}
