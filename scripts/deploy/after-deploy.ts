/** What a deployment has made. */
export interface Deployed {
  readonly stage: string
  readonly region: string
  readonly accountId: string
  readonly partition: string
  readonly bucket: string
  /** Whether the bucket is from an earlier deployment. */
  readonly kept: boolean
  /** The name of the workgroup and the dashboard. */
  readonly name: string
  readonly machine: string
  readonly database: string
  readonly table: string
  readonly isMonitored: boolean
  /** Whether alarms are sent to anybody. */
  readonly tellsSomebody: boolean
}

/** What is said after a deploy: where things are, in links to the console, and what comes next. */
export function afterDeploy(deployed: Deployed): string[] {
  const { stage, region, accountId, partition, bucket, kept, name, machine, database, table } = deployed
  const console = `https://${region}.console.aws.amazon.com`
  const arn = `arn:${partition}:states:${region}:${accountId}:stateMachine:${machine}`
  const lines = [
    `bucket     s3://${bucket}${kept ? ', which an earlier deployment left; its settings stay as they are' : ''}`,
    `table      ${database}.${table}, made by the first run`,
    `machine    ${console}/states/home?region=${region}#/statemachines/view/${arn}`,
    `athena     ${console}/athena/home?region=${region}#/query-editor (workgroup ${name})`,
  ]
  if (deployed.isMonitored) {
    lines.push(`dashboard  ${console}/cloudwatch/home?region=${region}#dashboards/dashboard/${name}`)
    if (!deployed.tellsSomebody) {
      lines.push(`alarms     tell nobody yet: deploy with --param="alarmEmail=you@example.com"`)
    }
  }
  return [
    '',
    ...lines,
    '',
    `next       put bronze files into the bucket, then: npx silversmith backfill --stage ${stage}`,
  ]
}
