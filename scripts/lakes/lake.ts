import type { DuckDBConnection } from '@duckdb/node-api'
import type { QueryResult, RowStream } from '../../functions/adapters/duckdb/collect.ts'
import type { Beside } from '../../functions/adapters/duckdb/local-athena.ts'
import type { CatalogTable } from '../../functions/adapters/duckdb/local-catalog.ts'
import type { FoundPartition } from '../../functions/adapters/duckdb/refuse-losses.ts'
import type { Executions } from '../../functions/lake/claim.ts'
import type { Layout } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import type { Catalog } from '../../functions/readers/athena/catalog.ts'
import type { LakeRecord, RecordOptions } from './lake-record.ts'

/** A lake that a command works on: in a directory, on S3, or that of a deployed stage. */
export interface OpenLake {
  readonly store: Store
  readonly layout: Layout
  readonly executions: Executions
  readonly catalog: Catalog
  /** How messages name it. */
  readonly name: string
  /** Its root as a URI, with a slash at its end. */
  readonly uri: string
  /**
   * Starts a query over `silver.reviews`, which is what is published, and the tables of the log. Without Athena, throws
   * Refusal where committed files are gone.
   */
  readonly stream: (sql: string) => Promise<RowStream>
  /** The same for a result that is known to be small, over the files that are there, as Athena would. */
  readonly query: (sql: string) => Promise<QueryResult>
  /** Writes a query's rows as a Parquet file, and returns their number. */
  readonly writeParquet: (sql: string, file: string) => Promise<number>
}

/** A lake whose state machine runs in this process: in a directory, or under a prefix of a bucket. */
export interface LocalLake extends OpenLake {
  /** Its directory; null on S3. */
  readonly root: string | null
  /** Its root as Spark's readers by path name it, with a slash at its end. */
  readonly sparkUri: string
  readonly record: LakeRecord
  /** The options that open it again, in another process. */
  readonly options: LakeOptions
  /** Connects to DuckDB with the files that the statement needs. Null where Athena is asked. */
  readonly connect: ((sql: string, options?: ConnectOptions) => Promise<DuckDBConnection>) | null
}

/** How commands name a lake that is worked on in this process. */
export interface LakeOptions extends RecordOptions {
  readonly lake?: string | undefined
}

export interface ConnectOptions extends Beside {
  /** Judges the partitions with the files that are there, before rows are read. */
  readonly check?: (partitions: readonly FoundPartition[]) => Promise<void>
}

/** The silver table of a lake that is worked on in this process: who is told of it, and who answers for it. */
export type SilverTable =
  | {
      readonly catalog: Catalog
      readonly connect: (table: CatalogTable, sql: string, options: ConnectOptions) => Promise<DuckDBConnection>
    }
  | ({ readonly catalog: Catalog; readonly connect: null } & Pick<OpenLake, 'stream' | 'query' | 'writeParquet'>)
