import { SilversmithError } from '../../base/errors.ts'
import { printType } from '../../sql/type-text.ts'
import { type Column, isNested, type SqlType } from '../../sql/types.ts'

/** A name or value that can't be put into a statement for Athena. */
export class InvalidDdl extends SilversmithError {
  override readonly name = 'InvalidDdl'
}

/** A table and where it lies, such as `silver`, `reviews`, `s3://bucket/silver/reviews`. */
export interface TableName {
  readonly database: string
  readonly table: string
}

/** The longest comment of a table in Glue, in bytes of UTF-8. */
const MAX_COMMENT_BYTES = 2_048

/**
 * CREATE EXTERNAL TABLE IF NOT EXISTS for the silver table, partitioned by ingest_date and batch. A nested column with
 * the name of a field that Athena can't have is left out: it is in the files, for other readers. Throws InvalidDdl.
 */
export function createTable(name: TableName, columns: readonly Column[], location: string, comment = ''): string {
  const lines = columns.filter(({ type }) => isExpressible(type)).map(column => `  ${define(column)}`)
  const text = tableComment(comment)
  const about = text === '' ? [] : [`COMMENT ${quote(text)}`]
  return [
    `CREATE EXTERNAL TABLE IF NOT EXISTS ${qualify(name)} (`,
    lines.join(',\n'),
    ')',
    ...about,
    'PARTITIONED BY (`ingest_date` string, `batch` string)',
    'STORED AS PARQUET',
    `LOCATION ${quote(directory(location))}`,
  ].join('\n')
}

/** CREATE EXTERNAL TABLE for a table that Athena reads by the Delta log at its location, which has its columns. Throws InvalidDdl. */
export function createTableOverDelta(name: TableName, location: string): string {
  return `CREATE EXTERNAL TABLE ${qualify(name)} LOCATION ${quote(directory(location))} TBLPROPERTIES ('table_type' = 'DELTA')`
}

/** ADD COLUMNS for what evolve found missing, as far as Athena can have it; null for nothing. */
export function addColumns(name: TableName, columns: readonly Column[]): string | null {
  const added = columns.filter(({ type }) => isExpressible(type))
  if (added.length === 0) return null
  return `ALTER TABLE ${qualify(name)} ADD COLUMNS (${added.map(define).join(', ')})`
}

/** SELECT of the number of rows of each of the batches, with the columns `batch` and `rows`. */
export function countRowsStatement(
  { database, table }: TableName,
  partitions: readonly { readonly ingestDate: string; readonly batch: string }[],
): string {
  const [one] = partitions
  if (!one) throw new InvalidDdl('no partition to count')
  const list = (values: readonly string[]) => [...new Set(values)].map(value => `'${partitionValue(value)}'`).join(', ')
  // ingest_date prunes the partitions before batch does.
  return [
    `SELECT batch, count(*) AS "rows" FROM "${identifier(database)}"."${identifier(table)}"`,
    `WHERE ingest_date IN (${list(partitions.map(({ ingestDate }) => ingestDate))})`,
    `AND batch IN (${list(partitions.map(({ batch }) => batch))}) GROUP BY batch`,
  ].join('\n')
}

function qualify({ database, table }: TableName): string {
  return `\`${identifier(database)}\`.\`${identifier(table)}\``
}

/** Databases and tables: what Glue takes without quotes. */
function identifier(name: string): string {
  if (/^[a-z0-9_]{1,255}$/.test(name)) return name
  throw new InvalidDdl(`${JSON.stringify(name)} is not a name for a database or table: use a-z, 0-9 and _ only`)
}

function define({ name, type }: Column): string {
  return `\`${checkedColumnName(name)}\` ${printType(type)}`
}

/** A name that a column in Athena can have. Throws InvalidDdl, also for names that the compiler refuses. */
export function checkedColumnName(name: string): string {
  if (name === '' || name.length > 255 || /[\p{Cc}\u2028\u2029,;:.`]/u.test(name)) {
    throw new InvalidDdl(`${JSON.stringify(name)} is not a name for a column in Athena; give it another with AS`)
  }
  return name
}

/**
 * Whether Athena can have a column of the type: Hive's types have no quotes for the names of fields, and those come
 * from the schemas of bronze files, which are hostile input.
 */
export function isExpressible(type: SqlType): boolean {
  if (!isNested(type)) return true
  if (type.kind === 'array') return isExpressible(type.element)
  if (type.kind === 'map') return isExpressible(type.key) && isExpressible(type.value)
  return type.fields.every(field => /^[\p{L}\p{N}_ ]+$/u.test(field.name) && isExpressible(field.type))
}

function partitionValue(value: string): string {
  if (/^[A-Za-z0-9-]{1,100}$/.test(value)) return value
  throw new InvalidDdl(`${JSON.stringify(value)} is not an ingest_date or a batch`)
}

/** A directory with one slash at its end; S3 keys in a location must not need any encoding. */
export function directory(location: string): string {
  if (/^[a-z0-9]+:\/\/[A-Za-z0-9/!_.*=~-]+$/.test(location)) return location.replace(/\/*$/, '/')
  throw new InvalidDdl(
    `${JSON.stringify(location)} is not a location; it needs a scheme, then only letters, digits and /!_.*=~-`,
  )
}

/** A string literal of Hive's DDL: a quote is \', a backslash \\. */
function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/** A table's comment: one line, cut between characters where it is longer than Glue allows. */
export function tableComment(comment: string): string {
  let text = comment.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim()
  const excess = () => new TextEncoder().encode(text).length - MAX_COMMENT_BYTES
  while (excess() > 0) text = [...text].slice(0, -Math.ceil(excess() / 4)).join('')
  return text
}
