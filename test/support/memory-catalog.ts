import { parquetMetadata } from 'hyparquet'
import type { Layout } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import { readLog } from '../../functions/log/read.ts'
import type { Partition, PartitionCatalog, Registered } from '../../functions/readers/athena/catalog.ts'
import type { Column } from '../../functions/sql/types.ts'

/** A catalog that behaves as Athena's: ADD IF NOT EXISTS leaves what is there, SET LOCATION moves, a query lists files. */
export class MemoryCatalog implements PartitionCatalog {
  readonly goesBy = 'partitions'
  readonly swapsMany = true
  columns: readonly Column[]
  /** As in the local catalog. */
  merged: boolean
  /** By batch; a stranger's may have any key. */
  readonly partitions: Map<string, Partition>
  readonly #store: Store
  readonly #layout: Layout

  constructor(store: Store, layout: Layout, other?: MemoryCatalog) {
    this.#store = store
    this.#layout = layout
    this.columns = other?.columns ?? []
    this.merged = other?.merged ?? false
    this.partitions = new Map(other?.partitions)
  }

  async hasTable(): Promise<boolean> {
    return this.columns.length > 0
  }

  async ensureTable(columns: readonly Column[]): Promise<void> {
    const known = new Set(this.columns.map(({ name }) => name.toLowerCase()))
    this.columns = [...this.columns, ...columns.filter(({ name }) => !known.has(name.toLowerCase()))]
  }

  async setPartitions(partitions: readonly Partition[]): Promise<void> {
    const state = this.merged ? (await readLog(this.#store, this.#layout)).state : undefined
    for (const partition of partitions) {
      for (const batch of partition.absorbs) this.partitions.delete(batch)
      if (partition.absorbs.length > 0) this.merged = true
      if (state && state.batches.get(partition.batch)?.location !== partition.location) continue
      if (partition.replaced || !this.partitions.has(partition.batch)) this.partitions.set(partition.batch, partition)
    }
  }

  async listPartitions(): Promise<readonly Registered[]> {
    return [...this.partitions.values()]
  }

  async dropPartitions(partitions: readonly Registered[]): Promise<void> {
    const dropped = new Set(partitions.map(({ ingestDate, batch }) => `${ingestDate}/${batch}`))
    for (const [key, { ingestDate, batch }] of this.partitions)
      if (dropped.has(`${ingestDate}/${batch}`)) this.partitions.delete(key)
  }

  async goByPartitions(): Promise<void> {} // it goes by nothing else

  async batches(): Promise<ReadonlySet<string>> {
    return new Set(this.partitions.keys())
  }

  /** As in Athena, those of batches that have rows. */
  async locations(): Promise<ReadonlyMap<string, string>> {
    const counts = await this.countRows([...this.partitions.values()])
    return new Map(
      [...this.partitions].filter(([batch]) => counts.get(batch)).map(([batch, { location }]) => [batch, location]),
    )
  }

  async countRows(partitions: readonly Pick<Partition, 'batch'>[]): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>()
    for (const { batch } of partitions) {
      for (const key of await this.files(batch)) {
        const rows = Number(parquetMetadata(await this.#store.get(key)).num_rows)
        counts.set(batch, (counts.get(batch) ?? 0) + rows)
      }
    }
    return counts
  }

  /** The files that a query reads of a batch: whatever lies at its partition's location. */
  async files(batch: string): Promise<string[]> {
    const partition = this.partitions.get(batch)
    if (!partition) return []
    const keys: string[] = []
    for await (const { key } of this.#store.list(this.#layout.roots.silver + partition.location)) keys.push(key)
    return keys
  }
}
