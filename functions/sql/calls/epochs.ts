import { inMicros, MICROS_PER_SECOND } from '../evaluate/civil.ts'
import { addUnits, makeDate, makeTimestamp, monthsBetween, nextDay, unitsBetween } from '../evaluate/date-arithmetic.ts'
import { dateFormatter } from '../evaluate/date-format.ts'
import { dateParser } from '../evaluate/date-parse.ts'
import { floorDivide, narrow } from '../evaluate/integer.ts'
import { fromUtc, toUtc } from '../evaluate/zone.ts'
import { decimalOf, type Value } from '../types.ts'
import { type Call, constantText, type Definition, partial, partialFor, strict, strictFor } from './definition.ts'

const DEFAULT = 'yyyy-MM-dd HH:mm:ss'

/** Functions between times and numbers, zones, and arithmetic by units. What is beyond the types' range is NULL. */
export const EPOCHS: readonly Definition[] = [
  strict('unix_micros', 'only timestamp', 'bigint', time => time),
  strict('unix_millis', 'only timestamp', 'bigint', time => floorDivide(time, 1_000n)[0]),
  strict('unix_seconds', 'only timestamp', 'bigint', time => floorDivide(time, MICROS_PER_SECOND)[0]),
  // UNIX_TIMESTAMP of a time is cut towards 1970, where UNIX_SECONDS goes back to the whole second.
  strict('epoch-seconds', 'timestamp', 'bigint', time => time / MICROS_PER_SECOND),
  strict('unix_date', 'only date', 'int', date => date),
  strict('date_from_unix_date', 'int', 'date', days => days),
  partialFor('timestamp_seconds', 'number', 'timestamp', fromSeconds),
  partial('timestamp_millis', 'whole', 'timestamp', millis => inMicros(BigInt(millis) * 1_000n)),
  strict('timestamp_micros', 'whole', 'timestamp', micros => BigInt(micros)),
  partialFor('unix_timestamp to_unix_timestamp', 'string, parse format?', 'bigint', call => {
    const parse = dateParser(constantText(call, 1) || DEFAULT)
    return text => {
      const time = parse(text)
      return time === null ? null : floorDivide(time, MICROS_PER_SECOND)[0]
    }
  }),
  strictFor('from_unixtime', 'bigint, format?', 'string', call => {
    const format = dateFormatter(constantText(call, 1) || DEFAULT)
    return seconds => format(BigInt.asIntN(64, seconds * MICROS_PER_SECOND))
  }),
  partial('from_utc_timestamp', 'timestamp, string', 'timestamp', fromUtc),
  partial('to_utc_timestamp', 'timestamp, string', 'timestamp', toUtc),
  partial('timestampadd', 'difference unit, int, timestamp', 'timestamp', addUnits),
  partial('shift-micros', 'timestamp, bigint', 'timestamp', (time, micros) => inMicros(time + micros)),
  strict('timestampdiff', 'difference unit, timestamp, timestamp', 'bigint', unitsBetween),
  strict('months_between', 'timestamp, timestamp, boolean?', 'double', monthsBetween),
  partial('next_day', 'date, string', 'date', nextDay),
  partial('make_date', 'int, int, int', 'date', makeDate),
  partial(
    'make_timestamp make_timestamp_ltz',
    'int, int, int, int, int, seconds, string?',
    'timestamp',
    (year, month, day, hour, minute, second, zone) => {
      const local = makeTimestamp(year, month, day, hour, minute, second)
      return local === null || zone === undefined ? local : toUtc(local, zone)
    },
  ),
]

/** Whole numbers and decimals must be microseconds exactly, floats are cut off. */
function fromSeconds(call: Call): (value: Value) => bigint | null {
  const type = call.args[0]?.type ?? 'double'
  if (type === 'float' || type === 'double')
    return value => (Number.isFinite(value) ? BigInt(narrow(Number(value) * 1_000_000, 'bigint')) : null)
  const unit = 10n ** BigInt(decimalOf(type)?.scale ?? 0)
  return value => {
    const micros = BigInt(String(value)) * MICROS_PER_SECOND
    return micros % unit === 0n ? inMicros(micros / unit) : null
  }
}
