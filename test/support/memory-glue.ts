import { parquetMetadata } from 'hyparquet'
import type { Layout } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import type { AthenaPlace, Glue } from '../../functions/readers/athena/athena-catalog.ts'
import { type GlueTable, isOverDelta } from '../../functions/readers/athena/glue-table.ts'
import { readDelta } from './delta-reader.ts'

/**
 * Athena over one table of Glue, as `athenaCatalogOf` meets both: a query goes by the table's definition, to the locations of
 * partitions, whatever lies there, or to the Delta log. It answers counts of batches, and where their files are.
 */
export class MemoryAthena implements AthenaPlace {
  readonly name = { database: 'silver', table: 'reviews' }
  readonly root = 's3://lake/silver/reviews/'
  table: GlueTable | undefined
  /** Locations by the partition's values. */
  readonly partitions = new Map<string, string>()
  /** The names of Glue's calls, and `count`, since it was looked at last. */
  asked: string[] = []
  readonly #store: Store
  readonly #layout: Layout

  constructor(store: Store, layout: Layout) {
    this.#store = store
    this.#layout = layout
  }

  readonly athena: AthenaPlace['athena'] = {
    run: async sql => {
      if (sql.includes('"$path"')) return (await this.#files()).map(([batch, key]) => [batch, `s3://lake/${key}`])
      this.asked.push('count')
      const counts = await this.counts()
      return [...sql.matchAll(/'([^']+)'/g)].flatMap(([, text = '']) =>
        counts.has(text) ? [[text, String(counts.get(text))]] : [],
      )
    },
  }

  readonly glue: Glue = {
    table: async () => this.#ask('GetTable', () => this.table),
    createTable: async table => this.#ask('CreateTable', () => this.#define(this.table ?? table)),
    updateTable: async table => this.#ask('UpdateTable', () => this.#define(table)),
    list: async () =>
      this.#ask('GetPartitions', () =>
        [...this.partitions].map(([values, location]) => ({ values: values.split('/'), location })),
      ),
    create: async partitions =>
      this.#ask('BatchCreatePartition', () => {
        for (const { Values, StorageDescriptor } of partitions) {
          const name = Values.join('/')
          if (!this.partitions.has(name)) this.partitions.set(name, StorageDescriptor.Location ?? '')
        }
      }),
    update: async partitions =>
      this.#ask('BatchUpdatePartition', () => {
        for (const { Values, StorageDescriptor } of partitions)
          this.partitions.set(Values.join('/'), StorageDescriptor.Location ?? '')
      }),
    drop: async values =>
      this.#ask('DeletePartition', () => {
        for (const each of values) this.partitions.delete(each.join('/'))
      }),
  }

  /** The rows that a query sees in each batch. */
  async counts(): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>()
    for (const [batch, key] of await this.#files()) {
      const rows = Number(parquetMetadata(await this.#store.get(key)).num_rows)
      counts.set(batch, (counts.get(batch) ?? 0) + rows)
    }
    return counts
  }

  async #files(): Promise<[batch: string, key: string][]> {
    const { silver } = this.#layout.roots
    if (!this.table) return []
    if (isOverDelta(this.table)) {
      const { files = new Map() } = (await readDelta(this.#store, this.#layout)) ?? {}
      return [...files.values()].map(({ path, partitionValues }) => [
        String(partitionValues.batch),
        silver + decodeURIComponent(path),
      ])
    }
    const found: [string, string][] = []
    for (const [values, location] of this.partitions) {
      const [, batch = ''] = values.split('/')
      const prefix = silver + location.slice(this.root.length)
      for await (const { key } of this.#store.list(prefix)) found.push([batch, key])
    }
    return found
  }

  #define(table: GlueTable): void {
    this.table = table
  }

  #ask<T>(name: string, act: () => T): T {
    this.asked.push(name)
    return act()
  }
}
