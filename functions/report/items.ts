import type { BatchCommit } from '../protocol/commit.ts'
import type { ItemTimes } from '../protocol/result.ts'

/** What a silver file was joined from. */
export interface DescribedItem {
  readonly silver: string
  readonly rows: number
  readonly bytes: number
  readonly files: readonly string[]
}

/** An item for each silver file of a commit. */
export function describeItems({ silver, bronze, unparked }: BatchCommit): DescribedItem[] {
  const sources = Map.groupBy([...bronze, ...unparked], file => file.silver)
  return silver.map(({ key, rows, size }) => ({
    ...{ silver: key, rows, bytes: size },
    files: (sources.get(key) ?? []).map(file => file.key),
  }))
}

/** An item with its times, where its silver file has them. */
export interface TimedItem extends Omit<DescribedItem, 'files'> {
  readonly sources: number
  /** The first of them. */
  readonly named: readonly string[]
  readonly times: ItemTimes | null
}

/** Sources of an item that are named. */
const NAMED = 3

/** Items with the times that the results of some of them have; `results` has one for each item, or none. */
export function timeItems(
  items: readonly DescribedItem[],
  results: readonly ({ readonly times?: ItemTimes } | undefined)[],
): TimedItem[] {
  return items.map(({ silver, rows, bytes, files }, i) => ({
    ...{ silver, rows, bytes, sources: files.length, named: files.slice(0, NAMED) },
    times: results[i]?.times ?? null,
  }))
}
