import type { ByteRange } from '../base/bytes.ts'
import { ObjectChanged } from '../base/errors.ts'
import { excerpt } from './keys.ts'
import type { ObjectVersion, ObjectWriter, Store } from './store.ts'

/** Bytes read at a time if no store can copy by itself. */
const BLOCK = 8 << 20

/** Appends a range of an object in another store: inside S3 if both are there, otherwise by reading it. */
export async function copyAcross(
  writer: ObjectWriter,
  from: Store,
  source: ObjectVersion,
  range: ByteRange,
): Promise<void> {
  if (writer.copyFrom) return writer.copyFrom(from, source, range)
  await copyByReading(writer, from, source, range)
}

/** Appends a range of an object in any store by reading it. Throws ObjectChanged if the object ends before the range does. */
export async function copyByReading(
  writer: ObjectWriter,
  from: Store,
  source: ObjectVersion,
  { start, end }: ByteRange,
): Promise<void> {
  for (let at = start; at < end; at += BLOCK) {
    await writer.write(await readAll(from, source, { start: at, end: Math.min(at + BLOCK, end) }))
  }
}

/** Reads a range of one version of an object. Throws ObjectChanged if the object ends before the range does. */
export async function readAll(
  from: Store,
  { key, etag }: ObjectVersion,
  range: ByteRange,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await from.get(key, { range, ifMatch: etag })
  if (bytes.length === range.end - range.start) return bytes
  throw new ObjectChanged(`object ${excerpt(key)} ends before byte ${range.end}`)
}
