import type { Column } from '../../sql/types.ts'

/** A partition as the catalog has it, whoever registered it. */
export interface Registered {
  readonly ingestDate: string
  readonly batch: string
  /** Below the table's root, with a slash at its end; the whole of it where it lies elsewhere. */
  readonly location: string
}

/** A partition of the silver table: one batch, and where its files lie. */
export interface Partition extends Registered {
  /** Whether the batch may have had another location before. */
  readonly replaced: boolean
  /** The batches that were packed into it: their partitions go. */
  readonly absorbs: readonly string[]
}

/** The silver table as Athena finds it, or its stand-in on one machine. */
interface CatalogedTable {
  /** Whether it is there, and queries go by what they should, as far as a cheap question can tell. */
  hasTable(): Promise<boolean>
  /** Makes the table, or adds the columns it lacks. */
  ensureTable(columns: readonly Column[], comment: string): Promise<void>
  /** The batches that it is known to have. */
  batches(): Promise<ReadonlySet<string>>
  /** Where the batches in which a query sees rows lie: below the table's root, with a slash at the end. */
  locations(): Promise<ReadonlyMap<string, string>>
  /** Counts the rows that a query sees in each batch. */
  countRows(batches: readonly Pick<Partition, 'ingestDate' | 'batch'>[]): Promise<ReadonlyMap<string, number>>
}

/** A table whose queries go by its partitions: each has to be registered. */
export interface PartitionCatalog extends CatalogedTable {
  readonly goesBy: 'partitions'
  /** Whether a query sees all that setPartitions changes in one moment. */
  readonly swapsMany: boolean
  /** Makes each batch's partition lie at its location, and takes away those of the batches that were packed into it. Idempotent. */
  setPartitions(partitions: readonly Partition[]): Promise<void>
  /** Every partition that the catalog has; none where there is no table. */
  listPartitions(): Promise<readonly Registered[]>
  /** Takes partitions away and leaves their files alone. Idempotent. */
  dropPartitions(partitions: readonly Registered[]): Promise<void>
  /** Makes queries go by the partitions, which are whole, where they went by the Delta log until now. */
  goByPartitions(): Promise<void>
}

/** A table whose queries go by the Delta log beside its files: nothing is registered. */
export interface DeltaCatalog extends CatalogedTable {
  readonly goesBy: 'delta'
}

/** What tells readers which files are the silver table. */
export type Catalog = PartitionCatalog | DeltaCatalog

/** Whether a query sees several batches swapped in one moment: only then may they be packed into one. */
export function swapsBatches(catalog: Catalog): boolean {
  return catalog.goesBy === 'delta' || catalog.swapsMany
}
