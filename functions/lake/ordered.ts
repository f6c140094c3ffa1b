import { StoreUnsuitable } from '../base/errors.ts'
import { compareKeys, excerpt } from './keys.ts'

/**
 * Passes a listing on as long as its keys ascend in the order of UTF-8. Lists are merged in this order: in any other, files
 * that are in silver would look new. Throws StoreUnsuitable if a key comes out of order, as in S3's directory buckets.
 */
export async function* inOrder<T extends { readonly key: string }>(listing: AsyncIterable<T>): AsyncIterable<T> {
  let last: string | undefined
  for await (const item of listing) {
    if (last !== undefined && compareKeys(last, item.key) >= 0) {
      throw new StoreUnsuitable(
        `the store lists ${excerpt(item.key)} after ${excerpt(last)}, which is not the order of UTF-8: files would be joined ` +
          'twice; use a store that lists in this order (S3 general purpose buckets do, directory buckets do not)',
      )
    }
    last = item.key
    yield item
  }
}
