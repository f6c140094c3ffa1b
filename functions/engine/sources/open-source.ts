import type { ByteRange } from '../../base/bytes.ts'
import { ObjectChanged, ObjectMissing } from '../../base/errors.ts'
import { pathColumns } from '../../lake/keys.ts'
import type { ObjectVersion, ObjectWriter, Store } from '../../lake/store.ts'
import type { BronzeInput, PinnedFile } from '../../protocol/plan.ts'
import { fromStore, SourceGone } from './file-fault.ts'
import type { SourceFile } from './source-file.ts'

/** Opens the planned version of a bronze file. Its reads throw SourceGone once that has changed. */
export function bronzeSource(
  store: Store,
  file: BronzeInput,
  root: string,
  excluded: readonly number[] = [],
): SourceFile {
  const path = pathColumns(file.key, root)
  return { ...openVersion(store, file), modified: Date.parse(file.modified), path, parked: false, excluded }
}

/** Opens a parked file; `excluded` are its rows whose bronze file has since been replaced. */
export function parkedSource(store: Store, file: PinnedFile, excluded: readonly number[]): SourceFile {
  return { ...openVersion(store, file), modified: 0, path: {}, parked: true, excluded }
}

/** A version of an object that keeps its last read: a file's end, with the footer, is requested more than once. */
function openVersion(store: Store, { key, etag, size }: PinnedFile) {
  let kept: { readonly range: ByteRange; readonly bytes: Uint8Array<ArrayBuffer> } | undefined
  const read = async (range: ByteRange): Promise<Uint8Array<ArrayBuffer>> => {
    if (kept && range.start >= kept.range.start && range.end <= kept.range.end) {
      return kept.bytes.subarray(range.start - kept.range.start, range.end - kept.range.start)
    }
    const bytes = await gone({ key, etag }, () => store.get(key, { range, ifMatch: etag }))
    if (range.end === size) kept = { range, bytes }
    return bytes
  }
  return { key, etag, size, read }
}

/** A writer whose copies throw SourceGone like the reads, and whose errors are blamed on no file. */
export function guardWriter(writer: ObjectWriter): ObjectWriter {
  const named = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw fromStore(error)
    }
  }
  return {
    get position() {
      return writer.position
    },
    write: bytes => named(() => writer.write(bytes)),
    copy: (source, range) => gone(source, () => writer.copy(source, range)),
    close: () => named(() => writer.close()),
    abort: () => named(() => writer.abort()),
  }
}

async function gone<T>({ key }: ObjectVersion, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof ObjectMissing)
      throw new SourceGone(key, 'it has been removed since it was planned', { cause: error })
    if (error instanceof ObjectChanged)
      throw new SourceGone(key, 'it has changed since it was planned', { cause: error })
    throw fromStore(error)
  }
}
