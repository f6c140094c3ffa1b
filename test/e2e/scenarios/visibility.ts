import assert from 'node:assert/strict'
import { connectAthena } from '../../../functions/adapters/athena/athena.ts'
import { readLog } from '../../../functions/log/read.ts'
import { type Pipeline, succeeded, until } from '../pipeline.ts'
import type { Scenario } from '../scenario.ts'

const ROWS = 11
/** Bytes at a file's end that hold its footer, and so the names of its bronze files. */
const FOOTER = 1 << 16

/** When readers see a batch: all of it after it is published, and nothing of it before. */
export const visibility: readonly Scenario[] = [
  {
    name: 'Athena counts the old rows until the batch is published, then all of it',
    run: async ({ pipeline, emulator }) => {
      const before = await pipeline.count()
      await pipeline.addReviews('seen', ROWS)
      await emulator.inject({ service: 's3', match: 'PUT /*/_silversmith/log/*', do: 'delay', seconds: 6 })
      const arn = await pipeline.start()
      await until(async () => ((await filesOf(pipeline, 'seen')) > 0 ? true : undefined))
      const counts = [await pipeline.count(), await pipeline.count()]
      const { done } = succeeded(await pipeline.end(arn))
      await emulator.heal()
      assert.deepEqual(counts, [before, before], 'before the commit')
      assert.equal(await pipeline.count(), before + ROWS)
      assert.equal(await pipeline.count(`batch = '${done[0]}'`), ROWS)
    },
  },
  {
    name: 'an attempt that nobody committed is in S3 and in no answer',
    run: async ({ pipeline, emulator }) => {
      const before = await pipeline.count()
      await pipeline.addReviews('orphaned', ROWS)
      await emulator.inject({ service: 'lambda', match: '*-commit', do: 'kill', when: 'before', times: 7 })
      const failed = await pipeline.end(await pipeline.start())
      await emulator.heal()
      assert.deepEqual([failed.status, failed.error], ['FAILED', 'Runtime.ExitError'])
      assert.equal(await filesOf(pipeline, 'orphaned'), 1)
      assert.equal(await pipeline.count(), before)
      await pipeline.run()
      assert.equal(await filesOf(pipeline, 'orphaned'), 2)
      assert.equal(await pipeline.count(), before + ROWS)
    },
  },
  {
    name: 'partitions that somebody else registered or moved are put right: by a run with news, and by validate --repair',
    run: async ({ pipeline, shell }) => {
      for (const remedy of ['run', 'validate']) {
        const before = await pipeline.count()
        const batches = [...(await readLog(pipeline.lake.store, pipeline.lake.layout)).state.batches.values()]
        const [first, second] = batches.filter(({ silver }) => silver.some(({ rows }) => rows > 0))
        assert(first && second)
        const root = `s3://${pipeline.lake.stage.bucket}/${pipeline.lake.layout.roots.silver}`
        const table = '`silversmith_dev`.`reviews`'
        const athena = connectAthena(pipeline.lake.stage.athena, pipeline.lake.stage.workgroup)
        const strange = `PARTITION (ingest_date = '2020-01-01', batch = 'strange')`
        await athena.run(`ALTER TABLE ${table} ADD IF NOT EXISTS ${strange} LOCATION '${root}${first.location}'`)
        const moved = `PARTITION (ingest_date = '${second.ingestDate}', batch = '${second.batch}')`
        await athena.run(`ALTER TABLE ${table} ${moved} SET LOCATION '${root}${first.location}'`)
        assert.equal(await pipeline.count("batch = 'strange'"), rowsOf(first))
        await assert.rejects(
          shell('npx silversmith validate --stage dev'),
          /2 partitions of the catalog are not as the log says/,
        )
        if (remedy === 'run') {
          await pipeline.addReviews('mends', ROWS)
          const { repairs } = await pipeline.run()
          assert.deepEqual([repairs?.dropped, repairs?.moved, repairs?.restored], [1, 1, 0])
        } else {
          assert.match(
            await shell('npx silversmith validate --stage dev --repair'),
            /1 dropped that no commit has, 1 moved/,
          )
        }
        assert.equal(await pipeline.count(), before + (remedy === 'run' ? ROWS : 0), remedy)
        await shell('npx silversmith validate --stage dev')
      }
    },
  },
]

function rowsOf({ silver }: { readonly silver: readonly { readonly rows: number }[] }): number {
  return silver.reduce((sum, { rows }) => sum + rows, 0)
}

/** How many silver files hold the rows of a bronze file, committed or not. */
async function filesOf({ lake: { store, layout } }: Pipeline, name: string): Promise<number> {
  let found = 0
  for await (const { key, size } of store.list(`${layout.roots.silver}ingest_date=`)) {
    const footer = await store.get(key, { range: { start: Math.max(0, size - FOOTER), end: size } })
    if (Buffer.from(footer).includes(`bronze/reviews/${name}.parquet`)) found++
  }
  return found
}
