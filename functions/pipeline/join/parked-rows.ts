import { ObjectMissing } from '../../base/errors.ts'
import { UnreadableFile } from '../../engine/sources/file-fault.ts'
import { type Origin, readOrigins } from '../../engine/sources/provenance.ts'
import { versionName } from '../../lake/keys.ts'
import type { ObjectVersion, Store } from '../../lake/store.ts'
import { voidIn } from '../../log/fold.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import type { BatchPlan, Item, PinnedFile } from '../../protocol/plan.ts'

/**
 * Which rows an item has to leave out: those that a parked file of the same batch holds, and those that come from a
 * bronze version in whose place another was put since.
 */
export interface ParkedRows {
  /** Rows of a bronze file, ascending. */
  ofBronze(file: ObjectVersion): readonly number[]
  /** Rows of a parked file, ascending. */
  ofParked(file: PinnedFile): readonly number[]
  /** The item's files that can't be joined, because it is not known which of their rows to leave out. */
  readonly faults: readonly UnreadableFile[]
}

/** What is left out of an item that has no parked files to do with. */
export const NONE_LEFT_OUT: ParkedRows = { ofBronze: () => [], ofParked: () => [], faults: [] }

/** Reads the provenance of the parked files that matter to an item: few, and only their narrow columns. */
export async function readParkedRows(store: Store, plan: BatchPlan, item: Item, codecs: Codecs): Promise<ParkedRows> {
  // a batch into which the one was packed that took in rows of its files has both
  const superseded = [...plan.superseded, ...plan.supersedes]
  const isVoid = voidIn(superseded)
  const faults: UnreadableFile[] = []
  const originsOf = async (key: string, concerned: readonly PinnedFile[]): Promise<readonly Origin[]> => {
    try {
      return await readOrigins(store, key, codecs)
    } catch (error) {
      if (!(error instanceof UnreadableFile || error instanceof ObjectMissing)) throw error
      const reason = `where parked rows come from can't be read: ${error.message}`
      faults.push(...concerned.map(file => new UnreadableFile(file.key, reason)))
      return []
    }
  }
  const parkedByBatch = new Map<string, Map<number, string>>()
  for (const key of inTurn(plan)) {
    for (const origin of await originsOf(key, [...item.bronze, ...item.parked])) {
      if (isVoid(key, origin)) continue // its version has come back, and is read from bronze
      const rows = parkedByBatch.get(versionName(origin)) ?? new Map<number, string>()
      if (!rows.has(origin.row)) rows.set(origin.row, key)
      parkedByBatch.set(versionName(origin), rows)
    }
  }
  const positions = new Map<string, number[]>()
  const partlyVoid = new Set(superseded.flatMap(({ parked }) => parked))
  for (const file of item.parked) {
    const { key } = file
    if (partlyVoid.has(key) || parkedByBatch.size > 0) {
      const left: number[] = []
      for (const [position, origin] of (await originsOf(key, [file])).entries()) {
        const holder = parkedByBatch.get(versionName(origin))?.get(origin.row) ?? key
        if (isVoid(key, origin) || holder !== key) left.push(position)
      }
      positions.set(key, left)
    }
  }
  return {
    ofBronze: file => [...(parkedByBatch.get(versionName(file))?.keys() ?? [])].sort((a, b) => a - b),
    ofParked: file => positions.get(file.key) ?? [],
    faults,
  }
}

/**
 * The batch's parked files, those whose rows are another's before those that the batch takes in itself, as it does where several
 * batches were packed into it. A row that stands in several is of the first: it is there once.
 */
function inTurn({ excluded, parked }: BatchPlan): string[] {
  const own = new Set(parked.map(({ key }) => key))
  return [...excluded.filter(key => !own.has(key)), ...excluded.filter(key => own.has(key))]
}
