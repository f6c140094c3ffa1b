import { S3Client } from '@aws-sdk/client-s3'
import { Layout } from '../lake/layout.ts'
import { S3Store } from '../lake/s3-store.ts'
import type { Store } from '../lake/store.ts'
import { once, setting } from './environment.ts'

export interface Lake {
  readonly store: Store
  readonly layout: Layout
  readonly bucket: string
}

/** The lake of the deployment: an S3 bucket, at AWS_ENDPOINT_URL where that is set. */
export const lake: () => Lake = once(() => {
  const bucket = setting('LAKE_BUCKET')
  const roots = {
    reviews: setting('REVIEWS_PREFIX', 'bronze/reviews/'),
    customers: setting('CUSTOMERS_PREFIX', 'bronze/customers/'),
    silver: setting('SILVER_PREFIX', 'silver/reviews/'),
  }
  // an endpoint of one's own has no host name for each bucket
  const forcePathStyle = setting('AWS_ENDPOINT_URL', '') !== '' || setting('AWS_ENDPOINT_URL_S3', '') !== ''
  return {
    store: new S3Store(new S3Client({ forcePathStyle, maxAttempts: 5 }), bucket),
    layout: new Layout(roots),
    bucket,
  }
})
