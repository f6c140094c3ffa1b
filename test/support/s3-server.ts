import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { S3Client } from '@aws-sdk/client-s3'
import { type Conditions, checksum, S3Bucket, S3Fault, type S3Object } from './s3-bucket.ts'

/** What goes wrong with one request: an error status, a reset connection or a body that breaks off. */
export interface InjectedFault {
  readonly kind: 'status' | 'reset' | 'truncate'
  /** Whether the request takes effect all the same. */
  readonly when: 'before' | 'after'
  readonly status?: number
  readonly code?: string
}

/** Temporary credentials, as STS gives them. */
export interface SessionCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

export interface S3Server {
  readonly endpoint: string
  /** The only credentials that are accepted, if any are asked for; a token that is listed here has expired. */
  credentials: SessionCredentials | undefined
  readonly expired: Set<string>
  /** Asked for every request; what it returns happens. */
  inject: (method: string, url: URL) => InjectedFault | undefined
  bucket(name: string): S3Bucket
  client(): S3Client
  close(): Promise<void>
}

/**
 * An S3 server in this process, on a free port of 127.0.0.1. It does what the lake asks for as S3 documents it: ranges,
 * conditional reads and writes, listings in byte order and url-encoded, multipart uploads with CRC32, UploadPartCopy.
 */
export async function startS3(): Promise<S3Server> {
  const buckets = new Map<string, S3Bucket>()
  const clients: S3Client[] = []
  const http = createServer((request, response) => void serve(request, response))
  await new Promise<void>(ready => http.listen(0, '127.0.0.1', ready))
  const endpoint = `http://127.0.0.1:${(http.address() as AddressInfo).port}` // listening on TCP, so not a pipe

  const server: S3Server = {
    endpoint,
    credentials: undefined,
    expired: new Set(),
    inject: () => undefined,
    bucket: name => {
      const bucket = buckets.get(name) ?? new S3Bucket()
      buckets.set(name, bucket)
      return bucket
    },
    client: () => {
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
      const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
      clients.push(client)
      return client
    },
    close: async () => {
      for (const client of clients) client.destroy()
      http.closeAllConnections()
      await new Promise(done => http.close(done))
    },
  }
  return server

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', endpoint)
    const body = await readBody(request)
    const fault = server.inject(request.method ?? '', url)
    const broken = fault?.when === 'before' ? undefined : answer(request, url, body)
    if (fault?.kind === 'reset') return void request.socket.destroy()
    if (fault?.kind === 'status') return send(response, failure(fault.status ?? 500, fault.code ?? 'InternalError'))
    if (fault?.kind === 'truncate' && broken) {
      response.writeHead(broken.status, { ...broken.headers, 'content-length': broken.body.length })
      response.write(broken.body.subarray(0, broken.body.length >> 1), () => request.socket.destroy())
      return
    }
    if (broken) send(response, broken)
  }

  function answer(request: IncomingMessage, url: URL, body: Buffer): Answer {
    try {
      if (server.credentials) authorize(request.headers, server.credentials, server.expired)
      const [, name = '', ...rest] = url.pathname.split('/')
      const bucket = buckets.get(name)
      if (!bucket) throw new S3Fault(404, 'NoSuchBucket')
      return route(bucket, decodeURIComponent(rest.join('/')), request, url.searchParams, body, buckets)
    } catch (error) {
      if (error instanceof S3Fault) return failure(error.status, error.code)
      throw error
    }
  }
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

const failure = (status: number, code: string) => xml(`<Error><Code>${code}</Code></Error>`, status)
const xml = (text: string, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${text}`),
})
const empty = (status: number, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  body: Buffer.alloc(0),
})

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const head = response.req.method === 'HEAD'
  response.writeHead(status, { 'content-length': body.length, ...headers }).end(head ? undefined : body)
}

/** Refuses what S3 refuses: another key, a temporary key without its token, a token that is no longer good. */
function authorize(
  { authorization, 'x-amz-security-token': token }: IncomingMessage['headers'],
  credentials: SessionCredentials,
  expired: ReadonlySet<string>,
): void {
  const [, key] = /Credential=([^/]+)\//.exec(authorization ?? '') ?? []
  if (key !== credentials.accessKeyId || token === undefined) throw new S3Fault(403, 'InvalidAccessKeyId')
  if (expired.has(String(token))) throw new S3Fault(400, 'ExpiredToken')
  if (token !== credentials.sessionToken) throw new S3Fault(400, 'InvalidToken')
}

function route(
  bucket: S3Bucket,
  key: string,
  request: IncomingMessage,
  query: URLSearchParams,
  body: Buffer,
  buckets: ReadonlyMap<string, S3Bucket>,
): Answer {
  const { method, headers } = request
  const uploadId = query.get('uploadId')
  const conditions: Conditions = { ifNoneMatch: headers['if-none-match'], ifMatch: headers['if-match'] }
  if (method === 'GET' && query.get('list-type') === '2') return list(bucket, query)
  if (method === 'HEAD') return { ...empty(200, describe(bucket.read(key))), body: bucket.read(key).body }
  if (method === 'GET') return read(bucket.read(key), headers)
  if (method === 'DELETE' && uploadId !== null) return empty(bucket.uploads.delete(uploadId) ? 204 : 404)
  if (method === 'DELETE') {
    bucket.objects.delete(key)
    return empty(204)
  }
  if (method === 'POST' && query.has('uploads')) {
    return xml(
      `<InitiateMultipartUploadResult><UploadId>${bucket.createUpload()}</UploadId></InitiateMultipartUploadResult>`,
    )
  }
  if (method === 'POST' && uploadId !== null) {
    const object = bucket.complete(key, uploadId, completedParts(body.toString()), conditions)
    return xml(`<CompleteMultipartUploadResult><ETag>${object.etag}</ETag></CompleteMultipartUploadResult>`)
  }
  if (method === 'PUT' && uploadId !== null) return part(bucket, uploadId, request, query, body, buckets)
  if (method === 'PUT') {
    verify(body, headers['x-amz-checksum-crc32'])
    return empty(200, { etag: bucket.put(key, body, conditions).etag })
  }
  throw new S3Fault(405, 'MethodNotAllowed')
}

function part(
  bucket: S3Bucket,
  id: string,
  request: IncomingMessage,
  query: URLSearchParams,
  body: Buffer,
  buckets: ReadonlyMap<string, S3Bucket>,
): Answer {
  const number = Number(query.get('partNumber'))
  const source = request.headers['x-amz-copy-source']
  if (typeof source !== 'string') {
    verify(body, request.headers['x-amz-checksum-crc32'])
    const { etag, checksum } = bucket.uploadPart(id, number, body)
    return empty(200, { etag, 'x-amz-checksum-crc32': checksum })
  }
  const [name = '', ...segments] = source.split('/')
  const from = buckets.get(name)
  if (!from) throw new S3Fault(404, 'NoSuchBucket')
  const key = decodeURIComponent(segments.join('/'))
  const ifMatch = request.headers['x-amz-copy-source-if-match']
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(String(request.headers['x-amz-copy-source-range'])) ?? []
  const range = from.copySource(key, ifMatch?.toString(), Number(start), Number(end))
  const copied = bucket.uploadPart(id, number, range)
  return xml(
    `<CopyPartResult><ETag>${copied.etag}</ETag><ChecksumCRC32>${copied.checksum}</ChecksumCRC32></CopyPartResult>`,
  )
}

function list(bucket: S3Bucket, query: URLSearchParams): Answer {
  if (query.get('encoding-type') !== 'url') throw new S3Fault(400, 'InvalidRequest') // the lake has to ask for it
  const after = query.get('continuation-token') ?? query.get('start-after') ?? ''
  const { page, next } = bucket.list(query.get('prefix') ?? '', after, 1000)
  const encode = (key: string) => encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/')
  const contents = page.map(([key, object]) => {
    const modified = `${object.modified.toISOString().slice(0, 19)}.000Z` // S3 lists whole seconds
    const size = object.body.length
    return `<Contents><Key>${encode(key)}</Key><LastModified>${modified}</LastModified><ETag>${object.etag}</ETag><Size>${size}</Size></Contents>`
  })
  const more = next === undefined ? '' : `<NextContinuationToken>${escapeXml(next)}</NextContinuationToken>`
  return xml(
    `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${next !== undefined}</IsTruncated>${more}${contents.join('')}</ListBucketResult>`,
  )
}

const escapeXml = (text: string) => text.replace(/[&<>\n\t"']/g, character => `&#${character.codePointAt(0)};`)

function read(object: S3Object, headers: IncomingMessage['headers']): Answer {
  if (headers['if-match'] !== undefined && headers['if-match'] !== object.etag) {
    throw new S3Fault(412, 'PreconditionFailed')
  }
  const range = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '')
  if (!range) return { status: 200, headers: describe(object), body: object.body }
  const [start, end] = [Number(range[1]), Number(range[2])]
  if (start >= object.body.length) throw new S3Fault(416, 'InvalidRange')
  return { status: 206, headers: describe(object), body: object.body.subarray(start, end + 1) }
}

function describe(object: S3Object): Record<string, string> {
  return { etag: object.etag, 'last-modified': object.modified.toUTCString() }
}

function verify(body: Buffer, expected: string | string[] | undefined): void {
  if (expected !== undefined && expected !== checksum(body)) throw new S3Fault(400, 'BadDigest')
}

function completedParts(text: string): { number: number; etag: string; checksum: string }[] {
  return [...text.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, inner = '']) => {
    const field = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`).exec(inner)?.[1]?.replaceAll('&quot;', '"')
    return {
      number: Number(field('PartNumber')),
      etag: field('ETag') ?? '',
      checksum: field('ChecksumCRC32') ?? '',
    }
  })
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}
