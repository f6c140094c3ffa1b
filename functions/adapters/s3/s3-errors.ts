import { AccessDenied, StoreUnavailable, StoreUnsuitable } from '../../base/errors.ts'
import { excerpt } from '../../lake/keys.ts'
import type { WriteCondition } from '../../lake/store.ts'

/** The conditional headers of S3 (PutObject, CompleteMultipartUpload). */
export function conditionHeaders(condition: WriteCondition | undefined): { IfNoneMatch?: '*'; IfMatch?: string } {
  if (!condition) return {}
  return 'ifNoneMatch' in condition ? { IfNoneMatch: '*' } : { IfMatch: condition.ifMatch }
}

/** The HTTP status of an SDK error, undefined for errors of the connection. */
function status(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined
  const metadata = error.$metadata
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined
}

/** 404: no such key, bucket or upload. HEAD has no body, so only the status tells. */
export function isAbsent(error: unknown): boolean {
  return status(error) === 404
}

/** 412: the condition of a read or write does not hold. */
export function isPrecondition(error: unknown): boolean {
  return status(error) === 412
}

/** 409 ConditionalRequestConflict: another conditional write of the same key is under way; S3 says to try again. */
export function isConflict(error: unknown): boolean {
  return status(error) === 409
}

/** 416: the range begins behind the object's end. */
export function isBehindEnd(error: unknown): boolean {
  return status(error) === 416
}

/** Throws what an error of the SDK means for a store. Whatever is not known to be final counts as unavailable. */
export function translateS3(key: string, error: unknown): never {
  const name = error instanceof Error ? error.name : 'unknown error'
  const code = status(error)
  // the body of a 200 may say so too: S3 answers copies and the end of an upload before they are done
  if (code === 403 || code === 401 || name === 'AccessDenied') {
    throw new AccessDenied(`S3 refused ${excerpt(key)} (${name}): check the role's policy and the credentials`, {
      cause: error,
    })
  }
  if (name === 'CredentialsProviderError' || name === 'NoSuchBucket' || code === 400 || code === 301) {
    throw new AccessDenied(`S3 can't be used for ${excerpt(key)} (${name}): check bucket, region and credentials`, {
      cause: error,
    })
  }
  if (code === 501) {
    throw new StoreUnsuitable(
      `the store can't do what ${excerpt(key)} needs (${name}): use one with conditional writes`,
      {
        cause: error,
      },
    )
  }
  throw new StoreUnavailable(`S3 did not serve ${excerpt(key)} (${name}${code === undefined ? '' : ` ${code}`})`, {
    cause: error,
  })
}

/** Waits before try number `attempt` (from 1): exponential backoff with full jitter, at most 2 s. */
export function backoff(attempt: number): Promise<void> {
  const milliseconds = Math.random() * Math.min(2000, 50 * 2 ** attempt)
  return new Promise(done => setTimeout(done, milliseconds))
}
