import { SchemaChanged } from '../../base/errors.ts'
import { parseType, printType } from '../../sql/type-text.ts'
import type { Column, SqlType } from '../../sql/types.ts'
import { checkedColumnName, directory, isExpressible, tableComment } from './athena-ddl.ts'

/**
 * A table as AWS Glue has it (https://docs.aws.amazon.com/glue/latest/webapi/API_TableInput.html), as far as it matters
 * here. Whatever else it has is kept.
 */
export interface GlueTable {
  readonly Name: string
  readonly TableType?: string | undefined
  readonly Parameters?: Readonly<Record<string, string>> | undefined
  readonly PartitionKeys?: readonly GlueColumn[] | undefined
  readonly StorageDescriptor?: GlueStorage | undefined
}

export interface GlueStorage {
  readonly Columns?: readonly GlueColumn[] | undefined
  readonly Location?: string | undefined
  readonly InputFormat?: string | undefined
  readonly OutputFormat?: string | undefined
  readonly SerdeInfo?:
    | {
        readonly SerializationLibrary?: string | undefined
        readonly Parameters?: Readonly<Record<string, string>> | undefined
      }
    | undefined
}

export interface GlueColumn {
  readonly Name?: string | undefined
  readonly Type?: string | undefined
}

/** A partition as AWS Glue has it. */
export interface GluePartition {
  readonly Values: readonly string[]
  readonly StorageDescriptor: GlueStorage
}

const HIVE = 'org.apache.hadoop.hive.ql.io.parquet'
const PARQUET: GlueStorage = {
  InputFormat: `${HIVE}.MapredParquetInputFormat`,
  OutputFormat: `${HIVE}.MapredParquetOutputFormat`,
  SerdeInfo: {
    SerializationLibrary: `${HIVE}.serde.ParquetHiveSerDe`,
    Parameters: { 'serialization.format': '1' },
  },
}
const DELTA = { classification: 'delta', table_type: 'DELTA', 'spark.sql.sources.provider': 'delta' }

/** The silver table as CREATE EXTERNAL TABLE … STORED AS PARQUET would make it. Throws InvalidDdl. */
export function glueTable(name: string, columns: readonly Column[], location: string, comment: string): GlueTable {
  const text = tableComment(comment)
  return {
    Name: name,
    TableType: 'EXTERNAL_TABLE',
    Parameters: { EXTERNAL: 'TRUE', classification: 'parquet', ...(text !== '' && { comment: text }) },
    PartitionKeys: ['ingest_date', 'batch'].map(key => ({ Name: key, Type: 'string' })),
    StorageDescriptor: {
      Columns: glueColumns(columns),
      Location: directory(location),
      ...PARQUET,
    },
  }
}

/** A partition with the columns of its table, and Parquet's formats. */
export function gluePartition(values: readonly string[], table: GlueTable, location: string): GluePartition {
  const { StorageDescriptor } = overPartitions(table)
  return { Values: values, StorageDescriptor: { ...StorageDescriptor, Location: directory(location) } }
}

/**
 * The same table for queries that go by the Delta log at its location: the parameter `table_type` of Athena's CREATE EXTERNAL
 * TABLE, and the provider and path that Trino, Spark and Glue look for
 * (https://docs.aws.amazon.com/athena/latest/ug/delta-lake-tables-syncing-metadata.html). Columns and keys stay: Lake
 * Formation and views want the schema of the Delta log in Glue. The same object where it is one already.
 */
export function overDelta(table: GlueTable): GlueTable {
  if (isOverDelta(table)) return table
  const { Columns = [], Location = '' } = table.StorageDescriptor ?? {}
  return {
    ...table,
    Parameters: { ...table.Parameters, ...DELTA },
    StorageDescriptor: {
      Columns,
      Location,
      SerdeInfo: { Parameters: { 'serialization.format': '1', path: Location } },
    },
  }
}

/** The same table for queries that go by its partitions. The same object where it is one already. */
export function overPartitions(table: GlueTable): GlueTable {
  if (!isOverDelta(table)) return table
  const { Columns = [], Location = '' } = table.StorageDescriptor ?? {}
  const others = Object.entries(table.Parameters ?? {}).filter(([name]) => !Object.hasOwn(DELTA, name))
  return {
    ...table,
    Parameters: { ...Object.fromEntries(others), classification: 'parquet' },
    StorageDescriptor: { Columns, Location, ...PARQUET },
  }
}

/** Whether Athena reads the table by its Delta log. */
export function isOverDelta({ Parameters = {} }: GlueTable): boolean {
  return [Parameters.table_type, Parameters['spark.sql.sources.provider']].some(each => each?.toLowerCase() === 'delta')
}

/**
 * Columns as Glue has them. A nested one with the name of a field that Athena can't have is left out: it is in the files, for
 * other readers. Throws InvalidDdl.
 */
export function glueColumns(columns: readonly Column[]): GlueColumn[] {
  return columns
    .filter(({ type }) => isExpressible(type))
    .map(({ name, type }) => ({ Name: checkedColumnName(name).toLowerCase(), Type: typeForGlue(type) }))
}

/** Columns as a table in Glue has them. Throws SchemaChanged where somebody has given one a type that no column of silver has. */
export function columnsInGlue({ StorageDescriptor }: GlueTable): Column[] {
  return (StorageDescriptor?.Columns ?? []).map(({ Name = '', Type = '' }) => ({
    name: Name,
    type: typeInGlue(Name, Type),
  }))
}

/** A column as Glue can have it: names are in lower case there, those of fields too. */
export function asInGlue({ name, type }: Column): Column {
  return { name, type: parseType(typeForGlue(type)) }
}

function typeForGlue(type: SqlType): string {
  return printType(type).toLowerCase()
}

function typeInGlue(name: string, text: string): SqlType {
  try {
    return parseType(text)
  } catch (error) {
    const reason = `column ${name} is ${text} in Athena, which no column of silver.reviews can be`
    throw new SchemaChanged(`${reason}: somebody altered the table; give the column its type back`, { cause: error })
  }
}
