import { ObjectChanged, ObjectMissing } from '../../base/errors.ts'
import { orUndefined } from '../../base/or-undefined.ts'
import type { Layout } from '../../lake/layout.ts'
import { sealHint, unsealHint } from '../../lake/sealed.ts'
import type { Store } from '../../lake/store.ts'
import { readLog } from '../../log/read.ts'
import { decodeTypes, encodeTypes } from '../../protocol/type-json.ts'
import type { Partition, PartitionCatalog, Registered } from '../../readers/athena/catalog.ts'
import { shown } from '../../readers/athena/differences.ts'
import type { Column } from '../../sql/types.ts'

/** What Glue would hold of the silver table. */
export interface CatalogTable {
  readonly columns: readonly Column[]
  readonly comment: string
  readonly partitions: readonly Registered[]
  /** Whether batches were ever packed into others; missing where they were not. */
  readonly merged?: true
}

/** Where the catalog of a lake without Athena lies: on AWS it is Glue, which is not part of the lake. */
export function catalogKey(layout: Layout): string {
  return `${layout.hidden}local-catalog.json`
}

/** The rows that a query sees in each batch of a table. */
export type CountRows = (table: CatalogTable) => Promise<ReadonlyMap<string, number>>

/** Stands in for Athena's DDL on one machine: a table that knows its partitions and nothing else. */
export class LocalCatalog implements PartitionCatalog {
  readonly goesBy = 'partitions'
  readonly swapsMany = true
  readonly #store: Store
  readonly #layout: Layout
  readonly #count: CountRows

  constructor(store: Store, layout: Layout, count: CountRows) {
    this.#store = store
    this.#layout = layout
    this.#count = count
  }

  /** It is a file of the lake, which every run compares with the log. */
  async hasTable(): Promise<boolean> {
    return true
  }

  ensureTable(columns: readonly Column[], comment: string): Promise<void> {
    return this.#update(table => {
      const known = new Set(table.columns.map(({ name }) => name.toLowerCase()))
      const added = columns.filter(({ name }) => !known.has(name.toLowerCase()))
      return { ...table, comment, columns: [...table.columns, ...added] }
    })
  }

  setPartitions(partitions: readonly Partition[]): Promise<void> {
    return this.#update(async table => {
      const byName = new Map(table.partitions.map(partition => [partitionName(partition), partition]))
      // a slower run may not know yet that the rows of a location are in that of another batch
      const state = table.merged ? (await readLog(this.#store, this.#layout)).state : undefined
      for (const { replaced, absorbs, ...partition } of partitions) {
        const name = partitionName(partition)
        const { ingestDate, batch, location } = partition
        for (const each of absorbs) byName.delete(partitionName({ ingestDate, batch: each }))
        if (state && state.batches.get(batch)?.location !== location) continue
        // ADD IF NOT EXISTS leaves a partition alone that is there; SET LOCATION moves it
        if (replaced || !byName.has(name)) byName.set(name, { ingestDate, batch, location })
      }
      const merges = table.merged || partitions.some(({ absorbs }) => absorbs.length > 0)
      return { ...table, partitions: [...byName.values()], ...(merges && { merged: true }) }
    })
  }

  async listPartitions(): Promise<readonly Registered[]> {
    return (await readCatalog(this.#store, this.#layout)).table.partitions
  }

  dropPartitions(partitions: readonly Registered[]): Promise<void> {
    const dropped = new Set(partitions.map(partitionName))
    return this.#update(table => {
      return { ...table, partitions: table.partitions.filter(partition => !dropped.has(partitionName(partition))) }
    })
  }

  async goByPartitions(): Promise<void> {} // it goes by nothing else

  async batches(): Promise<ReadonlySet<string>> {
    return new Set((await this.listPartitions()).map(({ batch }) => batch))
  }

  async locations(): Promise<ReadonlyMap<string, string>> {
    return new Map((await this.listPartitions()).map(({ batch, location }) => [batch, location]))
  }

  async countRows(partitions: readonly Pick<Partition, 'batch'>[]): Promise<ReadonlyMap<string, number>> {
    const { table } = await readCatalog(this.#store, this.#layout)
    const wanted = new Set(partitions.map(({ batch }) => batch))
    return this.#count({ ...table, partitions: table.partitions.filter(({ batch }) => wanted.has(batch)) })
  }

  async #update(change: (table: CatalogTable) => CatalogTable | Promise<CatalogTable>): Promise<void> {
    for (;;) {
      const { table, etag, isWhole } = await readCatalog(this.#store, this.#layout)
      const changed = await change(table)
      if (isWhole && JSON.stringify(changed) === JSON.stringify(table)) return
      const body = await sealHint({ ...changed, columns: encodeTypes(changed.columns) })
      const condition = etag === undefined ? ({ ifNoneMatch: '*' } as const) : { ifMatch: etag }
      if ((await this.#store.put(catalogKey(this.#layout), body, condition)).written) return
    }
  }
}

/** What identifies a partition: its values, as in Glue. */
function partitionName({ ingestDate, batch }: Pick<Registered, 'ingestDate' | 'batch'>): string {
  return JSON.stringify([ingestDate, batch])
}

/**
 * Reads the local catalog. A lake without one has a table without columns and partitions; in place of one that was
 * damaged is what the log says, and `isWhole` is false. Throws BrokenLog where that can't be read either.
 */
export async function readCatalog(
  store: Store,
  layout: Layout,
): Promise<{ readonly table: CatalogTable; readonly etag: string | undefined; readonly isWhole: boolean }> {
  const key = catalogKey(layout)
  const head = await store.head(key)
  if (!head) return { table: { columns: [], comment: '', partitions: [] }, etag: undefined, isWhole: true }
  const { etag } = head
  const bytes = await orUndefined(store.get(key, { ifMatch: etag }), ObjectChanged, ObjectMissing)
  if (!bytes) return readCatalog(store, layout)
  const read = await unsealHint(bytes)
  return isTable(read)
    ? { table: { ...read, columns: decodeTypes(read.columns, key) }, etag, isWhole: true }
    : { table: await tableOf(store, layout), etag, isWhole: false }
}

/** Our own writing, types as text, as the checksum has shown; that of earlier versions has none. */
function isTable(read: unknown): read is CatalogTable {
  return typeof read === 'object' && read !== null && 'columns' in read && 'partitions' in read
}

/** The table as the log has it. */
async function tableOf(store: Store, layout: Layout): Promise<CatalogTable> {
  const { state } = await readLog(store, layout)
  const merges = [...state.batches.values()].some(({ absorbed = [] }) => absorbed.length > 0)
  const partitions = shown(state).map(({ ingestDate, batch, location }) => ({ ingestDate, batch, location }))
  return { columns: state.schema, comment: state.comment, partitions, ...(merges && { merged: true }) }
}
