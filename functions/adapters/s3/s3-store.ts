import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { ByteRange } from '../../base/bytes.ts'
import { InvalidKey, ObjectChanged, ObjectMissing, StoreUnavailable } from '../../base/errors.ts'
import { checkKey, excerpt } from '../../lake/keys.ts'
import { inOrder } from '../../lake/ordered.ts'
import type { ObjectInfo, ObjectWriter, PutOutcome, Store, WriteCondition } from '../../lake/store.ts'
import {
  backoff,
  conditionHeaders,
  isAbsent,
  isBehindEnd,
  isPrecondition,
  outcomeOf,
  TRIES,
  translateS3,
} from './s3-errors.ts'
import { type S3Place, S3Writer } from './s3-writer.ts'

/** Objects in an S3 bucket; their keys are those of the bucket without `prefix`, which is empty or ends with a slash. */
export class S3Store implements Store {
  readonly #client: S3Client
  readonly #bucket: string
  readonly #prefix: string

  constructor(client: S3Client, bucket: string, prefix = '') {
    this.#client = client
    this.#bucket = bucket
    this.#prefix = prefix
  }

  /** Where an object lies: what requests name. Throws InvalidKey for a key that S3 can't hold. */
  #place(key: string): S3Place {
    checkKey(key)
    return { Bucket: this.#bucket, Key: checkKey(this.#prefix + key) }
  }

  async get(key: string, options: { range?: ByteRange; ifMatch?: string } = {}): Promise<Uint8Array<ArrayBuffer>> {
    const { range, ifMatch } = options
    if (range && range.end <= range.start) return new Uint8Array(0)
    const command = {
      ...this.#place(key),
      ...(range && { Range: `bytes=${range.start}-${range.end - 1}` }),
      ...(ifMatch !== undefined && { IfMatch: ifMatch }),
    }
    for (let attempt = 1; ; attempt++) {
      try {
        const { Body, ContentLength } = await this.#client.send(new GetObjectCommand(command))
        const bytes = await collect(Body, ContentLength)
        if (ContentLength === undefined || bytes.length === ContentLength) return bytes
        throw new StoreUnavailable(`S3 sent ${bytes.length} of ${ContentLength} bytes of ${excerpt(key)}`)
      } catch (error) {
        if (isAbsent(error)) throw new ObjectMissing(`no object ${excerpt(key)}`, { cause: error })
        if (isPrecondition(error)) {
          throw new ObjectChanged(`object ${excerpt(key)} is no longer ${ifMatch}`, { cause: error })
        }
        if (isBehindEnd(error)) return new Uint8Array(0)
        const broken = error instanceof StoreUnavailable || !isAnswer(error)
        if (!broken || attempt === TRIES) translateS3(key, error)
        await backoff(attempt)
      }
    }
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    try {
      const command = new HeadObjectCommand(this.#place(key))
      const { ContentLength = 0, ETag = '', LastModified } = await this.#client.send(command)
      return { key, size: ContentLength, etag: ETag, modified: LastModified?.getTime() ?? 0 }
    } catch (error) {
      if (isAbsent(error)) return undefined
      return translateS3(key, error)
    }
  }

  async put(key: string, body: Uint8Array, condition?: WriteCondition): Promise<PutOutcome> {
    const command = { ...this.#place(key), Body: body, ...conditionHeaders(condition) }
    // 404: If-Match on a key that is gone
    const isGone = (error: unknown) => condition !== undefined && 'ifMatch' in condition && isAbsent(error)
    const send = () => this.#client.send(new PutObjectCommand(command))
    return outcomeOf(key, send, error => isPrecondition(error) || isGone(error))
  }

  writer(key: string, condition?: WriteCondition): ObjectWriter {
    return new S3Writer({
      client: this.#client,
      place: this.#place(key),
      ...(condition && { condition }),
      store: this,
      source: (from, { key: source, etag }) => (from instanceof S3Store ? { ...from.#place(source), etag } : undefined),
      put: body => this.put(key, body, condition),
    })
  }

  list(prefix: string, options: { startAfter?: string } = {}): AsyncIterable<ObjectInfo> {
    return inOrder(this.#pages(prefix, options))
  }

  async *#pages(prefix: string, options: { startAfter?: string }): AsyncIterable<ObjectInfo> {
    for (const part of [prefix, options.startAfter ?? '']) {
      if (!part.isWellFormed())
        throw new InvalidKey(`a listing can't start at ${excerpt(part)}, which is not valid Unicode`)
    }
    let token: string | undefined
    do {
      // EncodingType: XML can't carry every character that a key can
      const page = await this.#client
        .send(
          new ListObjectsV2Command({
            Bucket: this.#bucket,
            Prefix: this.#prefix + prefix,
            EncodingType: 'url',
            ...(options.startAfter !== undefined && { StartAfter: this.#prefix + options.startAfter }),
            ...(token !== undefined && { ContinuationToken: token }),
          }),
        )
        .catch(error => translateS3(prefix, error))
      for (const { Key, Size = 0, ETag = '', LastModified } of page.Contents ?? []) {
        if (Key === undefined) continue
        const key = page.EncodingType === 'url' ? decodeKey(Key) : Key
        yield { key: key.slice(this.#prefix.length), size: Size, etag: ETag, modified: LastModified?.getTime() ?? 0 }
      }
      token = page.NextContinuationToken
    } while (token !== undefined)
  }

  async delete(key: string): Promise<void> {
    try {
      await this.#client.send(new DeleteObjectCommand(this.#place(key)))
    } catch (error) {
      if (!isAbsent(error)) translateS3(key, error)
    }
  }
}

/** A key of a listing. Throws InvalidKey for one that is not UTF-8: S3 has none, other stores may. */
function decodeKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '))
  } catch (error) {
    throw new InvalidKey(`the store lists ${excerpt(encoded)}, which is not UTF-8: rename or remove it`, {
      cause: error,
    })
  }
}

/** Bodies from this size on are read into one buffer; the SDK would hold them twice. */
const LARGE_BODY = 1 << 20

/** A body's bytes, in a buffer of their own. */
async function collect(body: GetObjectCommandOutput['Body'], length = 0): Promise<Uint8Array<ArrayBuffer>> {
  if (!body) return new Uint8Array(0)
  if (length < LARGE_BODY) return ownBuffer(await body.transformToByteArray())
  const bytes = new Uint8Array(length)
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.transformToWebStream().getReader()
  let at = 0
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    bytes.set(chunk.value, at) // a body that is longer than it says throws
    at += chunk.value.length
  }
  return at === length ? bytes : bytes.slice(0, at)
}

/** The bytes in a buffer of their own: what the SDK gives may be a part of one that Node shares. */
function ownBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes)
}

/** Whether the error is S3's answer, which the SDK has retried as it deserves, and not a body that broke off. */
function isAnswer(error: unknown): boolean {
  return error instanceof Error && '$fault' in error
}
