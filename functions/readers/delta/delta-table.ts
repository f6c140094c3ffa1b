import { PARTITION_COLUMNS } from '../../sql/schema/column-name.ts'
import type { Column, SqlType } from '../../sql/types.ts'

/*
 * What a Delta table says of itself (Delta's PROTOCOL.md, "Change Metadata" and "Protocol Evolution").
 */

/** How long vacuum keeps files that were replaced, in days: how far back readers can travel in time. */
export const RETENTION_DAYS = 7

/**
 * Reader version 1, which every reader of Delta has. The writer feature `silversmith` is known to nobody, so that other
 * writers, OPTIMIZE and VACUUM refuse: the commits decide what silver is.
 */
export const PROTOCOL = {
  minReaderVersion: 1,
  minWriterVersion: 7,
  writerFeatures: ['inCommitTimestamp', 'silversmith'],
} as const

/** What the table is called, and how it looks, as of a version. */
export interface TableMetadata {
  /** A UUID. */
  readonly id: string
  /** When the table got this id, UTC milliseconds. */
  readonly created: number
  readonly columns: readonly Column[]
  /** The comment above the query; '' for none. */
  readonly comment: string
  /** The columns of which files have bounds; see boundedColumns. */
  readonly bounded: readonly string[]
}

/**
 * The columns of which a file's statistics have bounds, chosen once for a table. A file has those of all of them or of
 * none: where one bound is missing and others are not, deltalake (1.6.6) finds no rows in the file.
 */
export function boundedColumns(columns: readonly Column[]): string[] {
  const isBounded = ({ name, type }: Column) =>
    typeof type === 'string' && BOUNDED.has(type) && /^[a-z_]\w*$/i.test(name)
  return columns.filter(isBounded).map(({ name }) => name)
}

const BOUNDED: ReadonlySet<string> = new Set(['tinyint', 'smallint', 'int', 'bigint', 'date', 'timestamp'])

/** The `metaData` action. Column mapping is never on: the files' names are the table's. */
export function metadataAction({ id, created, columns, comment, bounded }: TableMetadata) {
  return {
    id,
    name: 'reviews',
    ...(comment === '' ? {} : { description: comment }),
    format: { provider: 'parquet', options: {} },
    schemaString: JSON.stringify({
      type: 'struct',
      fields: [...columns.map(field), ...PARTITION_COLUMNS.map(name => field({ name, type: 'string' }))],
    }),
    partitionColumns: [...PARTITION_COLUMNS],
    configuration: {
      'delta.deletedFileRetentionDuration': `interval ${RETENTION_DAYS} days`,
      'delta.enableInCommitTimestamps': 'true',
      ...(bounded.length > 0 && { 'delta.dataSkippingStatsColumns': bounded.join(',') }),
    },
    createdTime: created,
  }
}

function field({ name, type }: Column) {
  return { name, type: deltaType(type), nullable: true, metadata: {} }
}

/** A type in Delta's JSON (PROTOCOL.md, "Schema Serialization Format"). */
function deltaType(type: SqlType): unknown {
  if (typeof type === 'string') return PRIMITIVES.get(type) ?? type
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`
    case 'array':
      return { type: 'array', elementType: deltaType(type.element), containsNull: true }
    case 'map':
      return {
        ...{ type: 'map', keyType: deltaType(type.key) },
        ...{ valueType: deltaType(type.value), valueContainsNull: true },
      }
    case 'struct':
      return { type: 'struct', fields: type.fields.map(field) }
  }
}

/** The types that Delta calls by another name. */
const PRIMITIVES: ReadonlyMap<SqlType, string> = new Map([
  ['tinyint', 'byte'],
  ['smallint', 'short'],
  ['int', 'integer'],
  ['bigint', 'long'],
])
