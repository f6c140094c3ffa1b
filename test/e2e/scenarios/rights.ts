import assert from 'node:assert/strict'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { table } from '../../../scripts/terminal/table.ts'
import type { Fault } from '../emulator.ts'
import type { Ended } from '../pipeline.ts'
import type { Scenario, World } from '../scenario.ts'

/** What becomes of an execution when a role lacks one statement. */
interface Loss {
  readonly error: string
  /** What the error is about. */
  readonly about: RegExp
  /** What it takes to get to the call, where the usual way does not lead there. */
  readonly fault?: Fault
  /** Reviews in the new file, all of known customers; 2 if not said, one of an unknown one. */
  readonly reviews?: number
}

const denied = (about: RegExp, fault?: Fault): Loss => ({ error: 'AccessDenied', about, ...(fault && { fault }) })
const silver = /silver\/reviews\/ingest_date=/
const results = /ingest_date=|_silversmith\/(?:parked|rejected)\//
/** The answer to the plan's put is lost: the SDK's second one finds the plan there, which is then read. */
const planUnanswered: Fault = {
  service: 's3',
  match: 'PUT /*/_silversmith/runs/*/query.json',
  do: 'drop',
  when: 'after',
  times: 1,
}
const notYetThere = /_silversmith\/log\/\d{20}\.json/
/** The commit's put fails until the SDK gives up: then the log is asked whether it is there. */
const commitUnanswered: Fault = { service: 's3', match: 'PUT /*/_silversmith/log/*', do: 'drop', times: 5 }

const LOSSES: Readonly<Record<string, Readonly<Record<string, Loss>>>> = {
  PlanRole: {
    List: denied(/_silversmith\/log\//),
    ReadFooters: denied(/bronze\/(reviews|customers)\//),
    ReadLog: denied(/_silversmith\/log\//),
    ReadPublished: denied(/_silversmith\/(published|spark-metadata)\.json/),
    ReadPlans: denied(/_silversmith\/runs\/.*query\.json/, planUnanswered),
    WritePlans: denied(/_silversmith\/runs\/.*query\.json/),
    Claim: denied(/_silversmith\/claim\.json/),
    AskForExecutions: denied(/refused to describe arn:aws:states:/),
  },
  LoadDimensionsRole: {
    List: denied(/_silversmith\/customers\/\w+\.snapshot/),
    ReadPlans: denied(/_silversmith\/runs\/.*query\.json/),
    ReadDimensions: denied(/bronze\/customers\//),
    ReadSnapshots: denied(/_silversmith\/customers\/\w+\.snapshot/),
    WriteSnapshots: denied(/_silversmith\/customers\/\w+\.snapshot/),
  },
  JoinRole: {
    List: denied(silver),
    ReadPlans: denied(/_silversmith\/runs\/.*query\.json/),
    ReadReviews: denied(/bronze\/reviews\//),
    ReadSnapshots: denied(/_silversmith\/customers\/\w+\.snapshot/),
    ReadResults: denied(results),
    WriteResults: denied(results),
    UploadResults: { ...denied(silver), reviews: 60_000 },
  },
  CommitRole: {
    List: denied(notYetThere, commitUnanswered),
    ReadPlans: denied(/_silversmith\/runs\/.*query\.json/),
    ReadLog: denied(/_silversmith\/log\//),
    ReadResults: denied(silver),
    Commit: denied(/_silversmith\/log\/\d{20}\.json/),
  },
  RefreshRole: {
    List: denied(/_silversmith\/log\//),
    ReadLog: denied(/_silversmith\/log\//),
    Published: denied(/_silversmith\/published\.json/),
    ReadSparkMetadata: denied(/_spark_metadata\//),
    WriteSparkMetadata: denied(/_spark_metadata\//),
    ReadDelta: denied(/_delta_log\//),
    WriteDelta: denied(/_delta_log\/\d{20}\.json/),
    Ask: { error: 'AthenaFailed', about: /AccessDeniedException.*athena:StartQueryExecution/ },
    Table: { error: 'AthenaFailed', about: /glue:\w+/ },
    CountRows: { error: 'AthenaFailed', about: /Permission denied on S3 path.*ingest_date=/ },
    Results: { error: 'AthenaFailed', about: /s3:PutObject.*athena-results\// },
  },
  MachineRole: {
    Invoke: { error: 'Lambda.AWSLambdaException', about: /lambda:InvokeFunction/ },
    ReadPlan: { error: 'States.ItemReaderFailed', about: /s3:GetObject.*plan\.json/ },
    StartChildren: { error: 'States.Permissions', about: /states:StartExecution/ },
  },
}

/** Statements that the emulator asks nobody for, or that other scenarios take away. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  StartSparkMetadata: 'needed for an empty log only: taken away before the first run',
  'CommitRole.Snapshots': 'needed every 20 commits: taken away where 20 are made',
  'CommitRole.Reports': 'of no consequence: a report that is not written fails no run',
  WriteDeltaCheckpoints: 'needed every 100 versions',
  UploadSnapshots: 'needed for a snapshot over 8 MiB',
  AbortSnapshots: 'of no consequence: the lifecycle ends uploads that are left',
  AbortResults: 'of no consequence: the lifecycle ends uploads that are left',
  DefaultDatabase: 'not checked by the emulator',
  Bucket: 'not checked by the emulator',
  Logs: 'not checked by the emulator',
  Trace: 'not checked by the emulator',
  Children: 'not checked by the emulator',
  Redrive: 'not checked by the emulator',
  DeliverLogs: 'not checked by the emulator',
}

/** Each role can do what it has to, and each statement is needed. */
export const rights: readonly Scenario[] = [
  ...Object.keys(LOSSES).map(role => ({
    name: `${role} without one of its statements: the call that then fails`,
    run: (world: World) => narrow(world, role),
  })),
  { name: 'no role may overwrite what is written once', run: overwrite },
]

/** What each role writes once, by the beginning of the key below the silver root. Without rules there are no rejected rows. */
const ONCE: Readonly<Record<string, readonly string[]>> = {
  PlanRole: ['_silversmith/runs/', '_spark_metadata/0'],
  LoadDimensionsRole: ['_silversmith/customers/'],
  JoinRole: ['ingest_date=', '_silversmith/parked/'],
  CommitRole: ['_silversmith/log/0'],
  RefreshRole: ['_spark_metadata/', '_delta_log/0'],
  CompactRole: ['ingest_date=', '_silversmith/log/0'],
}

/** Puts over objects that are there with the role's own credentials: denied, and 412 with the header. */
async function overwrite({ pipeline, shell }: World): Promise<string> {
  const { stage, store, layout } = pipeline.lake
  const rows: string[][] = []
  for (const [role, beginnings] of Object.entries(ONCE)) {
    const client = await pipeline.clientOf(role, shell)
    for (const beginning of beginnings) {
      const prefix = layout.roots.silver + beginning
      let Key = ''
      for await (const { key } of store.list(prefix)) if (!key.includes('.snapshot.')) Key = key
      const before = await store.head(Key)
      const put = (condition: object) =>
        client.send(new PutObjectCommand({ Bucket: stage.bucket, Key, Body: 'x', ...condition })).then(
          () => 'written',
          error => `${error.name}`,
        )
      const outcomes = [await put({}), await put({ IfNoneMatch: '*' })]
      assert.deepEqual(outcomes, ['AccessDenied', 'PreconditionFailed'], `${role}: ${Key}`)
      assert.deepEqual(await store.head(Key), before)
      rows.push([role, `${beginning}…`, ...outcomes])
    }
  }
  return table(['role', 'over', 'put', 'with If-None-Match'], rows)
}

async function narrow(world: World, role: string): Promise<string> {
  const { pipeline, emulator } = world
  const { policy, put } = await pipeline.policyOf(role)
  const rows: string[][] = []
  for (const { Sid } of policy.Statement) {
    const loss = LOSSES[role]?.[Sid]
    if (!loss) {
      const why = ELSEWHERE[`${role}.${Sid}`] ?? ELSEWHERE[Sid]
      assert(why, `${role}, ${Sid}: neither taken away nor explained`)
      rows.push([Sid, '', why])
      continue
    }
    await put({ ...policy, Statement: policy.Statement.filter(statement => statement.Sid !== Sid) })
    if (loss.fault) await emulator.inject(loss.fault)
    const ended = await exercise(world, `${role}-${Sid}`, loss.reviews)
    await put(policy)
    if (loss.fault) await emulator.heal()
    assert.deepEqual([ended.status, ended.error], ['FAILED', loss.error], `${Sid}: ${ended.cause}`)
    assert.match(ended.cause, loss.about, Sid)
    rows.push([Sid, loss.error, loss.about.exec(ended.cause)?.[0] ?? ''])
  }
  await pipeline.run()
  return table(['without', 'the execution ends as', 'about'], rows)
}

/** An execution that touches everything: a new file, a review without a customer, new customers. */
async function exercise({ pipeline }: World, name: string, reviews = 2): Promise<Ended> {
  await pipeline.addReviews(name, reviews, (_, i) => (i === 0 && reviews === 2 ? { customer_id: 'nobody' } : {}))
  await pipeline.addCustomer(name.toLowerCase(), 'Another Customer')
  return pipeline.end(await pipeline.start())
}
