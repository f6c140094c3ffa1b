import { versionName } from '../lake/keys.ts'
import type { ObjectVersion, Store } from '../lake/store.ts'
import { voidIn } from '../log/fold.ts'
import type { Codecs } from '../parquet/pages/codecs.ts'
import type { BatchPlan, Item, PinnedFile } from '../planning/batch-plan.ts'
import { ObjectMissing } from '../runtime/errors.ts'
import { type Origin, readOrigins } from './provenance.ts'

/**
 * Which rows an item has to leave out: those that a parked file of the same batch holds, and those that come from a
 * bronze version in whose place another was put since.
 */
export interface ParkedRows {
  /** Rows of a bronze file, ascending. */
  ofBronze(file: ObjectVersion): readonly number[]
  /** Rows of a parked file, ascending. */
  ofParked(file: PinnedFile): readonly number[]
}

/** Reads the provenance of the parked files that matter to an item: few, and only their narrow columns. */
export async function readParkedRows(store: Store, plan: BatchPlan, item: Item, codecs: Codecs): Promise<ParkedRows> {
  const isVoid = voidIn(plan.outdated)
  const parkedByBatch = new Map<string, Set<number>>()
  for (const key of plan.leaveOut) {
    for (const origin of await readOrigins(store, key, codecs)) {
      if (isVoid(key, origin)) continue // its version has come back, and is read from bronze
      const rows = parkedByBatch.get(versionName(origin)) ?? new Set()
      parkedByBatch.set(versionName(origin), rows.add(origin.row))
    }
  }
  const positions = new Map<string, number[]>()
  if (plan.outdated.length > 0 || parkedByBatch.size > 0) {
    for (const { key } of item.parked) {
      const left: number[] = []
      for (const [position, origin] of (await originsOf(store, key, codecs)).entries()) {
        if (isVoid(key, origin) || parkedByBatch.get(versionName(origin))?.has(origin.row)) left.push(position)
      }
      positions.set(key, left)
    }
  }
  return {
    ofBronze: file => [...(parkedByBatch.get(versionName(file)) ?? [])].sort((a, b) => a - b),
    ofParked: file => positions.get(file.key) ?? [],
  }
}

/** A file of the item that is gone is found gone again when it is joined, and deferred there. */
async function originsOf(store: Store, key: string, codecs: Codecs): Promise<Origin[]> {
  try {
    return await readOrigins(store, key, codecs)
  } catch (error) {
    if (error instanceof ObjectMissing) return []
    throw error
  }
}
