import type { Catalog, DeltaCatalog, Partition, PartitionCatalog, Registered } from './catalog.ts'
import { gluePartition, overPartitions } from './glue-table.ts'
import { type AthenaPlace, TableInAthena } from './table-in-athena.ts'

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
   * Batches were packed into others as long as the table went by the Delta log, as it still does when this is first told of them
   * (goByPartitions comes after all partitions are told).
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

/** A table that goes by the Delta log: Glue has its name, its place and its columns, and nothing of a batch. */
export class AthenaDeltaCatalog extends TableInAthena implements DeltaCatalog {
  readonly goesBy = 'delta'

  async batches(): Promise<ReadonlySet<string>> {
    return new Set((await this.locations()).keys())
  }
}
