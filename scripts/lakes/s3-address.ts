import { UsageError } from '../../functions/base/refusal.ts'

/** A prefix of a bucket: empty, or with a slash at its end. */
export interface S3Address {
  readonly bucket: string
  readonly prefix: string
}

/**
 * Reads `s3://bucket/prefix`; s3a and s3n, as Spark writes them, mean the same. Undefined for what is not a URI of S3. Throws
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
