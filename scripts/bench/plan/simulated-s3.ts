import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ObjectMissing } from '../../../functions/base/errors.ts'
import type { Store } from '../../../functions/lake/store.ts'
import { bronzeEtag, bronzeKey, bronzeTime, layout, type SimulatedLake } from './simulated-lake.ts'

export interface SimulatedS3 {
  readonly endpoint: string
  /** Requests so far, by S3's name for them. */
  readonly counts: Record<string, number>
  close(): Promise<void>
}

const PAGE = 1000

/** An S3 with one bucket: the simulated lake's bronze files, each with the content of `template`, and what `store` holds. */
export async function serveLake(lake: SimulatedLake, store: Store, template: Uint8Array): Promise<SimulatedS3> {
  const counts: Record<string, number> = {}
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo // listening on TCP
  return {
    endpoint: `http://127.0.0.1:${port}`,
    counts,
    close: async () => {
      server.closeAllConnections()
      await new Promise(done => server.close(done))
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://s3')
    const key = decodeURIComponent(url.pathname.split('/').slice(2).join('/'))
    const listing = url.searchParams.get('list-type') !== null
    const name = listing ? 'LIST' : (request.method ?? '')
    counts[name] = (counts[name] ?? 0) + 1
    const body: Buffer[] = []
    for await (const chunk of request) body.push(chunk)
    if (listing) return void response.end(await list(url.searchParams))
    if (request.method === 'PUT') {
      const outcome = await store.put(key, new Uint8Array(Buffer.concat(body)))
      return void response.writeHead(200, outcome.written ? { etag: outcome.etag } : {}).end()
    }
    const object = await find(key)
    if (!object) return void response.writeHead(404).end(request.method === 'HEAD' ? '' : NO_SUCH_KEY)
    send(object, request, response)
  }

  async function find(key: string): Promise<Found | undefined> {
    const number = key.startsWith(layout.roots.reviews) ? numberOf(key) : Number.NaN
    if (!Number.isNaN(number)) return { bytes: template, etag: bronzeEtag(number) }
    try {
      return { bytes: await store.get(key), etag: `"${(await store.head(key))?.etag}"` }
    } catch (error) {
      if (error instanceof ObjectMissing) return undefined
      throw error
    }
  }

  async function list(query: URLSearchParams): Promise<string> {
    const prefix = query.get('prefix') ?? ''
    const after = query.get('continuation-token') ?? query.get('start-after') ?? ''
    const contents: string[] = []
    let last = ''
    const add = (key: string, etag: string, size: number) => {
      const escaped = encodeURIComponent(key).replaceAll('%2F', '/')
      const time = bronzeTime(numberOf(key) || 0)
      contents.push(
        `<Contents><Key>${escaped}</Key><LastModified>${time}</LastModified><ETag>${etag}</ETag><Size>${size}</Size></Contents>`,
      )
      last = key
    }
    let more = false
    if (prefix === layout.roots.reviews) {
      const first = after === '' ? 0 : numberOf(after) + 1
      const end = Math.min(lake.keys, first + PAGE)
      for (let number = first; number < end; number++) add(bronzeKey(number), bronzeEtag(number), template.length)
      more = end < lake.keys
    } else {
      for await (const { key, etag, size } of store.list(prefix, { startAfter: after })) add(key, `"${etag}"`, size)
    }
    const next = more ? `<NextContinuationToken>${last}</NextContinuationToken>` : ''
    const truncated = `<IsTruncated>${more}</IsTruncated>${next}`
    return `<?xml version="1.0"?><ListBucketResult><EncodingType>url</EncodingType>${truncated}${contents.join('')}</ListBucketResult>`
  }
}

interface Found {
  readonly bytes: Uint8Array
  readonly etag: string
}

const NO_SUCH_KEY = '<Error><Code>NoSuchKey</Code></Error>'

/** The number in a bronze file's name. */
function numberOf(key: string): number {
  return Number(/part-(\d{8})-/.exec(key)?.[1] ?? Number.NaN)
}

function send({ bytes, etag }: Found, request: IncomingMessage, response: ServerResponse): void {
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  const part = start === undefined ? bytes : bytes.subarray(Number(start), Number(end) + 1)
  response.writeHead(start === undefined ? 200 : 206, {
    etag,
    'content-length': part.length,
    'last-modified': new Date(bronzeTime(0)).toUTCString(),
  })
  response.end(request.method === 'HEAD' ? undefined : part)
}
