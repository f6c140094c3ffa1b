import type { ByteRange } from '../base/bytes.ts'
import { copyAcross } from './copy-across.ts'
import { compareKeys } from './keys.ts'
import type { ObjectInfo, ObjectVersion, ObjectWriter, PutOutcome, Store, WriteCondition } from './store.ts'
import { writerThrough } from './writer-through.ts'

/** A place outside a lake whose objects appear in it under a prefix, which ends with a slash. */
export interface Mount {
  readonly at: string
  readonly store: Store
}

/**
 * A lake whose bronze is elsewhere, in another bucket or directory: a key that begins with a mount's prefix is, without it,
 * a key of the mount's store. What the lake itself has under that prefix is hidden. So commits name each file by one key,
 * wherever it is.
 */
export class MountedStore implements Store {
  readonly #base: Mount
  readonly #mounts: readonly Mount[]

  constructor(base: Store, mounts: readonly Mount[]) {
    this.#base = { at: '', store: base }
    this.#mounts = mounts
  }

  get(key: string, options?: { range?: ByteRange; ifMatch?: string }): Promise<Uint8Array<ArrayBuffer>> {
    const { store, at } = this.#of(key)
    return store.get(key.slice(at.length), options)
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    const { store, at } = this.#of(key)
    const info = await store.head(key.slice(at.length))
    return info && { ...info, key }
  }

  put(key: string, body: Uint8Array, condition?: WriteCondition): Promise<PutOutcome> {
    const { store, at } = this.#of(key)
    return store.put(key.slice(at.length), body, condition)
  }

  /** Copies come from the store that has the source. */
  writer(key: string, condition?: WriteCondition): ObjectWriter {
    const { store, at } = this.#of(key)
    const writer = store.writer(key.slice(at.length), condition)
    return writerThrough(writer, {
      copy: async (object, range) => {
        const from = this.#of(object.key)
        const source = { key: object.key.slice(from.at.length), etag: object.etag }
        await (from.store === store ? writer.copy(source, range) : copyAcross(writer, from.store, source, range))
      },
      copyFrom: (from, source, range) => copyAcross(writer, from, source, range),
    })
  }

  async *list(prefix: string, options: { startAfter?: string } = {}): AsyncIterable<ObjectInfo> {
    const inside = this.#mounts.filter(({ at }) => at.startsWith(prefix) && at !== prefix)
    const whole = this.#of(prefix)
    if (inside.length === 0) return yield* listMount(whole, prefix, options)
    // a prefix above the mounts: their keys come between those of the lake
    const found: ObjectInfo[] = []
    for await (const info of listMount(whole, prefix, options)) if (this.#of(info.key) === whole) found.push(info)
    for (const mount of inside) for await (const info of listMount(mount, mount.at, options)) found.push(info)
    yield* found.sort((a, b) => compareKeys(a.key, b.key))
  }

  delete(key: string): Promise<void> {
    const { store, at } = this.#of(key)
    return store.delete(key.slice(at.length))
  }

  async pin({ key, etag }: ObjectVersion): Promise<string> {
    const { store, at } = this.#of(key)
    return store.pin ? store.pin({ key: key.slice(at.length), etag }) : etag
  }

  async isSame(key: string, known: string, now: string): Promise<boolean> {
    const { store, at } = this.#of(key)
    return known === now || ((await store.isSame?.(key.slice(at.length), known, now)) ?? false)
  }

  /** Only the lake's own: nothing is written where bronze is. */
  async abandoned(): Promise<ObjectInfo[]> {
    return (await this.#base.store.abandoned?.()) ?? []
  }

  async sweep(): Promise<void> {
    await this.#base.store.sweep?.()
  }

  #of(key: string): Mount {
    return this.#mounts.find(({ at }) => key.startsWith(at)) ?? this.#base
  }
}

/** The objects of a mount under the lake's `prefix`, which begins with the mount's. */
async function* listMount(
  { at, store }: Mount,
  prefix: string,
  { startAfter }: { readonly startAfter?: string },
): AsyncIterable<ObjectInfo> {
  const after = startAfter === undefined || compareKeys(startAfter, at) <= 0 ? undefined : startAfter
  if (after !== undefined && !after.startsWith(at)) return // a key after all of the mount's
  const listing = store.list(prefix.slice(at.length), after === undefined ? {} : { startAfter: after.slice(at.length) })
  for await (const info of listing) yield { ...info, key: at + info.key }
}
