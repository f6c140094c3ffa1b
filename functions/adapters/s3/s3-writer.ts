import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { type ByteRange, concat } from '../../base/bytes.ts'
import { ObjectChanged, ObjectMissing } from '../../base/errors.ts'
import { copyByReading, readAll } from '../../lake/copy-across.ts'
import { excerpt } from '../../lake/keys.ts'
import {
  MIN_COPY_BYTES,
  type ObjectVersion,
  type ObjectWriter,
  type PutOutcome,
  type Store,
  type WriteCondition,
} from '../../lake/store.ts'
import { conditionHeaders, isAbsent, isPrecondition, outcomeOf, translateS3 } from './s3-errors.ts'

/** Bytes gathered before a part is sent. It grows with the object: 10,000 parts are the limit. */
const PART = 8 << 20
/** The largest range copied by one request (S3 takes 5 GiB); smaller ones are quicker side by side. */
const COPY_PART = 256 << 20
/** Part requests in flight. */
const CONCURRENCY = 4

/** Where an object lies in S3, whatever the store calls it: as requests name it. */
export interface S3Place {
  readonly Bucket: string
  readonly Key: string
}

interface S3Version extends S3Place {
  readonly etag: string
}

interface Options {
  readonly client: S3Client
  readonly place: S3Place
  readonly condition?: WriteCondition
  readonly store: Store
  /** Where a store's object lies; undefined outside of S3. */
  readonly source: (from: Store, object: ObjectVersion) => S3Version | undefined
  readonly put: (body: Uint8Array) => Promise<PutOutcome>
}

/**
 * An S3 object under construction: one PutObject when it stays small, else a multipart upload whose parts are sent or
 * copied inside S3 as they come.
 */
export class S3Writer implements ObjectWriter {
  readonly #options: Options
  #upload: Promise<string> | undefined
  #buffered: Uint8Array[] = []
  #bufferedBytes = 0
  #parts: Promise<CompletedPart>[] = []
  #inFlight = new Set<Promise<unknown>>()
  #position = 0

  constructor(options: Options) {
    this.#options = options
  }

  get position(): number {
    return this.#position
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#buffered.push(bytes)
    this.#bufferedBytes += bytes.length
    this.#position += bytes.length
    if (this.#bufferedBytes >= this.#partSize()) await this.#flush()
  }

  async copy(source: ObjectVersion, range: ByteRange): Promise<void> {
    await this.copyFrom(this.#options.store, source, range)
  }

  /** Copies inside S3, also from another bucket; what lies elsewhere is read and written. */
  async copyFrom(from: Store, object: ObjectVersion, range: ByteRange): Promise<void> {
    const source = this.#options.source(from, object)
    if (!source) return copyByReading(this, from, object, range)
    const read = (piece: ByteRange) => readAll(from, object, piece)
    // A part before the copy needs 5 MiB: what it lacks is read from the source.
    const lack = this.#bufferedBytes > 0 ? Math.max(0, MIN_COPY_BYTES - this.#bufferedBytes) : 0
    const start = Math.min(range.end, range.start + lack)
    if (range.end - start < MIN_COPY_BYTES) return this.write(await read(range))
    if (start > range.start) await this.write(await read({ start: range.start, end: start }))
    if (this.#bufferedBytes > 0) await this.#flush()
    const pieces = Math.ceil((range.end - start) / COPY_PART)
    const size = Math.ceil((range.end - start) / pieces)
    for (let at = start; at < range.end; at += size) {
      const end = Math.min(at + size, range.end)
      await this.#add(part => this.#copyPart(part, source, { start: at, end }))
      this.#position += end - at
    }
  }

  async close(): Promise<PutOutcome> {
    if (!this.#upload) return this.#options.put(concat(this.#buffered))
    if (this.#bufferedBytes > 0) await this.#flush()
    const parts = await Promise.all(this.#parts)
    return this.#complete(parts)
  }

  async abort(): Promise<void> {
    if (!this.#upload) return
    await Promise.allSettled(this.#parts)
    const { client, place } = this.#options
    try {
      await client.send(new AbortMultipartUploadCommand({ ...place, UploadId: await this.#upload }))
    } catch {
      // the bucket's lifecycle rule removes incomplete uploads
    }
  }

  async #complete(parts: CompletedPart[]): Promise<PutOutcome> {
    const { client, place, condition } = this.#options
    const command = new CompleteMultipartUploadCommand({
      ...place,
      UploadId: await this.#start(),
      MultipartUpload: { Parts: parts },
      ...conditionHeaders(condition),
    })
    const outcome = await outcomeOf(place.Key, () => client.send(command), isPrecondition)
    if (!outcome.written) await this.abort()
    return outcome
  }

  #partSize(): number {
    return Math.max(PART, Math.ceil(this.#position / 5000))
  }

  async #flush(): Promise<void> {
    const body = concat(this.#buffered)
    this.#buffered = []
    this.#bufferedBytes = 0
    await this.#add(part => this.#sendPart(part, body))
  }

  /** Starts a part's request; waits while too many are in flight. */
  async #add(request: (part: number) => Promise<CompletedPart>): Promise<void> {
    while (this.#inFlight.size >= CONCURRENCY) await Promise.race(this.#inFlight)
    const part = request(this.#parts.length + 1)
    this.#parts.push(part)
    this.#inFlight.add(part)
    const done = () => this.#inFlight.delete(part)
    part.then(done, done) // a failure is reported by close, which waits for all parts
  }

  async #sendPart(PartNumber: number, body: Uint8Array): Promise<CompletedPart> {
    const { client, place } = this.#options
    try {
      const command = new UploadPartCommand({ ...place, UploadId: await this.#start(), PartNumber, Body: body })
      return completed(PartNumber, await client.send(command))
    } catch (error) {
      return translateS3(place.Key, error)
    }
  }

  async #copyPart(PartNumber: number, source: S3Version, range: ByteRange): Promise<CompletedPart> {
    const { client, place } = this.#options
    try {
      const command = new UploadPartCopyCommand({
        ...place,
        UploadId: await this.#start(),
        PartNumber,
        CopySource: `${source.Bucket}/${source.Key.split('/').map(encodeURIComponent).join('/')}`,
        CopySourceIfMatch: source.etag,
        CopySourceRange: `bytes=${range.start}-${range.end - 1}`,
      })
      return completed(PartNumber, (await client.send(command)).CopyPartResult)
    } catch (error) {
      if (isPrecondition(error)) throw new ObjectChanged(`object ${excerpt(source.Key)} is no longer ${source.etag}`)
      if (isAbsent(error)) throw new ObjectMissing(`no object ${excerpt(source.Key)}`, { cause: error })
      return translateS3(place.Key, error)
    }
  }

  /** The upload's id; the upload begins with its first part. CRC32 is what the SDK sends with each part. */
  #start(): Promise<string> {
    const { client, place } = this.#options
    this.#upload ??= client
      .send(new CreateMultipartUploadCommand({ ...place, ChecksumAlgorithm: 'CRC32' }))
      .then(({ UploadId = '' }) => UploadId)
      .catch(error => translateS3(place.Key, error))
    return this.#upload
  }
}

/** A part as CompleteMultipartUpload wants it: with the checksum that came back. */
function completed(PartNumber: number, { ETag, ChecksumCRC32 }: CompletedPart = {}): CompletedPart {
  return { PartNumber, ETag, ChecksumCRC32 }
}
