import assert from 'node:assert/strict'
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
      await emulator.inject({ service: 's3', match: 'PUT /*/_silversmith/log/*', do: 'delay', seconds: 1.5 })
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
]

/** How many silver files hold the rows of a bronze file, committed or not. */
async function filesOf({ lake: { store, layout } }: Pipeline, name: string): Promise<number> {
  let found = 0
  for await (const { key, size } of store.list(`${layout.roots.silver}ingest_date=`)) {
    const footer = await store.get(key, { range: { start: Math.max(0, size - FOOTER), end: size } })
    if (Buffer.from(footer).includes(`bronze/reviews/${name}.parquet`)) found++
  }
  return found
}
