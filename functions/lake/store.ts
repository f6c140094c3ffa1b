import type { ByteRange } from '../base/bytes.ts'

/** An object of the lake. `etag` is opaque and changes with the content; `modified` is in UTC milliseconds. */
export interface ObjectInfo {
  readonly key: string
  readonly size: number
  readonly etag: string
  readonly modified: number
}

/** One version of an object. */
export interface ObjectVersion {
  readonly key: string
  readonly etag: string
}

/** What must be true of the key for a write to happen. */
export type WriteCondition = { readonly ifNoneMatch: '*' } | { readonly ifMatch: string }

/** `written: false` means that the condition did not hold (S3's 412), and that this call changed nothing. */
export type PutOutcome = { readonly written: true; readonly etag: string } | { readonly written: false }

/**
 * Objects by key: a bucket on S3 or a directory. Keys are relative to the lake's root and hold at most 1,024 bytes of
 * UTF-8 (S3's limit). A key that the store can't hold, in a directory one with an empty, `.` or `..` segment, is refused
 * as InvalidKey.
 *
 * Every method may throw StoreUnavailable (5xx, throttling, timeouts, resets, after the implementation's own retries):
 * the outcome of a write is then unknown and must be read back. AccessDenied, StoreFull, StoreLimit, StoreUnsuitable and
 * NameTaken are never retried.
 */
export interface Store {
  /**
   * The object's bytes, or a range of them; fewer than asked for if the object ends earlier.
   * Throws ObjectMissing, or ObjectChanged if `ifMatch` is given and is not the object's etag.
   */
  get(
    key: string,
    options?: { readonly range?: ByteRange; readonly ifMatch?: string },
  ): Promise<Uint8Array<ArrayBuffer>>
  head(key: string): Promise<ObjectInfo | undefined>
  put(key: string, body: Uint8Array, condition?: WriteCondition): Promise<PutOutcome>
  /** Starts an object that becomes visible as a whole when the writer is closed, or not at all. */
  writer(key: string, condition?: WriteCondition): ObjectWriter
  /** Objects whose key begins with `prefix` and comes after `startAfter`, in the order of their UTF-8 bytes. */
  list(prefix: string, options?: { readonly startAfter?: string }): AsyncIterable<ObjectInfo>
  /** Removes the object; a missing one is not an error. */
  delete(key: string): Promise<void>
  /** For stores whose etags don't come from the content: the version's etag with a checksum, for the log. */
  pin?(version: ObjectVersion): Promise<string>
  /** Whether an etag in the log means the version whose etag is `now`: an etag may have several forms. */
  isSame?(key: string, known: string, now: string): Promise<boolean>
  /** Files under construction that no live process writes. On S3, a lifecycle rule removes unfinished uploads. */
  abandoned?(): Promise<ObjectInfo[]>
  /** Removes them. */
  sweep?(): Promise<void>
}

/** The smallest range that a store copies by itself (S3's UploadPartCopy: 5 MiB); smaller ones are read and written. */
export const MIN_COPY_BYTES = 5 << 20

/** An object under construction. After an error, call `abort`. */
export interface ObjectWriter {
  /** Bytes written and copied so far. */
  readonly position: number
  /** Appends bytes. The array belongs to the writer from now on. */
  write(bytes: Uint8Array): Promise<void>
  /**
   * Appends a range of another object, inside the store where it can (S3: UploadPartCopy, from MIN_COPY_BYTES on).
   * Throws ObjectMissing or ObjectChanged if the source is no longer the given version.
   */
  copy(source: ObjectVersion, range: ByteRange): Promise<void>
  /** The same with an object in another store; writers without a better way than `copyAcross` leave it out. */
  copyFrom?(from: Store, source: ObjectVersion, range: ByteRange): Promise<void>
  /** Makes the object visible. */
  close(): Promise<PutOutcome>
  /** Drops what was written. */
  abort(): Promise<void>
}
