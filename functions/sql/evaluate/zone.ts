import { inMicros } from './civil.ts'
import { floorDivide } from './integer.ts'
import { isZoneName } from './zone-names.ts'

/** The three-letter zones of Java (ZoneId.SHORT_IDS). */
const SHORT_IDS: Readonly<Record<string, string>> = {
  ACT: 'Australia/Darwin',
  AET: 'Australia/Sydney',
  AGT: 'America/Argentina/Buenos_Aires',
  ART: 'Africa/Cairo',
  AST: 'America/Anchorage',
  BET: 'America/Sao_Paulo',
  BST: 'Asia/Dhaka',
  CAT: 'Africa/Harare',
  CNT: 'America/St_Johns',
  CST: 'America/Chicago',
  CTT: 'Asia/Shanghai',
  EAT: 'Africa/Addis_Ababa',
  ECT: 'Europe/Paris',
  IET: 'America/Indiana/Indianapolis',
  IST: 'Asia/Kolkata',
  JST: 'Asia/Tokyo',
  MIT: 'Pacific/Apia',
  NET: 'Asia/Yerevan',
  NST: 'Pacific/Auckland',
  PLT: 'Asia/Karachi',
  PNT: 'America/Phoenix',
  PRT: 'America/Puerto_Rico',
  PST: 'America/Los_Angeles',
  SST: 'Pacific/Guadalcanal',
  VST: 'Asia/Ho_Chi_Minh',
  EST: '-05:00',
  MST: '-07:00',
  HST: '-10:00',
}

/** A local time, in microseconds, of a zone as Java names it → UTC microseconds; null if there is no such zone. */
export function toUtc(local: bigint, name: string): bigint | null {
  const zone = Object.hasOwn(SHORT_IDS, name) ? (SHORT_IDS[name] ?? name) : name
  const fixed = fixedOffset(zone)
  if (fixed !== null) return local - BigInt(fixed) * 1_000_000n
  const format = regionFormat(zone)
  if (!format) return null
  const seconds = Number(local / 1_000_000n)
  if (Math.abs(seconds) > 8.6e12) return null
  // Java takes the earlier offset where the clocks go back, and moves on by the gap where they go forward: in both
  // cases that is the offset before the change.
  const before = offsetAt(format, seconds - 86_400)
  const after = offsetAt(format, seconds + 86_400)
  const chosen =
    offsetAt(format, seconds - before) === before || offsetAt(format, seconds - after) !== after ? before : after
  return local - BigInt(chosen) * 1_000_000n
}

/** UTC microseconds → the local time of a zone as Java names it, in microseconds; null if there is no such zone. */
export function fromUtc(micros: bigint, name: string): bigint | null {
  const zone = Object.hasOwn(SHORT_IDS, name) ? (SHORT_IDS[name] ?? name) : name
  const fixed = fixedOffset(zone)
  if (fixed !== null) return inMicros(micros + BigInt(fixed) * 1_000_000n)
  const format = regionFormat(zone)
  if (!format) return null
  const seconds = Number(floorDivide(micros, 1_000_000n)[0])
  if (Math.abs(seconds) > 8.6e12) return null
  return inMicros(micros + BigInt(offsetAt(format, seconds)) * 1_000_000n)
}

/**
 * Seconds east of UTC for `Z`, `UTC`, `+5`, `+05:30`, `+0530`, `GMT-1:00`; null for a region (java.time.ZoneOffset.of, and
 * the forms with one digit that DateTimeUtils.getZoneId adds).
 */
function fixedOffset(zone: string): number | null {
  if (/^(Z|UTC|GMT|UT)$/.test(zone)) return 0
  const match = OFFSETS.map(offset => offset.exec(zone)).find(found => found !== null)
  if (!match) return null
  const [, sign, hours, minutes = '0', seconds = '0'] = match
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  if (!(total <= 18 * 3600) || Number(minutes) > 59 || Number(seconds) > 59) return null
  return sign === '-' ? -total : total
}

const OFFSETS = [
  /^(?:UTC|GMT|UT)?([+-])(\d\d?)$/,
  /^(?:UTC|GMT|UT)?([+-])(\d\d)(\d\d)(\d\d)?$/,
  /^(?:UTC|GMT|UT)?([+-])(\d\d?):(\d\d?)$/,
  /^(?:UTC|GMT|UT)?([+-])(\d\d?):(\d\d):(\d\d)$/,
]

const formats = new Map<string, Intl.DateTimeFormat | null>()

function regionFormat(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const format = create(zone)
  // Zones come from data: without a bound, wrong ones would fill the memory.
  if (formats.size < 1_000) formats.set(zone, format)
  return format
}

function create(zone: string): Intl.DateTimeFormat | null {
  if (!isZoneName(zone)) return null
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  } catch {
    return null
  }
}

function offsetAt(format: Intl.DateTimeFormat, seconds: number): number {
  const name = format.formatToParts(seconds * 1000).find(part => part.type === 'timeZoneName')?.value ?? ''
  const [, sign, hours, minutes, rest = '0'] = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? []
  if (sign === undefined) return 0
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest)
  return sign === '-' ? -total : total
}
