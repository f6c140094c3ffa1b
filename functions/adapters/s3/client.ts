import { S3Client } from '@aws-sdk/client-s3'
import { setting } from '../environment.ts'

/** Milliseconds until a connection must stand, and for which an answer may stay away: S3 copies 256 MiB in seconds. */
const CONNECT = 5_000
const ANSWER = 120_000

/** Whether requests go to an endpoint of one's own, which has no host name for each bucket. */
export function hasOwnEndpoint(): boolean {
  return setting('AWS_ENDPOINT_URL', '') !== '' || setting('AWS_ENDPOINT_URL_S3', '') !== ''
}

/**
 * S3 in the deployment's region or in another one, at AWS_ENDPOINT_URL where that is set. A call that hangs is given up and
 * tried again.
 */
export function connectS3(region?: string): S3Client {
  const requestHandler = { connectionTimeout: CONNECT, requestTimeout: ANSWER, throwOnRequestTimeout: true }
  return new S3Client({
    ...{ forcePathStyle: hasOwnEndpoint(), maxAttempts: 5, requestHandler },
    ...(region !== undefined && { region }),
  })
}
