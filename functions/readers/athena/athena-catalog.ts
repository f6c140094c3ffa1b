import { AthenaUnavailable, SchemaChanged } from '../../base/errors.ts'
import { evolve } from '../../sql/schema/evolve.ts'
import type { Column } from '../../sql/types.ts'
import { countRowsStatement, type TableName } from './athena-ddl.ts'
import type { Catalog, Partition, Registered } from './catalog.ts'
import {
  asInGlue,
  columnsInGlue,
  type GluePartition,
  type GlueTable,
  glueColumns,
  gluePartition,
  glueTable,
} from './glue-table.ts'

/** Runs statements. Throws AthenaFailed, or AthenaUnavailable for what passes by itself. */
export interface Athena {
  /** The rows of the result, without a header; NULL is null. */
  run(sql: string): Promise<(string | null)[][]>
}

/**
 * The table and its partitions as AWS Glue has them: each call is a tenth of a second, where a DDL statement of Athena waits
 * in a queue for one to three, and Athena can't list locations at all (docs/decisions/glue-calls.md). Every method throws
 * AthenaFailed, or AthenaUnavailable for what passes by itself.
 */
export interface Glue {
  /** Undefined where there is none. */
  table(): Promise<GlueTable | undefined>
  /** One that is there already is no error, and stays as it is. */
  createTable(table: GlueTable): Promise<void>
  /** Changes the table as it was read. */
  updateTable(table: GlueTable): Promise<void>
  /** None where there is no table. */
  list(): Promise<readonly { readonly values: readonly string[]; readonly location: string }[]>
  /** Those that are there already are no error, and stay as they are. */
  create(partitions: readonly GluePartition[]): Promise<void>
  /** Puts others in their places. */
  update(partitions: readonly GluePartition[]): Promise<void>
  /** Those that are not there are no error. */
  drop(values: readonly (readonly string[])[]): Promise<void>
}

/** The silver table in Glue, with Athena to count its rows. */
export class AthenaCatalog implements Catalog {
  readonly #athena: Athena
  readonly #glue: Glue
  readonly #name: TableName
  readonly #root: string
  /** The table as it was made sure of last. */
  #table: GlueTable | undefined

  /** `root` is where the table lies: `s3://bucket/silver/reviews/`. */
  constructor(athena: Athena, glue: Glue, name: TableName, root: string) {
    this.#athena = athena
    this.#glue = glue
    this.#name = name
    this.#root = root
  }

  async hasTable(): Promise<boolean> {
    return (await this.#glue.table()) !== undefined
  }

  async ensureTable(columns: readonly Column[], comment: string): Promise<void> {
    let table = await this.#glue.table()
    if (!table) {
      await this.#glue.createTable(glueTable(this.#name.table, columns, this.#root, comment))
      table = await this.#needTable() // perhaps another run was quicker
    }
    const evolution = evolve(columnsInGlue(table), columns.map(asInGlue))
    if (!evolution.fits) throw new SchemaChanged(evolution.reason)
    const added = glueColumns(evolution.added)
    if (added.length > 0) {
      const { StorageDescriptor } = table
      const grown = { ...StorageDescriptor, Columns: [...(StorageDescriptor?.Columns ?? []), ...added] }
      table = { ...table, StorageDescriptor: grown }
      await this.#glue.updateTable(table)
    }
    this.#table = table
  }

  async setPartitions(partitions: readonly Partition[]): Promise<void> {
    const table = this.#table ?? (await this.#needTable())
    const located = (those: readonly Partition[]) =>
      those.map(({ ingestDate, batch, location }) => gluePartition([ingestDate, batch], table, this.#root + location))
    await this.#glue.create(located(partitions))
    await this.#glue.update(located(partitions.filter(({ replaced }) => replaced)))
  }

  async #needTable(): Promise<GlueTable> {
    const { database, table } = this.#name
    const found = await this.#glue.table()
    if (!found) throw new AthenaUnavailable(`the table ${database}.${table} is not there yet`)
    return found
  }

  async countRows(partitions: readonly Partition[]): Promise<ReadonlyMap<string, number>> {
    if (partitions.length === 0) return new Map()
    const rows = await this.#athena.run(countRowsStatement(this.#name, partitions))
    return new Map(rows.map(([batch, count]) => [String(batch), Number(count)]))
  }

  async listPartitions(): Promise<readonly Registered[]> {
    return (await this.#glue.list()).map(({ values: [ingestDate = '', batch = ''], location }) => {
      const directory = location.endsWith('/') ? location : `${location}/`
      const below = directory.startsWith(this.#root) ? directory.slice(this.#root.length) : directory
      return { ingestDate, batch, location: below }
    })
  }

  async dropPartitions(partitions: readonly Registered[]): Promise<void> {
    await this.#glue.drop(partitions.map(({ ingestDate, batch }) => [ingestDate, batch]))
  }

  async batches(): Promise<ReadonlySet<string>> {
    return new Set((await this.#glue.list()).map(({ values: [, batch = ''] }) => batch))
  }

  /** `"$path"` is the file of each row. Glue knows the locations too, but Athena has no statement that lists them. */
  async locations(): Promise<ReadonlyMap<string, string>> {
    const { database, table } = this.#name
    const rows = await this.#athena.run(`SELECT DISTINCT batch, "$path" FROM "${database}"."${table}"`)
    return new Map(
      rows.flatMap(([batch, path]) => {
        if (typeof batch !== 'string' || !path?.startsWith(this.#root)) return []
        return [[batch, path.slice(this.#root.length, path.lastIndexOf('/') + 1)]]
      }),
    )
  }
}
