import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { compareKeys } from '../../functions/lake/keys.ts'

/** An S3 error response. */
export class S3Fault extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

export interface S3Object {
  readonly body: Buffer
  readonly etag: string
  readonly modified: Date
}

interface Part extends S3Object {
  readonly checksum: string
}

const MIN_PART = 5 << 20
const md5 = (body: Buffer) => createHash('md5').update(body).digest()
/** CRC32 as S3 writes it: base64 of the big-endian number. */
export const checksum = (body: Buffer) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(body))
  return bytes.toString('base64')
}

/** One bucket: objects and multipart uploads, with S3's preconditions and limits. Every method is atomic. */
export class S3Bucket {
  readonly objects = new Map<string, S3Object>()
  readonly uploads = new Map<string, Map<number, Part>>()

  read(key: string): S3Object {
    const object = this.objects.get(key)
    if (!object) throw new S3Fault(404, 'NoSuchKey')
    return object
  }

  put(key: string, body: Buffer, headers: Conditions, etag = md5(body).toString('hex')): S3Object {
    this.#check(key, headers)
    const object = { body, etag: `"${etag}"`, modified: new Date() }
    this.objects.set(key, object)
    return object
  }

  /** Objects in the order of the keys' UTF-8 bytes, `limit` of them; `next` is set if there are more. */
  list(prefix: string, after: string, limit: number): { page: [string, S3Object][]; next: string | undefined } {
    const all = [...this.objects].filter(([key]) => key.startsWith(prefix) && compareKeys(key, after) > 0)
    const page = all.sort(([a], [b]) => compareKeys(a, b)).slice(0, limit)
    return { page, next: all.length > limit ? page.at(-1)?.[0] : undefined }
  }

  createUpload(): string {
    const id = crypto.randomUUID()
    this.uploads.set(id, new Map())
    return id
  }

  uploadPart(id: string, number: number, body: Buffer): Part {
    const part = { body, etag: `"${md5(body).toString('hex')}"`, modified: new Date(), checksum: checksum(body) }
    this.#upload(id).set(number, part)
    return part
  }

  /** The bytes of a copied range: the source must be the version named, and over 5 MiB. */
  copySource(key: string, ifMatch: string | undefined, start: number, end: number): Buffer {
    const { body, etag } = this.read(key)
    if (ifMatch !== undefined && ifMatch !== etag) throw new S3Fault(412, 'PreconditionFailed')
    if (body.length <= MIN_PART || end >= body.length) throw new S3Fault(400, 'InvalidRequest')
    return body.subarray(start, end + 1)
  }

  complete(
    key: string,
    id: string,
    parts: readonly { number: number; etag: string; checksum: string }[],
    headers: Conditions,
  ): S3Object {
    const upload = this.#upload(id)
    const stored = parts.map((part, i) => {
      const found = upload.get(part.number)
      if (!found || found.etag !== part.etag || found.checksum !== part.checksum) throw new S3Fault(400, 'InvalidPart')
      if (i > 0 && part.number <= (parts[i - 1]?.number ?? 0)) throw new S3Fault(400, 'InvalidPartOrder')
      if (i < parts.length - 1 && found.body.length < MIN_PART) throw new S3Fault(400, 'EntityTooSmall')
      return found.body
    })
    const etag = `${md5(Buffer.concat(stored.map(md5))).toString('hex')}-${stored.length}`
    const object = this.put(key, Buffer.concat(stored), headers, etag)
    this.uploads.delete(id)
    return object
  }

  #upload(id: string): Map<number, Part> {
    const upload = this.uploads.get(id)
    if (!upload) throw new S3Fault(404, 'NoSuchUpload')
    return upload
  }

  #check(key: string, { ifNoneMatch, ifMatch }: Conditions): void {
    const current = this.objects.get(key)
    if (ifNoneMatch !== undefined && current) throw new S3Fault(412, 'PreconditionFailed')
    if (ifMatch !== undefined && !current) throw new S3Fault(404, 'NoSuchKey')
    if (ifMatch !== undefined && ifMatch !== current?.etag) throw new S3Fault(412, 'PreconditionFailed')
  }
}

export interface Conditions {
  readonly ifNoneMatch: string | undefined
  readonly ifMatch: string | undefined
}
