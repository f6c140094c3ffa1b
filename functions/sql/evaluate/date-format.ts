import { civilFromDays, daysFromCivil, formatYear, splitMicros } from './civil.ts'
import { checkedPattern, MONTHS, type PatternPart, WEEKDAYS } from './date-pattern.ts'

/** 0 (Sunday) to 6. 1970-01-01 was a Thursday. */
export function weekday(days: number): number {
  return (((days + 4) % 7) + 7) % 7
}

export function dayOfYear(days: number): number {
  return days - daysFromCivil(civilFromDays(days).year, 1, 1) + 1
}

/** DATE_FORMAT: UTC microseconds as text, in English and in UTC. */
export function dateFormatter(pattern: string): (micros: bigint) => string {
  const parts = checkedPattern(pattern, 'format')
  return micros => {
    const { days, ofDay } = splitMicros(micros)
    return parts.map(part => ('text' in part ? part.text : field(part, days, ofDay))).join('')
  }
}

function field({ letter, count }: Extract<PatternPart, { letter: string }>, days: number, ofDay: bigint): string {
  const { year, month, day } = civilFromDays(days)
  const second = Math.floor(Number(ofDay) / 1e6)
  const hour = Math.floor(second / 3600)
  const pad = (value: number) => String(value).padStart(count, '0')
  switch (letter) {
    case 'y':
      if (count === 2) return pad(Math.abs(year) % 100)
      return count === 1 ? String(year) : formatYear(year)
    case 'M':
      return count < 3 ? pad(month) : name(MONTHS, month - 1, count)
    case 'd':
      return pad(day)
    case 'D':
      return pad(dayOfYear(days))
    case 'E':
      return name(WEEKDAYS, weekday(days), count)
    case 'Q':
      return pad(Math.ceil(month / 3))
    case 'a':
      return hour < 12 ? 'AM' : 'PM'
    case 'H':
      return pad(hour)
    case 'k':
      return pad(hour || 24)
    case 'h':
      return pad(hour % 12 || 12)
    case 'K':
      return pad(hour % 12)
    case 'm':
      return pad(Math.floor(second / 60) % 60)
    case 's':
      return pad(second % 60)
    case 'S':
      return String(ofDay % 1_000_000n)
        .padStart(6, '0')
        .padEnd(9, '0')
        .slice(0, count)
    case 'X':
      return 'Z'
    default:
      return letter === 'x' && count === 3 ? '+00:00' : letter === 'x' && count === 1 ? '+00' : '+0000'
  }
}

function name(names: readonly string[], at: number, count: number): string {
  const full = names[at] ?? ''
  return count === 4 ? full : full.slice(0, 3)
}
