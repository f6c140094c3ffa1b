import { GetBucketLifecycleConfigurationCommand, GetBucketVersioningCommand, type S3Client } from '@aws-sdk/client-s3'

/**
 * What becomes of deleted objects under a prefix, where the bucket keeps their versions; undefined where it keeps none.
 * Needs s3:GetBucketVersioning and s3:GetLifecycleConfiguration.
 */
export async function keptVersions(
  client: Pick<S3Client, 'send'>,
  bucket: string,
  prefix: string,
): Promise<string | undefined> {
  try {
    const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket: bucket }))
    if (Status === undefined) return undefined
    const days = await noncurrentDays(client, bucket, prefix)
    const kept = `s3://${bucket} keeps versions of what is deleted`
    if (days !== undefined) return `${kept}: its lifecycle frees their space after ${days} days`
    return `${kept}, and no lifecycle rule expires them under ${prefix}: no space is freed until there is one (docs/aws.md)`
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return `it is not known whether s3://${bucket} keeps versions of what is deleted (${error.name}): if so, no space is freed`
  }
}

/** Days after which all noncurrent versions under a prefix expire; undefined for never. */
async function noncurrentDays(
  client: Pick<S3Client, 'send'>,
  bucket: string,
  prefix: string,
): Promise<number | undefined> {
  try {
    const { Rules = [] } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }))
    const days = Rules.filter(({ Status, Filter, Prefix }) => {
      const narrowed = Filter && Object.keys(Filter).some(key => key !== 'Prefix')
      return Status === 'Enabled' && !narrowed && prefix.startsWith(Filter?.Prefix ?? Prefix ?? '')
    }).flatMap(({ NoncurrentVersionExpiration }) => NoncurrentVersionExpiration?.NoncurrentDays ?? [])
    return days.length > 0 ? Math.min(...days) : undefined
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchLifecycleConfiguration') return undefined
    throw error
  }
}
