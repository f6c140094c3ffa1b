import { Layout } from '../../functions/lake/layout.ts'
import { batchCommit, putLog } from './commits.ts'
import { MemoryStore } from './memory-store.ts'

const layout = new Layout()

/** The first commits of a log, of one file each. */
export const sampleLog = (count: number) =>
  Array.from({ length: count }, (_, version) => batchCommit(version, [`key-${version}`]))

/** A log of so many commits, each tied to the one before. */
export async function sealedLog(count: number): Promise<MemoryStore> {
  const store = new MemoryStore()
  await putLog(store, layout, sampleLog(count))
  return store
}

/** Puts an object with one bit of a byte changed. */
export async function flip(store: MemoryStore, key: string, at: number): Promise<void> {
  const bytes = await store.get(key)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
  await store.put(key, bytes)
}

/** Puts a commit of another log in a version's place, whole in itself. */
export async function exchange(store: MemoryStore, version: number): Promise<void> {
  const other = new MemoryStore()
  await putLog(
    other,
    layout,
    sampleLog(version + 1).map(commit => ({ ...commit, execution: 'other' })),
  )
  await store.put(layout.commit(version), await other.get(layout.commit(version)))
}
