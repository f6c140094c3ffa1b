import type { Repairs } from '../../protocol/state.ts'
import type { Differences } from './differences.ts'

/** How many are named. */
const NAMED = 5

export const NO_REPAIRS: Repairs = { dropped: 0, moved: 0, restored: 0, named: [] }

/** The differences that were repaired, for the report. */
export function repairsOf({ strange, moved, missing }: Differences): Repairs {
  const repaired = Object.entries({ dropped: strange, moved, restored: missing })
  const named = repaired.flatMap(([what, partitions]) =>
    partitions.map(({ ingestDate, batch }) => {
      return `${what} ${JSON.stringify(`ingest_date=${ingestDate}/batch=${batch}`).slice(1, -1).slice(0, 120)}`
    }),
  )
  return { dropped: strange.length, moved: moved.length, restored: missing.length, named: named.slice(0, NAMED) }
}

/** Both; the same object where there is nothing to add. */
export function addRepairs(before: Repairs, more: Repairs): Repairs {
  if (countRepairs(more) === 0) return before
  return {
    dropped: before.dropped + more.dropped,
    moved: before.moved + more.moved,
    restored: before.restored + more.restored,
    named: [...before.named, ...more.named].slice(0, NAMED),
  }
}

/** How many partitions were repaired. */
export function countRepairs({ dropped, moved, restored }: Repairs): number {
  return dropped + moved + restored
}

/** The repairs as people read them; undefined for none. */
export function repairLine(repairs: Repairs): string | undefined {
  if (countRepairs(repairs) === 0) return undefined
  const { dropped, moved, restored, named } = repairs
  const parts = [
    dropped > 0 ? `${dropped} dropped that no commit has` : '',
    moved > 0 ? `${moved} moved to where the log has them` : '',
    restored > 0 ? `${restored} registered again that were gone` : '',
  ].filter(part => part !== '')
  const rest = countRepairs(repairs) > named.length ? ', …' : ''
  return `the catalog's partitions were repaired: ${parts.join(', ')} (${named.join(', ')}${rest})`
}
