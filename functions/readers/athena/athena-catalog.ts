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

  async setPartitions(partitions: readonly Partition[]): Promise<void> {
    const { glue, root } = this.place
    const table = this.ensured ?? (await this.needTable())
    const located = (those: readonly Partition[]) =>
      those.map(({ ingestDate, batch, location }) => gluePartition([ingestDate, batch], table, root + location))
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
