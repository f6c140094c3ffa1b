import { civilFromDays, daysFromCivil, daysInMonth, inDays, inMicros, splitMicros } from '../evaluate/civil.ts'
import { isoWeek, shiftMonths } from '../evaluate/date-arithmetic.ts'
import { dateFormatter, dayOfYear, weekday } from '../evaluate/date-format.ts'
import { dateParser } from '../evaluate/date-parse.ts'
import { truncateDate, truncateTimestamp } from '../evaluate/date-truncate.ts'
import { constantText, type Definition, partial, partialFor, strict, strictFor } from './definition.ts'

/** Functions on dates and timestamps, in UTC. */
export const DATES: readonly Definition[] = [
  strict('year', 'date', 'int', date => civilFromDays(date).year),
  strict('quarter', 'date', 'int', date => Math.ceil(civilFromDays(date).month / 3)),
  strict('month', 'date', 'int', date => civilFromDays(date).month),
  strict('day dayofmonth', 'date', 'int', date => civilFromDays(date).day),
  strict('dayofweek', 'date', 'int', date => weekday(date) + 1),
  strict('weekday', 'date', 'int', date => (weekday(date) + 6) % 7),
  strict('dayofyear', 'date', 'int', dayOfYear),
  strict('weekofyear', 'date', 'int', date => isoWeek(date).week),
  strict('extract-yearofweek', 'date', 'int', date => isoWeek(date).year),
  strict('extract-dayofweek_iso', 'date', 'int', date => ((weekday(date) + 6) % 7) + 1),
  strict('extract-second', 'timestamp', 'seconds', time => splitMicros(time).ofDay % 60_000_000n),
  strict('hour', 'timestamp', 'int', time => Number(splitMicros(time).ofDay / 3_600_000_000n)),
  strict('minute', 'timestamp', 'int', time => Number((splitMicros(time).ofDay / 60_000_000n) % 60n)),
  strict('second', 'timestamp', 'int', time => Number((splitMicros(time).ofDay / 1_000_000n) % 60n)),
  strict('date_add', 'date, days', 'date', (date, days) => (date + days) | 0),
  strict('date_sub', 'date, days', 'date', (date, days) => (date - days) | 0),
  strict('datediff date_diff', 'date, date', 'int', (end, start) => (end - start) | 0),
  partial('add_months', 'date, int', 'date', (date, months) => inDays(shiftMonths(date, months))),
  strict('last_day', 'date', 'date', date => {
    const { year, month } = civilFromDays(date)
    return daysFromCivil(year, month, daysInMonth(year, month)) | 0
  }),
  strictFor('date_trunc', 'unit, timestamp', 'timestamp', call => {
    const unit = constantText(call, 0)
    return (_, time) => inMicros(truncateTimestamp(unit, time))
  }),
  strictFor('trunc', 'date, date unit', 'date', call => {
    const unit = constantText(call, 1)
    // Before the first date of all, Spark wraps years and months, and has no sensible answer for the others.
    const wraps = /^[ym]/i.test(unit)
    return date => (wraps ? truncateDate(unit, date) | 0 : inDays(truncateDate(unit, date)))
  }),
  strictFor('date_format', 'timestamp, format', 'string', call => dateFormatter(constantText(call, 1))),
  partialFor('to_timestamp', 'string, parse format', 'timestamp', call => dateParser(constantText(call, 1))),
  partialFor('to_date', 'string, parse format', 'date', call => {
    const parse = dateParser(constantText(call, 1))
    return text => {
      const time = parse(text)
      return time === null ? null : splitMicros(time).days
    }
  }),
]
