import type { ObjectVersion, Store } from '../lake/store.ts'
import type { Codecs } from '../parquet/pages/codecs.ts'
import type { BatchPlan, Item, PinnedFile } from '../planning/batch-plan.ts'
import { readOrigins } from './provenance.ts'

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

/** Reads the provenance of the parked files that matter to an item: few, and only their narrow columns. */
export async function readParkedRows(store: Store, plan: BatchPlan, item: Item, codecs: Codecs): Promise<ParkedRows> {
  const parkedByBatch = new Map<string, Set<number>>()
  for (const key of plan.leaveOut) {
    for (const origin of await readOrigins(store, key, codecs)) {
      const rows = parkedByBatch.get(nameOf(origin)) ?? new Set()
      parkedByBatch.set(nameOf(origin), rows.add(origin.row))
    }
  }
  const outdated = new Set(plan.outdated.map(nameOf))
  const positions = new Map<string, number[]>()
  if (outdated.size > 0 || parkedByBatch.size > 0) {
    for (const { key } of item.parked) {
      const left: number[] = []
      for (const [position, origin] of (await readOrigins(store, key, codecs)).entries()) {
        const version = nameOf(origin)
        if (outdated.has(version) || parkedByBatch.get(version)?.has(origin.row)) left.push(position)
      }
      positions.set(key, left)
    }
  }
  return {
    ofBronze: file => [...(parkedByBatch.get(nameOf(file)) ?? [])].sort((a, b) => a - b),
    ofParked: file => positions.get(file.key) ?? [],
  }
}

function nameOf({ key, etag }: ObjectVersion): string {
  return JSON.stringify([key, etag])
}
