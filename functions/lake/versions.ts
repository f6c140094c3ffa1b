import { mapConcurrently } from '../base/concurrently.ts'
import type { ObjectVersion, Store } from './store.ts'

/** Files pinned at once. */
const CONCURRENCY = 4

/** Whether an etag in the log means the current version of an object, whose etag is `now`. */
export async function isSameVersion(
  store: Pick<Store, 'isSame'>,
  key: string,
  known: string,
  now: string,
): Promise<boolean> {
  return known === now || ((await store.isSame?.(key, known, now)) ?? false)
}

/** Versions as the log names them: with a checksum, where etags don't come from the content. */
export async function pinVersions<File extends ObjectVersion>(
  store: Pick<Store, 'pin'>,
  files: readonly File[],
): Promise<readonly File[]> {
  const pin = store.pin?.bind(store)
  return pin ? mapConcurrently(files, CONCURRENCY, async file => ({ ...file, etag: await pin(file) })) : files
}
