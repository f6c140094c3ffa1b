import { mapConcurrently } from '../../base/concurrently.ts'
import { SchemaChanged } from '../../base/errors.ts'
import { evolve } from '../../sql/schema/evolve.ts'
import { parseType } from '../../sql/type-text.ts'
import type { Column, SqlType } from '../../sql/types.ts'
import {
  addColumns,
  addPartitions,
  countRowsStatement,
  createTable,
  setLocation,
  type TableName,
} from './athena-ddl.ts'
import type { Catalog, Partition, Registered } from './catalog.ts'

/** Runs statements. Throws AthenaFailed, or AthenaUnavailable for what passes by itself. */
export interface Athena {
  /** The rows of the result, without a header; NULL is null. */
  run(sql: string): Promise<(string | null)[][]>
}

/**
 * The table's partitions, as Glue has them. Athena can't list their locations: SHOW PARTITIONS and `"table$partitions"`
 * give names alone, `"$path"` opens every file, DESCRIBE FORMATTED takes one partition a statement. Glue gives 1,000
 * a call: 35 calls for 35,000, at a dollar a million calls and with a right that Athena's own statements need too.
 * Its deletion takes partitions by their values, whatever somebody has put there. It costs 11 kB of bundle.
 */
export interface GluePartitions {
  /** None where there is no table. Throws AthenaFailed, or AthenaUnavailable for what passes by itself. */
  list(): Promise<readonly { readonly values: readonly string[]; readonly location: string }[]>
  /** Those that are not there are no error. Throws as `list` does. */
  drop(values: readonly (readonly string[])[]): Promise<void>
}

/** Statements at once: Athena runs 20 DDL statements of an account side by side. */
const CONCURRENCY = 5

/** The silver table in Athena, with Glue behind it. */
export class AthenaCatalog implements Catalog {
  readonly #athena: Athena
  readonly #glue: GluePartitions
  readonly #table: TableName
  readonly #root: string

  /** `root` is where the table lies: `s3://bucket/silver/reviews/`. */
  constructor(athena: Athena, glue: GluePartitions, table: TableName, root: string) {
    this.#athena = athena
    this.#glue = glue
    this.#table = table
    this.#root = root
  }

  async ensureTable(columns: readonly Column[], comment: string): Promise<void> {
    await this.#athena.run(createTable(this.#table, columns, this.#root, comment))
    const evolution = evolve(await this.#describe(), columns)
    if (!evolution.fits) throw new SchemaChanged(evolution.reason)
    const statement = addColumns(this.#table, evolution.added)
    if (statement !== null) await this.#athena.run(statement)
  }

  async setPartitions(partitions: readonly Partition[]): Promise<void> {
    const located = partitions.map(partition => ({ ...partition, location: this.#root + partition.location }))
    for (const statement of addPartitions(this.#table, located)) await this.#athena.run(statement)
    const replaced = located.filter(partition => partition.replaced)
    await mapConcurrently(replaced, CONCURRENCY, partition => this.#athena.run(setLocation(this.#table, partition)))
  }

  async countRows(partitions: readonly Partition[]): Promise<ReadonlyMap<string, number>> {
    if (partitions.length === 0) return new Map()
    const rows = await this.#athena.run(countRowsStatement(this.#table, partitions))
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
    const { database, table } = this.#table
    const rows = await this.#athena.run(`SHOW PARTITIONS \`${database}\`.\`${table}\``)
    return new Set(
      rows.map(
        ([name]) =>
          name
            ?.split('/')
            .at(-1)
            ?.replace(/^batch=/, '') ?? '',
      ),
    )
  }

  /** `"$path"` is the file of each row. Glue knows the locations too, but Athena has no statement that lists them. */
  async locations(): Promise<ReadonlyMap<string, string>> {
    const { database, table } = this.#table
    const rows = await this.#athena.run(`SELECT DISTINCT batch, "$path" FROM "${database}"."${table}"`)
    return new Map(
      rows.flatMap(([batch, path]) => {
        if (typeof batch !== 'string' || !path?.startsWith(this.#root)) return []
        return [[batch, path.slice(this.#root.length, path.lastIndexOf('/') + 1)]]
      }),
    )
  }

  /** The table's columns: DESCRIBE prints `name <tab> type <tab> comment`, the partition columns below a heading. */
  async #describe(): Promise<Column[]> {
    const { database, table } = this.#table
    const rows = await this.#athena.run(`DESCRIBE \`${database}\`.\`${table}\``)
    const columns: Column[] = []
    for (const row of rows) {
      const [name = '', type = ''] = row
        .join('\t')
        .split('\t')
        .map(text => text.trim())
      if (name === '' || name.startsWith('#')) break
      if (name !== 'ingest_date' && name !== 'batch') columns.push({ name, type: typeInGlue(name, type) })
    }
    return columns
  }
}

/** A type as DESCRIBE prints it. Throws SchemaChanged for one that no column of ours has. */
function typeInGlue(name: string, text: string): SqlType {
  try {
    return parseType(text)
  } catch (error) {
    const reason = `column ${name} is ${text} in Athena, which no column of silver.reviews can be`
    throw new SchemaChanged(`${reason}: somebody altered the table; give the column its type back`, { cause: error })
  }
}
