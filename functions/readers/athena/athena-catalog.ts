import { AthenaUnavailable, SchemaChanged } from '../../base/errors.ts'
import { evolve } from '../../sql/schema/evolve.ts'
import type { Column } from '../../sql/types.ts'
import { countRowsStatement, type TableName } from './athena-ddl.ts'
import type { Catalog, DeltaCatalog, Partition, PartitionCatalog, Registered } from './catalog.ts'
import {
  asInGlue,
  columnsInGlue,
  type GluePartition,
  type GlueTable,
  glueColumns,
  gluePartition,
  glueTable,
  isOverDelta,
  overDelta,
  overPartitions,
} from './glue-table.ts'

/** Runs statements. Throws AthenaFailed, or AthenaUnavailable for what a retry may mend. */
export interface Athena {
  /** The rows of the result, without a header; NULL is null. */
  run(sql: string): Promise<(string | null)[][]>
}

/**
 * The table and its partitions as AWS Glue has them: each call takes a tenth of a second, while a DDL statement of
 * Athena waits in a queue for one to three, and Athena can't list locations at all (docs/decisions/glue-calls.md).
 * Every method throws AthenaFailed, or AthenaUnavailable for what a retry may mend.
 */
export interface Glue {
  /** Undefined where there is none. */
  table(): Promise<GlueTable | undefined>
  /** It is not an error if one is there already; that stays as it is. */
  createTable(table: GlueTable): Promise<void>
  /** Changes the table as it was read. */
  updateTable(table: GlueTable): Promise<void>
  /** None where there is no table. */
  list(): Promise<readonly { readonly values: readonly string[]; readonly location: string }[]>
  /** Those that are there already are not errors, and stay as they are. */
  create(partitions: readonly GluePartition[]): Promise<void>
  /** Replaces them. */
  update(partitions: readonly GluePartition[]): Promise<void>
  /** Those that are not there are not errors. */
  drop(values: readonly (readonly string[])[]): Promise<void>
}

/** Where the silver table is in Athena, and the clients that reach it. */
export interface AthenaPlace {
  readonly athena: Athena
  readonly glue: Glue
  readonly name: TableName
  /** Where the table lies: `s3://bucket/silver/reviews/`. */
  readonly root: string
}

/** The silver table in Glue, with Athena to count its rows. */
export abstract class TableInAthena {
  abstract readonly goesBy: Catalog['goesBy']
  readonly place: AthenaPlace
  /** The table as it was last seen or made. */
  protected ensured: GlueTable | undefined

  constructor(place: AthenaPlace) {
    this.place = place
  }

  async hasTable(): Promise<boolean> {
    const table = await this.place.glue.table()
    return table !== undefined && isOverDelta(table) === (this.goesBy === 'delta')
  }

  /** A table that goes by its partitions is switched to the Delta log where it should go by that; not the other way round. */
  async ensureTable(columns: readonly Column[], comment: string): Promise<void> {
    const { glue, name, root } = this.place
    const wanted = this.goesBy === 'delta' ? overDelta : (table: GlueTable) => table
    let table = await glue.table()
    if (!table) {
      await glue.createTable(wanted(glueTable(name.table, columns, root, comment)))
      table = await this.needTable() // perhaps another run was quicker
    }
    const evolution = evolve(columnsInGlue(table), columns.map(asInGlue))
    if (!evolution.fits) throw new SchemaChanged(evolution.reason)
    const next = wanted(withColumns(table, glueColumns(evolution.added)))
    if (next !== table) await glue.updateTable(next)
    this.ensured = next
  }

  async countRows(batches: readonly Pick<Partition, 'ingestDate' | 'batch'>[]): Promise<ReadonlyMap<string, number>> {
    if (batches.length === 0) return new Map()
    const rows = await this.place.athena.run(countRowsStatement(this.place.name, batches))
    return new Map(rows.map(([batch, count]) => [String(batch), Number(count)]))
  }

  /** `"$path"` is the file of each row. Glue knows the locations too, but Athena has no statement that lists them. */
  async locations(): Promise<ReadonlyMap<string, string>> {
    const { athena, name, root } = this.place
    const rows = await athena.run(`SELECT DISTINCT batch, "$path" FROM "${name.database}"."${name.table}"`)
    return new Map(
      rows.flatMap(([batch, path]) => {
        if (typeof batch !== 'string' || !path?.startsWith(root)) return []
        return [[batch, path.slice(root.length, path.lastIndexOf('/') + 1)]]
      }),
    )
  }

  protected async needTable(): Promise<GlueTable> {
    const { database, table } = this.place.name
    const found = await this.place.glue.table()
    if (!found) throw new AthenaUnavailable(`the table ${database}.${table} is not there yet`)
    return found
  }
}

function withColumns(table: GlueTable, added: GlueTable['PartitionKeys'] = []): GlueTable {
  if (added.length === 0) return table
  const { StorageDescriptor } = table
  return {
    ...table,
    StorageDescriptor: { ...StorageDescriptor, Columns: [...(StorageDescriptor?.Columns ?? []), ...added] },
  }
}

/** The silver table in Athena. */
export function athenaCatalogOf(goesBy: Catalog['goesBy'], place: AthenaPlace): Catalog {
  return goesBy === 'delta' ? new AthenaDeltaCatalog(place) : new AthenaCatalog(place)
}

/** A table that goes by its partitions. */
export class AthenaCatalog extends TableInAthena implements PartitionCatalog {
  readonly goesBy = 'partitions'
  /** No call of Glue changes several partitions at once. */
  readonly swapsMany = false

  /**
   * Batches were packed into others while the table went by the Delta log, as it still does when this first hears of them
   * (goByPartitions comes after all partitions are published).
   */
  async setPartitions(partitions: readonly Partition[]): Promise<void> {
    const { glue, root } = this.place
    const table = this.ensured ?? (await this.needTable())
    const located = (those: readonly Partition[]) =>
      those.map(({ ingestDate, batch, location }) => gluePartition([ingestDate, batch], table, root + location))
    const gone = partitions.flatMap(({ ingestDate, absorbs }) => absorbs.map(batch => [ingestDate, batch]))
    if (gone.length > 0) await glue.drop(gone)
    await glue.create(located(partitions))
    await glue.update(located(partitions.filter(({ replaced }) => replaced)))
  }

  async listPartitions(): Promise<readonly Registered[]> {
    const { glue, root } = this.place
    return (await glue.list()).map(({ values: [ingestDate = '', batch = ''], location }) => {
      const directory = location.endsWith('/') ? location : `${location}/`
      const below = directory.startsWith(root) ? directory.slice(root.length) : directory
      return { ingestDate, batch, location: below }
    })
  }

  async dropPartitions(partitions: readonly Registered[]): Promise<void> {
    await this.place.glue.drop(partitions.map(({ ingestDate, batch }) => [ingestDate, batch]))
  }

  async goByPartitions(): Promise<void> {
    const table = this.ensured ?? (await this.needTable())
    this.ensured = overPartitions(table)
    if (this.ensured !== table) await this.place.glue.updateTable(this.ensured)
  }

  async batches(): Promise<ReadonlySet<string>> {
    return new Set((await this.place.glue.list()).map(({ values: [, batch = ''] }) => batch))
  }
}

/** A table that goes by the Delta log: Glue has its name, its place and its columns, and knows nothing of batches. */
export class AthenaDeltaCatalog extends TableInAthena implements DeltaCatalog {
  readonly goesBy = 'delta'

  async batches(): Promise<ReadonlySet<string>> {
    return new Set((await this.locations()).keys())
  }
}
