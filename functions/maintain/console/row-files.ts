import type { Layout } from '../../lake/layout.ts'
import type { LogIndex } from './log-index.ts'

/** A set of rows that can be shown: those in silver, those that wait, those of files in quarantine. */
export type RowSet = 'silver' | 'parked' | 'quarantined'

/** A file whose rows are shown. `rows` is null where the log does not know. */
export interface RowFile {
  readonly key: string
  readonly size: number
  readonly rows: number | null
  readonly batch: string
  /** Why a file is in quarantine. */
  readonly reason?: string
}

/** The files of a set, those of one batch or all, in the order of batches. */
export function rowFiles({ state, quarantined }: LogIndex, layout: Layout, set: RowSet, batch?: string): RowFile[] {
  const isWanted = (of: { readonly batch: string }) =>
    batch === undefined || state.holderOf(of.batch) === state.holderOf(batch)
  if (set === 'parked') {
    return [...state.parked.values()].filter(isWanted).map(({ key, size, rows, batch }) => ({ key, size, rows, batch }))
  }
  if (set === 'quarantined') {
    return [...quarantined.values()]
      .filter(isWanted)
      .map(({ key, size, batch, reason }) => ({ key, size, rows: null, batch, reason }))
  }
  return [...state.batches.values()].filter(isWanted).flatMap(({ batch, location, silver }) => {
    const folder = `${layout.roots.silver}${location}`
    return silver
      .filter(({ rows }) => rows > 0)
      .map(({ key, size, rows }) => ({ key: folder + key, size, rows, batch }))
  })
}

/** Whether the log names an object as one of those whose rows are shown: no other is ever served. */
export function isNamed({ state, quarantined }: LogIndex, layout: Layout, key: string): boolean {
  if (state.parked.has(key) || quarantined.has(key)) return true
  const [, batch = ''] = /\/batch=([^/]+)\/[^/]+\/[^/]+$/.exec(key) ?? []
  const known = state.batches.get(batch)
  if (!known) return false
  const folder = `${layout.roots.silver}${known.location}`
  return known.silver.some(file => folder + file.key === key)
}
