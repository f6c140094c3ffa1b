import type { Source } from './source.ts'

/**
 * Under these keys Spark notes in which calendar a file's old dates and timestamps are meant. Without them, copied
 * values from before 1900 would be read as others.
 */
const CALENDAR = [
  'org.apache.spark.version',
  'org.apache.spark.timeZone',
  'org.apache.spark.legacyINT96',
  'org.apache.spark.legacyDateTime',
] as const

/**
 * The key-value metadata that silver takes over from its sources: Spark's calendar, if all sources agree on it. All
 * else describes the bronze file's own columns (Spark's row schema, ARROW:schema, pandas) and would be wrong.
 */
export function keptKeyValue(sources: readonly Source[]): Record<string, string> {
  const [first, ...rest] = sources.map(({ open }) => open.footer.keyValue)
  const kept: Record<string, string> = {}
  for (const key of CALENDAR) {
    const value = first?.get(key)
    if (value !== undefined && rest.every(keyValue => keyValue.get(key) === value)) kept[key] = value
  }
  return kept
}
