import { readFile } from 'node:fs/promises'
import { AthenaClient, GetWorkGroupCommand } from '@aws-sdk/client-athena'
import { ListStateMachinesCommand, ListTagsForResourceCommand, SFNClient } from '@aws-sdk/client-sfn'
import { UsageError } from '../../../functions/base/refusal.ts'
import type { Roots } from '../../../functions/lake/layout.ts'
import type { Caps } from '../../../functions/pipeline/plan/candidates.ts'
import { parseSince, type Since } from '../../../functions/protocol/input.ts'
import type { Catalog } from '../../../functions/readers/athena/catalog.ts'
import { stageNameFault } from './stage-name.ts'

/** A deployed stage: where its things are, and how it was set up. */
export interface Stage {
  /** As `--stage` takes it. */
  readonly stage: string
  /** What its things are called: `<service>-<stage>`. */
  readonly name: string
  readonly sfn: SFNClient
  readonly athena: AthenaClient
  readonly machineArn: string
  /** Of the state machine that packs. */
  readonly compactArn: string
  readonly workgroup: string
  readonly table: { readonly database: string; readonly table: string }
  /** What queries of the table go by. */
  readonly goesBy: Catalog['goesBy']
  readonly bucket: string
  readonly roots: Roots
  readonly caps: Caps
  /** What bounds the listing of scheduled runs. */
  readonly since: Since | null
  /** MB of a join worker, and of the others. */
  readonly memory: { readonly join: number; readonly other: number }
}

/**
 * Finds a stage by what serverless.yml calls its things: `<service>-<stage>` is the workgroup, whose results lie in the
 * lake's bucket, and `<service>-<stage>-silver` the state machine, whose tags hold the parameters that commands need.
 * Throws UsageError where there is no such stage.
 */
export async function findStage(stage: string): Promise<Stage> {
  const fault = stageNameFault(stage)
  if (fault !== undefined) throw new UsageError(`--stage: ${fault}`)
  const service = await serviceName()
  const name = `${service}-${stage}`
  const sfn = new SFNClient({ maxAttempts: 5 })
  const athena = new AthenaClient({ maxAttempts: 5 })
  const machineArn = await findMachine(sfn, `${name}-silver`)
  if (machineArn === undefined) {
    const region = await sfn.config.region()
    throw new UsageError(
      `there is no state machine ${name}-silver in ${region}: check --stage and AWS_REGION, or deploy it`,
    )
  }
  const tags = await readTags(sfn, machineArn)
  const tag = (key: string, fallback: string) => tags.get(`silversmith:${key}`) ?? fallback
  const reviews = tag('reviews', 'bronze/reviews/')
  return {
    ...{ stage, name, sfn, athena, machineArn },
    compactArn: machineArn.replace(/-silver$/, '-compact'),
    workgroup: name,
    table: { database: `${service}_${stage}`, table: 'reviews' },
    goesBy: tag('athena-table', 'partitions') === 'delta' ? 'delta' : 'partitions',
    bucket: await resultsBucket(athena, name),
    roots: {
      reviews,
      customers: tag('customers', 'bronze/customers/'),
      silver: tag('silver', 'silver/reviews/'),
    },
    caps: {
      maxFilesPerBatch: Number(tag('max-files', '5000')),
      maxBytesPerBatch: Number(tag('max-bytes', String(64 * 2 ** 30))),
    },
    since: parseSince(tag('bronze-since', 'none'), reviews),
    memory: { join: Number(tag('join-memory', '1769')), other: Number(tag('memory', '1024')) },
  }
}

async function serviceName(): Promise<string> {
  const text = await readFile(new URL('../../../serverless.yml', import.meta.url), 'utf8')
  const [, service] = /^service: *([\w-]+)/m.exec(text) ?? []
  if (service === undefined) throw new UsageError('serverless.yml names no service: write service: silversmith')
  return service
}

async function findMachine(sfn: SFNClient, name: string): Promise<string | undefined> {
  let nextToken: string | undefined
  do {
    const page = await sfn.send(new ListStateMachinesCommand({ maxResults: 1000, ...(nextToken && { nextToken }) }))
    const found = page.stateMachines?.find(machine => machine.name === name)
    if (found) return found.stateMachineArn
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return undefined
}

async function readTags(sfn: SFNClient, resourceArn: string): Promise<ReadonlyMap<string, string>> {
  const { tags = [] } = await sfn.send(new ListTagsForResourceCommand({ resourceArn }))
  return new Map(tags.map(({ key = '', value = '' }) => [key, value]))
}

async function resultsBucket(athena: AthenaClient, WorkGroup: string): Promise<string> {
  const { WorkGroup: group } = await athena.send(new GetWorkGroupCommand({ WorkGroup }))
  const location = group?.Configuration?.ResultConfiguration?.OutputLocation ?? ''
  const [, bucket] = /^s3:\/\/([^/]+)\//.exec(location) ?? []
  if (bucket === undefined)
    throw new UsageError(`workgroup ${WorkGroup} has no place for results: deploy the stage again`)
  return bucket
}
