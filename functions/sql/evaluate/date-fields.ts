/** The fields of EXTRACT and DATE_PART by all their names, each with the function that gives it. */
export const FIELDS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    year: 'Y YEAR YEARS YR YRS',
    'extract-yearofweek': 'YEAROFWEEK',
    quarter: 'QUARTER QTR',
    month: 'MONTH MON MONS MONTHS',
    weekofyear: 'WEEK W WEEKS',
    day: 'DAY D DAYS',
    dayofweek: 'DAYOFWEEK DOW',
    'extract-dayofweek_iso': 'DAYOFWEEK_ISO DOW_ISO',
    dayofyear: 'DOY',
    hour: 'HOUR H HOURS HR HRS',
    minute: 'MINUTE M MIN MINS MINUTES',
    'extract-second': 'SECOND S SEC SECONDS SECS',
  }).flatMap(([name, fields]) => fields.split(' ').map(field => [field, name])),
)
