import assert from 'node:assert/strict'
import { ListExecutionsCommand } from '@aws-sdk/client-sfn'
import { readLog } from '../../../functions/log/read.ts'
import { table } from '../../../scripts/terminal/table.ts'
import { World as Lake } from '../../support/world.ts'
import { type Ended, Pipeline, until } from '../pipeline.ts'
import type { Scenario } from '../scenario.ts'

const DAY = 86_400_000
const BATCHES = 6

/** What a packing execution fails with when a role lacks a statement; text says why none does. */
const LOSSES: Readonly<Record<string, Readonly<Record<string, readonly [error: string, about: RegExp] | string>>>> = {
  CompactRole: {
    List: ['AccessDenied', /_silversmith\/log\//],
    ReadLog: ['AccessDenied', /_silversmith\/log\//],
    ReadPublished: ['AccessDenied', /_silversmith\/(published|spark-metadata)\.json|_delta_log|_spark_metadata/],
    ReadSilver: ['AccessDenied', /ingest_date=/],
    WriteSilver: ['AccessDenied', /ingest_date=/],
    Commit: ['AccessDenied', /_silversmith\/log\/\d{20}\.json/],
    UploadSilver: 'needed for files over 8 MiB',
    RemoveUncommitted: 'needed where another commit comes first',
    Snapshots: 'of no consequence: a snapshot of the log is a cache',
    Logs: 'not checked by the emulator',
    Trace: 'not checked by the emulator',
  },
  CompactMachineRole: {
    Invoke: ['Lambda.AWSLambdaException', /lambda:InvokeFunction/],
    Publish: 'taken away when a day is packed: redriven, the execution publishes it',
    DeliverLogs: 'not checked by the emulator',
    Trace: 'not checked by the emulator',
  },
}

/** A stage whose small batches of a day that is over are packed by an execution. */
export const packing: readonly Scenario[] = [
  {
    name: 'an execution of the packing machine packs a day, publishes it, and needs each of its rights',
    run: async ({ shell }) => {
      await shell(
        'npx serverless deploy --stage packed --param="athenaTable=delta" --param="schedule=false" --param="wake=off" --param="compactSort=stars"',
      )
      const stage = await Pipeline.open('packed')
      const rows = await fill(stage)
      assert.equal((await stage.run()).reason, 'nothing new')
      assert.equal(await stage.count(), rows)
      const denied = await withoutRights(stage)
      assert.equal(await stage.count(), rows)
      const status = await shell('npx silversmith status --stage packed')
      assert.match(status, /failed +\S+ \S+\n +Lambda\.AWSLambdaException/, 'of the last packing')

      const before = await executions(stage)
      const { policy, put } = await stage.policyOf('CompactMachineRole')
      await put({ ...policy, Statement: policy.Statement.filter(({ Sid }) => Sid !== 'Publish') })
      const unpublished = await pack(stage)
      await put(policy)
      assert.match(unpublished.cause, /states:StartExecution/)
      assert.equal(await stage.count(), rows)
      assert.deepEqual(await stage.redrive(unpublished.arn), {
        ...{ packed: BATCHES, into: 1, more: false },
        files: { before: BATCHES, after: 1 },
      })
      const published = await until(async () => (await executions(stage)).find(arn => !before.includes(arn)))
      assert.equal((await stage.end(published)).state?.reason, 'nothing new')
      assert.equal(await stage.count(), rows)
      const { state } = await readLog(stage.lake.store, stage.lake.layout)
      const [first] = state.batches.keys()
      assert.deepEqual([state.batches.size, await stage.count(`batch = '${first}'`)], [2, BATCHES])
      assert.match((await pack(stage)).output, /"packed": ?0/)
      await shell('npx silversmith validate --stage packed')
      const { bucket } = stage.lake.stage
      await shell(`npx serverless remove --stage packed && aws s3 rb --force s3://${bucket}`)
      return denied
    },
  },
]

/** Gives the stage a lake of `BATCHES` small batches of one day three weeks ago, and one of last week. Returns its rows. */
async function fill({ lake: { store, stage, layout } }: Pipeline): Promise<number> {
  const lake = new Lake({ store, sparkUri: `s3a://${stage.bucket}/` })
  lake.now = Math.floor(Date.now() / DAY) * DAY - 21 * DAY
  await lake.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
  for (let i = 0; i < BATCHES; i++) {
    await lake.addReviews(`old-${i}`, [{ review_id: `old-${i}`, customer_id: '1', stars: 2 + (i % 4) }])
    await lake.run()
  }
  lake.now += 14 * DAY
  await lake.addReviews('new', [{ review_id: 'new', customer_id: '1', stars: 5 }])
  await lake.run()
  await store.delete(layout.claim) // nobody can be asked about its holder
  return BATCHES + 1
}

async function pack(stage: Pipeline): Promise<Ended> {
  return await stage.end(await stage.start({}, stage.lake.stage.compactArn))
}

async function executions({ lake: { stage } }: Pipeline): Promise<string[]> {
  const { executions = [] } = await stage.sfn.send(new ListExecutionsCommand({ stateMachineArn: stage.machineArn }))
  return executions.flatMap(({ executionArn = [] }) => executionArn)
}

async function withoutRights(stage: Pipeline): Promise<string> {
  const rows: string[][] = []
  for (const [role, losses] of Object.entries(LOSSES)) {
    const { policy, put } = await stage.policyOf(role)
    for (const { Sid } of policy.Statement) {
      const loss = losses[Sid] ?? assert.fail(`${role}, ${Sid}: neither taken away nor explained`)
      if (typeof loss === 'string') {
        rows.push([role, Sid, '', loss])
        continue
      }
      const [error, about] = loss
      await put({ ...policy, Statement: policy.Statement.filter(statement => statement.Sid !== Sid) })
      const ended = await pack(stage)
      await put(policy)
      assert.deepEqual([ended.status, ended.error], ['FAILED', error], `${Sid}: ${ended.cause}`)
      assert.match(ended.cause, about, Sid)
      rows.push([role, Sid, error, about.exec(ended.cause)?.[0] ?? ''])
    }
  }
  return table(['role', 'without', 'the execution ends as', 'about'], rows)
}
