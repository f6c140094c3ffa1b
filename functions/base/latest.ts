import { elementAt } from './at.ts'

/**
 * Keeps what was loaded last: a warm worker gets one item after another of the same plan, with the same snapshots. A failed
 * load is not kept.
 */
export function latest<T>(load: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const all = latestOf(load)
  return async key => elementAt(await all([key]), 0)
}

/** The same for several keys at once: what the last call asked for is kept. */
export function latestOf<T>(load: (key: string) => Promise<T>): (keys: readonly string[]) => Promise<T[]> {
  let kept: ReadonlyMap<string, Promise<T>> = new Map()
  return keys => {
    const loads = new Map(keys.map(key => [key, kept.get(key) ?? load(key)]))
    kept = loads
    return Promise.all(loads.values()).catch(error => {
      if (kept === loads) kept = new Map()
      throw error
    })
  }
}
