import type { Value } from '../../sql/types.ts'
import { type Physical, physicalOf } from '../metadata/column-type.ts'
import type { Footer } from '../metadata/footer.ts'
import { ParquetError } from '../metadata/parquet-error.ts'
import { isFlat, type SchemaNode } from '../metadata/schema.ts'
import { THRIFT, ThriftReader } from '../metadata/thrift-reader.ts'
import { chunkStatistics } from './chunk-statistics.ts'

/**
 * What a footer says about a file's columns, by name, in the JSON of Delta's statistics (PROTOCOL.md, "Per-file
 * Statistics"): how many values are NULL, and the smallest and largest of whole numbers, dates (`2026-11-30`) and instants
 * (`2026-11-30T07:15:00.123456Z`).
 */
export interface FileStats {
  readonly nullCount: Readonly<Record<string, number>>
  readonly minValues: Readonly<Record<string, number | string>>
  readonly maxValues: Readonly<Record<string, number | string>>
}

/** Delta's writers also collect statistics of the first 32 columns. */
const COLUMNS = 32

/**
 * The statistics of a file's first flat columns, where its footer has exact ones. There are none for text, which writers
 * cut, for fractions, where readers differ about NaN and digits, or for times before the year 1583, where calendars differ.
 */
export function fileStats(footer: Footer): FileStats {
  const stats = { nullCount: {}, minValues: {}, maxValues: {} } as Record<
    keyof FileStats,
    Record<string, number | string>
  >
  const put = (into: Record<string, number | string>, name: string, value: number | string) =>
    Object.defineProperty(into, name, { value, enumerable: true }) // also where the name is __proto__
  for (const node of footer.schema.children.slice(0, COLUMNS)) {
    const column = isFlat(node) && !footer.faults.has(node.firstLeaf) ? columnStats(node, footer) : undefined
    if (!column) continue
    const { name } = node.element
    put(stats.nullCount, name, column.nulls)
    if (column.min === undefined || column.max === undefined) continue
    put(stats.minValues, name, column.min)
    put(stats.maxValues, name, column.max)
  }
  return stats as FileStats // counts are numbers
}

function columnStats(node: SchemaNode, footer: Footer) {
  const physical = physicalIfKnown(node)
  if (!physical) return undefined
  let nulls = 0
  let hasBounds = true
  const values: (number | bigint)[] = []
  for (const { rows, columns } of footer.rowGroups) {
    const chunk = columns[node.firstLeaf]
    if (!chunk) return undefined
    const statistics = chunkStatistics(chunk, physical, physical.sql, footer, rows)
    if (statistics.nulls === undefined) return undefined
    nulls += statistics.nulls
    if (statistics.nulls === rows) continue
    const both = [statistics.min, statistics.max].filter(isWhole)
    if (both.length < 2 || !isExact(chunk.statistics)) hasBounds = false
    values.push(...both)
  }
  if (!hasBounds || values.length === 0) return { nulls }
  const least = values.reduce((a, b) => (b < a ? b : a))
  const greatest = values.reduce((a, b) => (b > a ? b : a))
  return { nulls, min: boundText(least, physical), max: boundText(greatest, physical) }
}

function physicalIfKnown({ element }: SchemaNode): Physical | undefined {
  try {
    return physicalOf(element)
  } catch (error) {
    if (error instanceof ParquetError) return undefined
    throw error
  }
}

function isWhole(value: Value | undefined): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

/** Whether a Statistics struct does not say that its bounds were widened (parquet.thrift: `is_max_value_exact`). */
function isExact(statistics: Uint8Array | undefined): boolean {
  let exact = true
  new ThriftReader(statistics ?? new Uint8Array(1)).struct((id, type) => {
    if ((id === 7 || id === 8) && type === THRIFT.FALSE) exact = false
    return false
  })
  return exact
}

/** A bound in Delta's JSON; undefined for one that it can't hold, or that readers understand differently. */
function boundText(value: number | bigint, { sql }: Physical): number | string | undefined {
  switch (sql) {
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : undefined
    case 'date':
      return modernTime(BigInt(value) * 86_400_000_000n)?.slice(0, 10)
    case 'timestamp':
      return modernTime(BigInt(value))
    default:
      return undefined
  }
}

/** Microseconds as ISO 8601; undefined outside the years 1583 to 9999. */
function modernTime(micros: bigint): string | undefined {
  const below = ((micros % 1000n) + 1000n) % 1000n
  const millis = Number((micros - below) / 1000n)
  if (millis < Date.UTC(1583, 0) || millis >= Date.UTC(10_000, 0)) return undefined
  return new Date(millis).toISOString().replace('Z', `${String(below).padStart(3, '0')}Z`)
}
