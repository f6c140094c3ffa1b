import type { ServerResponse } from 'node:http'
import { isNamed } from '../../functions/maintain/console/row-files.ts'
import { SAFE_HEADERS } from './guard.ts'
import type { LakeWatch } from './lake-watch.ts'

/** Bytes that are read and sent at once. */
const PIECE = 4 << 20

/**
 * Serves an object whose rows are shown, or a range of it. Any other key, be it that of an object that is there, is not
 * found: the log alone says what is served.
 */
export async function serveFile(
  { lake, index }: LakeWatch,
  key: string,
  range: string | undefined,
  response: ServerResponse,
): Promise<void> {
  const head = isNamed(index, lake.layout, key) ? await lake.store.head(key) : undefined
  if (!head) {
    response.writeHead(404, { ...SAFE_HEADERS, 'content-type': 'text/plain' }).end('the log names no such file\n')
    return
  }
  const { size } = head
  const part = range === undefined ? { start: 0, end: size } : parseRange(range, size)
  if (!part) {
    response.writeHead(416, { ...SAFE_HEADERS, 'content-range': `bytes */${size}` }).end()
    return
  }
  response.writeHead(range === undefined ? 200 : 206, {
    ...SAFE_HEADERS,
    'content-type': 'application/octet-stream',
    'content-disposition': 'attachment',
    'accept-ranges': 'bytes',
    'content-length': part.end - part.start,
    ...(range !== undefined && { 'content-range': `bytes ${part.start}-${part.end - 1}/${size}` }),
  })
  for (let at = part.start; at < part.end && !response.destroyed; at += PIECE) {
    const bytes = await lake.store.get(key, {
      range: { start: at, end: Math.min(part.end, at + PIECE) },
      ifMatch: head.etag,
    })
    if (!response.write(bytes)) await new Promise(done => response.once('drain', done).once('close', done))
  }
  response.end()
}

/** The one range of a Range header (RFC 9110, 14.2) within an object of some bytes; undefined for any other. */
export function parseRange(header: string, size: number): { readonly start: number; readonly end: number } | undefined {
  const [, first, last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? []
  if (first === undefined || (first === '' && last === '')) return undefined
  if (first === '') return Number(last) === 0 ? undefined : { start: Math.max(0, size - Number(last)), end: size }
  const start = Number(first)
  const end = last === '' ? size : Math.min(size, Number(last) + 1)
  return start < end ? { start, end } : undefined
}
