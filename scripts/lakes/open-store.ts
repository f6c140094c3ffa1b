import type { Layout } from '../../functions/lake/layout.ts'
import { MountedStore } from '../../functions/lake/mounted-store.ts'
import type { Store } from '../../functions/lake/store.ts'
import { openPlace } from './lake-place.ts'
import { type LakeRecord, readRecord } from './lake-record.ts'

/** Opens a lake that was begun, for a worker: the store alone, with bronze from where its record says. */
export async function openStore(lake: string, layout: Layout): Promise<Store> {
  const { store } = await openPlace(lake, '--lake')
  const record = await readRecord(store, layout)
  return record ? mountBronze(store, layout, record) : store
}

/** The lake's store with bronze from where it lies. */
export async function mountBronze(store: Store, layout: Layout, { reviews, customers }: LakeRecord): Promise<Store> {
  const mounts = []
  if (reviews !== null) {
    mounts.push({ at: layout.roots.reviews, store: (await openPlace(reviews, '--reviews')).store })
  }
  if (customers !== null) {
    mounts.push({ at: layout.roots.customers, store: (await openPlace(customers, '--customers')).store })
  }
  return mounts.length === 0 ? store : new MountedStore(store, mounts)
}
