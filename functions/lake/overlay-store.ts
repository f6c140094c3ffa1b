import type { ByteRange } from '../base/bytes.ts'
import { ObjectMissing } from '../base/errors.ts'
import { copyAcross } from './copy-across.ts'
import { compareKeys, excerpt } from './keys.ts'
import type { ObjectInfo, ObjectVersion, ObjectWriter, PutOutcome, Store, WriteCondition } from './store.ts'
import { writerThrough } from './writer-through.ts'

/**
 * A lake as it would be: what is written goes to another store, `above`, which is empty at first and has no other user;
 * everything else is read from the lake, which is never written to. `hides` says which of the lake's objects are hidden.
 * Conditions apply to both together, as long as only one process writes.
 */
export class OverlayStore implements Store {
  readonly #below: Store
  readonly #above: Store
  readonly #written = new Set<string>()
  readonly #hides: (key: string) => boolean

  constructor(below: Store, above: Store, hides: (key: string) => boolean = () => false) {
    this.#below = below
    this.#above = above
    this.#hides = hides
  }

  async get(key: string, options?: { range?: ByteRange; ifMatch?: string }): Promise<Uint8Array<ArrayBuffer>> {
    return this.#of(key).get(key, options)
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    return this.#isHidden(key) ? undefined : this.#of(key).head(key)
  }

  async put(key: string, body: Uint8Array, condition?: WriteCondition): Promise<PutOutcome> {
    if (!(await this.#holds(key, condition))) return { written: false }
    const outcome = await this.#above.put(key, body)
    this.#written.add(key)
    return outcome
  }

  writer(key: string, condition?: WriteCondition): ObjectWriter {
    const writer = this.#above.writer(key)
    return writerThrough(writer, {
      copy: (source, range) => copyAcross(writer, this.#of(source.key), source, range),
      copyFrom: (from, source, range) => copyAcross(writer, from, source, range),
      close: async () => {
        if (!(await this.#holds(key, condition))) {
          await writer.abort()
          return { written: false }
        }
        const outcome = await writer.close()
        this.#written.add(key)
        return outcome
      },
    })
  }

  async *list(prefix: string, options?: { startAfter?: string }): AsyncIterable<ObjectInfo> {
    const written: ObjectInfo[] = []
    for await (const info of this.#above.list(prefix, options)) written.push(info)
    let next = 0
    for await (const info of this.#below.list(prefix, options)) {
      for (let head = written[next]; head && compareKeys(head.key, info.key) < 0; head = written[++next]) yield head
      if (!this.#written.has(info.key) && !this.#isHidden(info.key)) yield info
    }
    yield* written.slice(next)
  }

  /** Only for what was written here: the lake's own objects stay. Throws TypeError for those. */
  async delete(key: string): Promise<void> {
    if (!this.#written.delete(key)) throw new TypeError(`${excerpt(key)} belongs to the lake`)
    await this.#above.delete(key)
  }

  async pin(version: ObjectVersion): Promise<string> {
    return (await this.#of(version.key).pin?.(version)) ?? version.etag
  }

  async isSame(key: string, known: string, now: string): Promise<boolean> {
    return known === now || ((await this.#of(key).isSame?.(key, known, now)) ?? false)
  }

  #isHidden(key: string): boolean {
    return !this.#written.has(key) && this.#hides(key)
  }

  #of(key: string): Store {
    if (this.#written.has(key)) return this.#above
    if (this.#hides(key)) throw new ObjectMissing(`no object ${excerpt(key)}`)
    return this.#below
  }

  async #holds(key: string, condition: WriteCondition | undefined): Promise<boolean> {
    if (!condition) return true
    const now = await this.head(key)
    return 'ifNoneMatch' in condition ? now === undefined : now?.etag === condition.ifMatch
  }
}
