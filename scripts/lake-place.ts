import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import { S3Store } from '../functions/lake/s3-store.ts'
import type { Store } from '../functions/lake/store.ts'
import { connectS3, hasOwnEndpoint } from '../functions/runtime/s3.ts'
import { userPath } from './caller.ts'
import { Refusal, UsageError } from './command.ts'
import { DirectoryStore } from './directory-store.ts'

/** A directory, or a prefix of a bucket, as an option names it. */
export interface Place {
  readonly store: Store
  /** `file:///data/lake/` or `s3://bucket/prefix/`: with a slash at its end. */
  readonly uri: string
  /** The same for Spark's readers by path, which reach S3 by s3a. */
  readonly sparkUri: string
  /** The directory; null on S3. */
  readonly root: string | null
}

/** A prefix of a bucket: empty, or with a slash at its end. */
export interface S3Address {
  readonly bucket: string
  readonly prefix: string
}

/**
 * Reads `s3://bucket/prefix`; s3a and s3n, as Spark writes them, mean the same. Undefined for what is no URI of S3. Throws
 * UsageError for one that names no bucket.
 */
export function parseS3(text: string): S3Address | undefined {
  const [, rest] = /^s3[an]?:\/\/(.*)$/is.exec(text) ?? []
  if (rest === undefined) return undefined
  const [bucket = '', ...segments] = rest.split('/')
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new UsageError(`${text} names no bucket: write s3://bucket or s3://bucket/prefix`)
  }
  const names = segments.join('/').replace(/\/+$/, '').split('/')
  if (names.length > 1 && names.some(name => name === '' || name === '.' || name === '..')) {
    throw new UsageError(`${text} has an empty segment, or one of dots: write s3://bucket/prefix`)
  }
  const prefix = names.join('/')
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` }
}

/** The URI of a place as it is remembered and compared, whatever way it was written. Throws UsageError. */
export function placeUri(text: string): string {
  const s3 = parseS3(text)
  if (s3) return `s3://${s3.bucket}/${s3.prefix}`
  return `${pathToFileURL(pathOf(text))}`.replace(/\/*$/, '/')
}

/**
 * Opens the place that `option` names. On S3 it is listed once, so that wrong credentials, a bucket that is not there and a
 * missing right show before anything is done. Throws UsageError, Refusal, or the SDK's error about credentials.
 */
export async function openPlace(text: string, option: string): Promise<Place> {
  const s3 = parseS3(text)
  if (!s3) return directoryPlace(pathOf(text))
  const client = await connectBucket(s3, option)
  const path = `${s3.bucket}/${s3.prefix}`
  const store = new S3Store(client, s3.bucket, s3.prefix)
  return { store, uri: `s3://${path}`, sparkUri: `s3a://${path}`, root: null }
}

/** The directory that is meant by a path or by a file URI, as it is remembered. */
function pathOf(text: string): string {
  return text.startsWith('file://') ? fileURLToPath(text) : userPath(text)
}

/** A directory, which need not be there yet. */
export function directoryPlace(path: string): Place {
  const store = new DirectoryStore(path)
  // one URI for Spark's readers, also where a symbolic link leads to the lake: streams know files by it
  const real = existsSync(store.root) ? realpathSync(store.root) : store.root
  const [uri, sparkUri] = [`${pathToFileURL(store.root)}/`, `${pathToFileURL(real)}/`]
  return { store, uri, sparkUri, root: store.root }
}

/** Where the region is not said, requests go here first: S3 answers with the bucket's. */
const ANY_REGION = 'us-east-1'

/** A client in the bucket's own region, with which the place can be listed. */
async function connectBucket(address: S3Address, option: string): Promise<S3Client> {
  const configured = connectS3()
  const region = await configured.config.region().catch(() => process.env.AWS_DEFAULT_REGION ?? ANY_REGION)
  const client = connectS3(region)
  const elsewhere = await probe(client, address, option)
  if (elsewhere === undefined) return client
  const there = connectS3(elsewhere)
  await probe(there, address, option)
  return there
}

/** Lists one key; returns the bucket's region where it is another one. */
async function probe(client: S3Client, { bucket, prefix }: S3Address, option: string): Promise<string | undefined> {
  try {
    const list = { Bucket: bucket, Prefix: prefix, MaxKeys: 1, EncodingType: 'url' } as const
    await client.send(new ListObjectsV2Command(list))
    return undefined
  } catch (error) {
    const { name, status, region } = answerOf(error)
    if ((status === 301 || name === 'AuthorizationHeaderMalformed') && region !== undefined && !hasOwnEndpoint()) {
      return region
    }
    const uri = `s3://${bucket}/${prefix}`
    if (name === 'NoSuchBucket') throw new UsageError(`there is no bucket ${bucket}: check ${option} ${uri}`)
    if (name === 'AccessDenied') {
      throw new Refusal(
        `S3 does not allow these credentials to list ${uri}: ask for s3:ListBucket on the bucket, and check ${option}`,
      )
    }
    throw error
  }
}

/** What S3 has answered, as far as the SDK's error tells. */
function answerOf(error: unknown): { name: string; status: number | undefined; region: string | undefined } {
  const {
    name = '',
    $metadata,
    $response,
  } = error as {
    name?: string
    $metadata?: { httpStatusCode?: number }
    $response?: { headers?: Record<string, string> }
  } // an error of the SDK, each of whose parts may be missing
  return { name, status: $metadata?.httpStatusCode, region: $response?.headers?.['x-amz-bucket-region'] }
}
