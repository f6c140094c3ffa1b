import assert from 'node:assert/strict'
import type { Scenario } from '../scenario.ts'

/** What executions make of AWS's bad days. */
export const failures: readonly Scenario[] = [
  {
    name: 'S3 is away for two whole invocations: StoreUnavailable, tried again, committed',
    run: async ({ pipeline, emulator }) => {
      const since = Date.now()
      await pipeline.addReviews('away', 7)
      // the SDK itself tries five times
      await emulator.inject({
        service: 's3',
        match: 'GET /*/bronze/reviews/away.parquet',
        skip: 1,
        times: 10,
        status: 500,
      })
      const { committed } = await pipeline.run()
      await emulator.heal()
      assert.equal(committed?.rows.written, 7)
      const errors = (await pipeline.logLines('join', since)).filter(({ error }) => error === 'StoreUnavailable')
      assert.equal(errors.length, 2)
      return String(errors[0]?.message)
    },
  },
  {
    name: 'a Lambda is killed after it has written its silver file: the next finds it, every row once',
    run: async ({ pipeline, emulator }) => {
      await pipeline.addReviews('killed', 8)
      await emulator.inject({ service: 's3', match: 'PUT /*/silver/reviews/ingest_date=*', do: 'kill', when: 'after' })
      const { committed } = await pipeline.run()
      const [fault] = await emulator.heal()
      assert.equal(fault?.hits, 1)
      assert.equal(committed?.rows.written, 8)
      assert.equal(await pipeline.count("review_id LIKE 'killed-%'"), 8)
    },
  },
  {
    name: 'Lambda throttles, and kills the commit in the middle: committed once',
    run: async ({ pipeline, emulator }) => {
      await pipeline.addReviews('throttled', 9)
      await emulator.inject(
        { service: 'lambda', match: '*-join', do: 'throttle', times: 2 },
        { service: 's3', match: 'PUT /*/_silversmith/log/*', do: 'kill', when: 'after' },
      )
      await pipeline.run()
      await emulator.heal()
      assert.equal(await pipeline.count("review_id LIKE 'throttled-%'"), 9)
    },
  },
  {
    name: 'the answer to the commit is lost: the log says that it is there',
    run: async ({ pipeline, emulator }) => {
      await pipeline.addReviews('lost', 6)
      await emulator.inject({ service: 's3', match: 'PUT /*/_silversmith/log/*', do: 'drop', when: 'after' })
      await pipeline.run()
      await emulator.heal()
      assert.equal(await pipeline.count("review_id LIKE 'lost-%'"), 6)
    },
  },
  {
    name: 'Athena fails: the execution fails after its commit, and a redrive publishes it',
    run: async ({ pipeline, emulator }) => {
      await pipeline.addReviews('unpublished', 4)
      const reason = 'GENERIC_INTERNAL_ERROR'
      await emulator.inject({ service: 'athena', match: 'ALTER TABLE*', do: 'fail', message: reason })
      const failed = await pipeline.end(await pipeline.start())
      await emulator.heal()
      assert.deepEqual([failed.status, failed.error], ['FAILED', 'AthenaFailed'])
      assert.match(failed.cause, /GENERIC_INTERNAL_ERROR/)
      assert.equal(await pipeline.count("review_id LIKE 'unpublished-%'"), 0)
      const { done } = await pipeline.redrive(failed.arn)
      assert.equal(done.length, 1)
      assert.equal(await pipeline.count("review_id LIKE 'unpublished-%'"), 4)
    },
  },
]
