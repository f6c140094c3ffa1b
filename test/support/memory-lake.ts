import type { ByteRange } from '../../functions/base/bytes.ts'
import type { ObjectVersion, ObjectWriter, PutOutcome } from '../../functions/lake/store.ts'

/** Collects an object in memory and counts what was written and what was copied. */
export class MemoryWriter implements ObjectWriter {
  readonly #parts: Uint8Array[] = []
  readonly #objects: ReadonlyMap<string, Uint8Array>
  position = 0
  written = 0
  copied = 0

  constructor(objects: ReadonlyMap<string, Uint8Array> = new Map()) {
    this.#objects = objects
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#parts.push(bytes)
    this.position += bytes.length
    this.written += bytes.length
  }

  async copy(source: ObjectVersion, range: ByteRange): Promise<void> {
    const bytes = this.#objects.get(source.key)?.slice(range.start, range.end)
    if (!bytes) throw new Error(`no object ${source.key}`)
    this.#parts.push(bytes)
    this.position += bytes.length
    this.copied += bytes.length
  }

  async close(): Promise<PutOutcome> {
    return { written: true, etag: 'memory' }
  }

  async abort(): Promise<void> {}

  bytes(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.position)
    let at = 0
    for (const part of this.#parts) {
      whole.set(part, at)
      at += part.length
    }
    return whole
  }
}
