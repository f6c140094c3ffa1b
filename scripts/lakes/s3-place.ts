import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import { connectS3, hasOwnEndpoint } from '../../functions/adapters/s3/client.ts'
import { S3Store } from '../../functions/adapters/s3/s3-store.ts'
import { Refusal, UsageError } from '../../functions/base/refusal.ts'
import type { Store } from '../../functions/lake/store.ts'
import type { S3Address } from './s3-address.ts'

/** Opens a prefix of a bucket, which is listed once. Throws UsageError, Refusal, or the SDK's error about credentials. */
export async function openBucket(address: S3Address, option: string): Promise<Store> {
  return new S3Store(await connectBucket(address, option), address.bucket, address.prefix)
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
