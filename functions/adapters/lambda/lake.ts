import { once } from '../../base/once.ts'
import type { Lake } from '../../lake/lake.ts'
import { Layout } from '../../lake/layout.ts'
import { setting } from '../environment.ts'
import { connectS3 } from '../s3/client.ts'
import { S3Store } from '../s3/s3-store.ts'

export interface DeployedLake extends Lake {
  readonly bucket: string
}

/** The lake of the deployment: an S3 bucket, at AWS_ENDPOINT_URL where that is set. */
export const lake: () => DeployedLake = once(() => {
  const bucket = setting('LAKE_BUCKET')
  const roots = {
    reviews: setting('REVIEWS_PREFIX', 'bronze/reviews/'),
    customers: setting('CUSTOMERS_PREFIX', 'bronze/customers/'),
    silver: setting('SILVER_PREFIX', 'silver/reviews/'),
  }
  return { store: new S3Store(connectS3(), bucket), layout: new Layout(roots), bucket }
})
