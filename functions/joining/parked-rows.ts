import { type Compressors, parquetReadObjects } from 'hyparquet'
import type { ObjectVersion, Store } from '../lake/store.ts'
import type { Codecs } from '../parquet/codecs.ts'
import type { BatchPlan, Item, PinnedFile } from '../planning/batch-plan.ts'

/**
 * Which rows an item has to leave out: those that a parked file of the same batch holds, and those that come from a
 * bronze version in whose place another was put.
 */
export interface ParkedRows {
  /** Rows of a bronze file, ascending. */
  ofBronze(file: ObjectVersion): readonly number[]
  /** Rows of a parked file, ascending. */
  ofParked(file: PinnedFile): readonly number[]
}

/** A parked row: where it lies in the parked file, and where it comes from. */
interface Origin {
  readonly position: number
  readonly version: string
  readonly row: number
}

/** Reads the provenance of the parked files that matter to an item: few, and only their narrow columns. */
export async function readParkedRows(store: Store, plan: BatchPlan, item: Item, codecs: Codecs): Promise<ParkedRows> {
  const parkedByBatch = new Map<string, Set<number>>()
  for (const key of plan.leaveOut) {
    for (const { version, row } of await readOrigins(store, key, codecs)) {
      const rows = parkedByBatch.get(version) ?? new Set()
      parkedByBatch.set(version, rows.add(row))
    }
  }
  const outdated = new Set(plan.outdated.map(nameOf))
  const positions = new Map<string, number[]>()
  if (outdated.size > 0 || parkedByBatch.size > 0) {
    for (const { key } of item.parked) {
      const origins = await readOrigins(store, key, codecs)
      const left = origins.filter(({ version, row }) => outdated.has(version) || parkedByBatch.get(version)?.has(row))
      positions.set(
        key,
        left.map(({ position }) => position),
      )
    }
  }
  return {
    ofBronze: file => [...(parkedByBatch.get(nameOf(file)) ?? [])].sort((a, b) => a - b),
    ofParked: file => positions.get(file.key) ?? [],
  }
}

async function readOrigins(store: Store, key: string, codecs: Codecs): Promise<Origin[]> {
  const bytes = await store.get(key)
  const columns = ['_silversmith_key', '_silversmith_etag', '_silversmith_row']
  // the codecs that parked files are written with
  const compressors: Compressors = {
    SNAPPY: (page, length) => codecs.decompress('SNAPPY', page, length),
    ZSTD: (page, length) => codecs.decompress('ZSTD', page, length),
  }
  const rows = await parquetReadObjects({ file: bytes.buffer, columns, compressors })
  return rows.map((row, position) => ({
    position,
    version: nameOf({ key: String(row._silversmith_key), etag: String(row._silversmith_etag) }),
    row: Number(row._silversmith_row),
  }))
}

function nameOf({ key, etag }: ObjectVersion): string {
  return JSON.stringify([key, etag])
}
