import type { S3ServiceException } from '@aws-sdk/client-s3'
import { AccessDenied, StoreUnavailable, StoreUnsuitable } from '../../base/errors.ts'
import { excerpt } from '../../lake/keys.ts'
import type { PutOutcome, WriteCondition } from '../../lake/store.ts'

/** Tries beyond the SDK's own, for what it does not retry: a body that breaks off, and 409. */
export const TRIES = 5

/** The conditional headers of S3 (PutObject, CompleteMultipartUpload). */
export function conditionHeaders(condition: WriteCondition | undefined): { IfNoneMatch?: '*'; IfMatch?: string } {
  if (!condition) return {}
  return 'ifNoneMatch' in condition ? { IfNoneMatch: '*' } : { IfMatch: condition.ifMatch }
}

/** The HTTP status of an SDK error, undefined for errors of the connection. */
function status(error: unknown): number | undefined {
  return (error as Partial<S3ServiceException> | undefined)?.$metadata?.httpStatusCode // errors of the SDK have it
}

/** 404: no such key, bucket or upload. HEAD has no body, so only the status says it. */
export function isAbsent(error: unknown): boolean {
  return status(error) === 404
}

/** 412: the condition of a read or write does not hold. */
export function isPrecondition(error: unknown): boolean {
  return status(error) === 412
}

/** 409 ConditionalRequestConflict: another conditional write of the same key is under way; S3 says to try again. */
function isConflict(error: unknown): boolean {
  return status(error) === 409
}

/** 416: the range begins after the object's end. */
export function isBehindEnd(error: unknown): boolean {
  return status(error) === 416
}

/** Throws what an error of the SDK means for a store. Whatever is not known to be final counts as unavailable. */
export function translateS3(key: string, error: unknown): never {
  const name = error instanceof Error ? error.name : 'unknown error'
  const code = status(error)
  const object = excerpt(key)
  const cause = { cause: error }
  // the body of a 200 may say so too: S3 answers copies and the end of an upload before they are done
  if (code === 403 || code === 401 || name === 'AccessDenied')
    throw new AccessDenied(`S3 refused ${object} (${name}): check the role's policy and the credentials`, cause)
  if (name === 'CredentialsProviderError' || name === 'NoSuchBucket' || code === 400 || code === 301)
    throw new AccessDenied(`S3 can't be used for ${object} (${name}): check bucket, region and credentials`, cause)
  if (code === 501)
    throw new StoreUnsuitable(
      `the store can't do what ${object} needs (${name}): use one with conditional writes`,
      cause,
    )
  throw new StoreUnavailable(`S3 did not serve ${object} (${name}${code === undefined ? '' : ` ${code}`})`, cause)
}

/**
 * What came of a conditional write, which is sent again after a conflict. `isRefused` says which errors mean that the
 * condition does not hold.
 */
export async function outcomeOf(
  key: string,
  send: () => Promise<{ readonly ETag?: string | undefined }>,
  isRefused: (error: unknown) => boolean,
): Promise<PutOutcome> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { ETag = '' } = await send()
      return { written: true, etag: ETag }
    } catch (error) {
      if (isRefused(error)) return { written: false }
      if (!isConflict(error) || attempt === TRIES) translateS3(key, error)
      await backoff(attempt)
    }
  }
}

/** Waits before try number `attempt` (from 1): exponential backoff with full jitter, at most 2 s. */
export function backoff(attempt: number): Promise<void> {
  const milliseconds = Math.random() * Math.min(2000, 50 * 2 ** attempt)
  return new Promise(done => setTimeout(done, milliseconds))
}
