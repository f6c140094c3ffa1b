import assert from 'node:assert/strict'
import { readLog } from '../../../functions/log/read.ts'
import type { Fault } from '../emulator.ts'
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
    name: 'a file kills every Join that reads it: it is quarantined, the others are joined, and it can be tried again',
    run: async ({ pipeline, emulator }) => {
      for (const name of ['fine-a', 'fine-b']) await pipeline.addReviews(name, 5)
      const key = await pipeline.addReviews('poison', 3)
      // Plan reads the file's footer once a pass; every Join that reads it dies: three of all files, three of this one
      const kill: Fault = { service: 's3', match: `GET /*/${key}`, do: 'kill', times: 3 }
      await emulator.inject({ ...kill, skip: 1 }, { ...kill, skip: 2 })
      const { committed, done } = await pipeline.run()
      const faults = await emulator.heal()
      assert.deepEqual([faults.map(({ hits }) => hits), done.length, committed?.quarantined], [[8, 5], 2, 1])
      assert.equal(await pipeline.count("review_id LIKE 'fine-%'"), 10)
      const { store, layout } = pipeline.lake
      const reasons: string[] = []
      for await (const entry of (await readLog(store, layout)).bronze())
        if (entry.key === key) reasons.push(entry.reason ?? '')
      assert.match(reasons.join(), /without an error of its own \(Runtime\.ExitError, signal: killed\)/)
      await pipeline.run({ quarantined: true })
      assert.equal(await pipeline.count("review_id LIKE 'poison-%'"), 3)
      return reasons.join()
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
    name: 'Glue refuses the partition: the execution fails after its commit, and a redrive publishes it',
    run: async ({ pipeline, emulator }) => {
      await pipeline.addReviews('unpublished', 4)
      const code = 'InvalidInputException'
      await emulator.inject({ service: 'glue', match: 'BatchCreatePartition', status: 400, code })
      const failed = await pipeline.end(await pipeline.start())
      await emulator.heal()
      assert.deepEqual([failed.status, failed.error], ['FAILED', 'AthenaFailed'])
      assert.match(failed.cause, /Glue refused a call \(InvalidInputException/)
      assert.equal(await pipeline.count("review_id LIKE 'unpublished-%'"), 0)
      const { done } = await pipeline.redrive(failed.arn)
      assert.equal(done.length, 1)
      assert.equal(await pipeline.count("review_id LIKE 'unpublished-%'"), 4)
    },
  },
]
