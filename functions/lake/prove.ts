import { StoreUnsuitable } from '../base/errors.ts'
import type { Layout } from './layout.ts'
import type { Store } from './store.ts'

/**
 * Proves that the store refuses to overwrite with `If-None-Match: *`, on which everything depends: puts an object twice.
 * Called before the first commit; later, the log itself is the proof. Throws StoreUnsuitable.
 */
export async function proveConditionalWrites(store: Store, layout: Layout): Promise<void> {
  const body = new TextEncoder().encode('{"purpose": "proves that a second put with If-None-Match is refused"}')
  for (let put = 1; put <= 2; put++) {
    // refused at the first put: the object is from an earlier proof
    if (!(await store.put(layout.probe, body, { ifNoneMatch: '*' })).written) return
  }
  throw new StoreUnsuitable(
    "the store overwrites objects despite If-None-Match: *, so two runs could lose each other's commits: use one " +
      'with conditional writes (S3 has them)',
  )
}
