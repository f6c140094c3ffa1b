import type { Resource, Statement } from './package.ts'

export const BUCKET = 'arn:aws:s3:::silversmith-dev-123456789012-us-east-1'
export const HIDDEN = 'silver/reviews/_silversmith/'
/** Everything that a statement about objects may begin with. */
export const PREFIXES = [
  ...[
    'bronze/reviews/*',
    'bronze/customers/*',
    'bronze/*',
    'silver/reviews/ingest_date=*',
    'silver/reviews/_spark_metadata/',
  ],
  'silver/reviews/_delta_log/',
  ...[
    'claim.json',
    'customers/*',
    'log/*',
    'parked/*',
    'published.json',
    'rejected/*',
    'runs/*',
    'spark-metadata.json',
  ].map(name => HIDDEN + name),
  'athena-results/silversmith-dev/*',
]
/** Statements for which AWS has no resource to name. */
export const WITHOUT_RESOURCE = ['Trace', 'DeliverLogs']

/** The statements of roles, with the role of each. */
export function statementsOf(
  roles: readonly (readonly [string, Resource])[],
): (Statement & { readonly role: string })[] {
  return roles.flatMap(([role, { Properties }]) =>
    Properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement.map(each => ({ role, ...each }))),
  )
}

/** An ARN as the table has it: of an object its key, else what it names. */
export function shorten(arn: string): string {
  if (arn === BUCKET) return 'the bucket'
  if (arn.startsWith(`${BUCKET}/`)) return arn.slice(BUCKET.length + 1)
  return arn.replace(/^arn:aws:\w+:us-east-1:123456789012:/, '').replaceAll(/[<>]/g, '')
}
