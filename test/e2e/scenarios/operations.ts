import assert from 'node:assert/strict'
import { ListExecutionsCommand } from '@aws-sdk/client-sfn'
import { UNITS } from '../../../functions/base/metrics.ts'
import { succeeded, until } from '../pipeline.ts'
import type { Scenario } from '../scenario.ts'

const WORKERS = ['plan', 'loadDimensions', 'join', 'commit', 'refresh']

/** What those who run it see and do. */
export const operations: readonly Scenario[] = [
  {
    name: 'logs: JSON with batch, attempt and item; metrics; no name of a customer',
    run: async ({ pipeline }) => {
      const since = Date.now()
      await pipeline.addReviews('logged', 3, () => ({ customer_id: 'logged', review_headline: 'A headline' }))
      await pipeline.addCustomer('logged', 'Nomen Nescio')
      const { done } = await pipeline.run()
      const measured = new Set<string>()
      for (const worker of WORKERS) {
        const lines = (await pipeline.logLines(worker, since)).filter(({ batch }) => batch === done[0])
        assert(lines.length > 0, `${worker} has logged nothing`)
        for (const line of lines) {
          assert.equal(typeof line.attempt, 'string', worker)
          if (worker === 'join') assert.equal(typeof line.item, 'number')
          assert.doesNotMatch(JSON.stringify(line), /Nomen Nescio|A headline/)
          for (const { Metrics } of embedded(line)) for (const { Name } of Metrics) measured.add(Name)
        }
      }
      const withoutRules = Object.keys(UNITS).filter(name => !/^(RowsRejected|RuleViolations)$/.test(name))
      assert.deepEqual([...measured].sort(), withoutRules.sort())
      return [...measured].sort().join(', ')
    },
  },
  {
    name: 'status, validate, why, history and query --stage answer',
    run: async ({ shell }) => {
      const status = await shell('npx silversmith status --stage dev')
      assert.match(status, /quarantine 1 file\n.*bad\.parquet: /)
      assert.match(
        await shell('npx silversmith validate --stage dev'),
        /a query counts in each batch what the log says/,
      )
      assert.match(await shell('npx silversmith why --stage dev logged-1'), /silver/)
      assert.match(await shell('npx silversmith history --stage dev --last 3'), /append/)
      const files = await shell('npx silversmith files --stage dev --format uris')
      assert.match(files, /^(s3:\/\/silversmith-dev-.*part-\d{5}\.parquet\n)+$/)
      const sql = "SELECT COUNT(*) AS n FROM silver.reviews WHERE review_id LIKE 'logged-%'"
      const json = await shell(`npx silversmith query --stage dev --format json "${sql}"`)
      assert.deepEqual(JSON.parse(json), [{ n: 3 }])
    },
  },
  {
    name: 'vacuum --stage removes what was never committed, and no row',
    run: async ({ pipeline, shell }) => {
      const before = await pipeline.count()
      const vacuum = 'npx silversmith vacuum --stage dev --older-than 0m'
      assert.match(await shell(`${vacuum} --dry-run`), /orphan/)
      const output = await shell(vacuum)
      assert.match(output, /removed \d+ objects?/)
      assert.doesNotMatch(await shell(`${vacuum} --dry-run`), /orphan/)
      assert.equal(await pipeline.count(), before)
      assert.match(
        await shell('npx silversmith validate --stage dev'),
        /a query counts in each batch what the log says/,
      )
      return output.split('\n').at(-2)
    },
  },
  {
    name: 'backfill: a dry run runs nothing, a limit on the price holds, the rest is followed to its end',
    run: async ({ pipeline, shell }) => {
      await pipeline.addReviews('2024/old', 6)
      const backfill = 'npx silversmith backfill --stage dev --prefix bronze/reviews/2024/'
      const before = await pipeline.count()
      assert.match(await shell(`${backfill} --dry-run`), /to do +1 file,.*\n.*about \$/)
      await assert.rejects(shell(`${backfill} --max-usd 0`), /more than --max-usd 0: nothing was run/)
      assert.equal(await pipeline.count(), before)
      const output = await shell(backfill)
      assert.match(output, /execution +backfill-bronze-reviews-2024-/)
      assert.equal(await pipeline.count(), before + 6)
      return output.split('\n').find(line => line.startsWith('on AWS'))
    },
  },
  {
    name: 'a deploy in the middle of an execution does not change its code',
    run: async ({ pipeline, emulator, shell }) => {
      await pipeline.addReviews('deployed', 5)
      // each of its five tasks, so that however long the deploy takes it falls into one of them
      await emulator.inject({ service: 'lambda', match: '*', do: 'delay', seconds: 10, times: 5 })
      const arn = await pipeline.start()
      await shell('npx serverless deploy --stage dev --param="maxFilesPerBatch=1"')
      const running = await pipeline.lake.stage.sfn.send(
        new ListExecutionsCommand({ stateMachineArn: pipeline.lake.stage.machineArn, statusFilter: 'RUNNING' }),
      )
      await emulator.heal()
      assert(running.executions?.some(({ executionArn }) => executionArn === arn))
      assert.equal(succeeded(await pipeline.end(arn)).committed?.rows.written, 5)
    },
  },
  {
    name: '22 files in 22 batches of one execution: a snapshot of the log, for which Commit needs its right',
    run: async ({ pipeline, shell }) => {
      const { policy, put } = await pipeline.policyOf('CommitRole')
      await put({ ...policy, Statement: policy.Statement.filter(({ Sid }) => Sid !== 'Snapshots') })
      for (let i = 0; i < 22; i++) await pipeline.addReviews(`many-${i}`, 1)
      const failed = await pipeline.end(await pipeline.start({ prefix: 'bronze/reviews/many' }))
      await put(policy)
      assert.deepEqual([failed.status, failed.error], ['FAILED', 'AccessDenied'])
      assert.match(failed.cause, /\.snapshot\./)
      await shell('npx silversmith backfill --stage dev')
      assert.equal(await pipeline.count("review_id LIKE 'many-%'"), 22)
    },
  },
  {
    name: 'the schedule starts executions',
    run: async ({ pipeline, shell }) => {
      await shell('npx serverless deploy --stage dev --param="rate=rate(1 minute)"')
      await pipeline.addReviews('scheduled', 5)
      await until(async () => ((await pipeline.count("review_id LIKE 'scheduled-%'")) === 5 ? true : undefined), 90_000)
    },
  },
]

interface Embedded {
  readonly Metrics: readonly { readonly Name: string }[]
}

function embedded(line: Readonly<Record<string, unknown>>): readonly Embedded[] {
  const { _aws } = line as { _aws?: { CloudWatchMetrics: readonly Embedded[] } } // the embedded metric format
  return _aws?.CloudWatchMetrics ?? []
}
