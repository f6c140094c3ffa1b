import { readFileSync } from 'node:fs'
import type { SourceFile } from '../../functions/engine/sources/source-file.ts'

/** Bytes as a source, which count how much of them was read. */
export function sourceOf(
  key: string,
  bytes: Uint8Array<ArrayBuffer>,
  more: Partial<SourceFile> = {},
): SourceFile & { readonly bytesRead: () => number; readonly requests: () => number } {
  let bytesRead = 0
  let requests = 0
  return {
    key,
    size: bytes.length,
    etag: `etag of ${key}`,
    modified: 1_795_504_500_000,
    path: {},
    parked: false,
    excluded: [],
    ...more,
    async read({ start, end }) {
      const part = bytes.slice(start, Math.min(end, bytes.length))
      bytesRead += part.length
      requests++
      return part
    },
    bytesRead: () => bytesRead,
    requests: () => requests,
  }
}

/** A file of the disk as a source. */
export function diskSource(path: string, key = path): ReturnType<typeof sourceOf> {
  return sourceOf(key, new Uint8Array(readFileSync(path)))
}
