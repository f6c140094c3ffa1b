import { createHash } from 'node:crypto'
import { type ByteRange, concat } from '../../functions/base/bytes.ts'
import { ObjectChanged, ObjectMissing } from '../../functions/base/errors.ts'
import { checkKey, compareKeys } from '../../functions/lake/keys.ts'
import type {
  ObjectInfo,
  ObjectVersion,
  ObjectWriter,
  PutOutcome,
  Store,
  WriteCondition,
} from '../../functions/lake/store.ts'

interface StoredObject {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly etag: string
  readonly modified: number
}

/** A lake in memory with an injected clock, for tests that run hundreds of whole executions. */
export class MemoryStore implements Store {
  readonly objects: Map<string, StoredObject>
  readonly #clock: () => number

  constructor(clock: () => number = Date.now, other?: MemoryStore) {
    this.#clock = clock
    this.objects = new Map(other?.objects) // objects never change, they are replaced
  }

  async get(key: string, options: { range?: ByteRange; ifMatch?: string } = {}): Promise<Uint8Array<ArrayBuffer>> {
    const object = this.objects.get(checkKey(key))
    if (!object) throw new ObjectMissing(`no object ${key}`)
    if (options.ifMatch !== undefined && options.ifMatch !== object.etag) throw new ObjectChanged(`${key} has changed`)
    return object.bytes.slice(options.range?.start ?? 0, options.range?.end)
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    const object = this.objects.get(checkKey(key))
    return object && { key, size: object.bytes.length, etag: object.etag, modified: object.modified }
  }

  async put(key: string, body: Uint8Array, condition?: WriteCondition): Promise<PutOutcome> {
    const current = this.objects.get(checkKey(key))
    if (condition && 'ifNoneMatch' in condition && current) return { written: false }
    if (condition && 'ifMatch' in condition && current?.etag !== condition.ifMatch) return { written: false }
    const etag = `"${createHash('md5').update(body).digest('hex')}"` // as S3 makes them
    this.objects.set(key, { bytes: new Uint8Array(body), etag, modified: this.#clock() })
    return { written: true, etag }
  }

  writer(key: string, condition?: WriteCondition): ObjectWriter {
    return new MemoryWriter(this, checkKey(key), condition)
  }

  async *list(prefix: string, options: { startAfter?: string } = {}): AsyncIterable<ObjectInfo> {
    const keys = [...this.objects.keys()].filter(
      key => key.startsWith(prefix) && compareKeys(key, options.startAfter ?? '') > 0,
    )
    for (const key of keys.sort(compareKeys)) {
      const info = await this.head(key)
      if (info) yield info
    }
  }

  async delete(key: string): Promise<void> {
    this.objects.delete(checkKey(key))
  }
}

class MemoryWriter implements ObjectWriter {
  readonly #store: MemoryStore
  readonly #key: string
  readonly #condition: WriteCondition | undefined
  #parts: Uint8Array[] = []
  position = 0

  constructor(store: MemoryStore, key: string, condition: WriteCondition | undefined) {
    this.#store = store
    this.#key = key
    this.#condition = condition
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#parts.push(bytes)
    this.position += bytes.length
  }

  async copy(source: ObjectVersion, range: ByteRange): Promise<void> {
    await this.write(await this.#store.get(source.key, { range, ifMatch: source.etag }))
  }

  close(): Promise<PutOutcome> {
    return this.#store.put(this.#key, concat(this.#parts), this.#condition)
  }

  async abort(): Promise<void> {
    this.#parts = []
  }
}
