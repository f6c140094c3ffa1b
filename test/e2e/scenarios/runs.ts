import assert from 'node:assert/strict'
import { readCommit, readLog } from '../../../functions/log/read.ts'
import { findNewestId, readTold } from '../../../functions/readers/spark-sink/spark-told.ts'
import type { Pipeline } from '../pipeline.ts'
import type { Scenario } from '../scenario.ts'

/** What executions do when nothing is wrong with AWS. */
export const runs: readonly Scenario[] = [
  {
    name: 'nothing new: an execution says so and writes nothing but its claim',
    run: async ({ pipeline, emulator }) => {
      await emulator.requests()
      const { reason, hasWork } = await pipeline.run()
      assert.deepEqual([reason, hasWork], ['nothing new', false])
      const writes = (await emulator.requests()).filter(
        ({ service, operation, path }) =>
          service === 's3' && !/^(Get|Head|List)/.test(operation) && !path.endsWith('/claim.json'),
      )
      assert.deepEqual(writes, [])
    },
  },
  {
    name: 'a new file: exactly that file is joined',
    run: async ({ pipeline }) => {
      const before = await pipeline.count()
      await pipeline.addReviews('one-more', 40)
      const { work, committed } = await pipeline.run()
      assert.deepEqual([work?.files, committed?.rows.read, committed?.rows.written], [1, 40, 40])
      assert.equal(await pipeline.count(), before + 40)
    },
  },
  {
    name: 'a large file: S3 copies its body',
    run: async ({ pipeline, emulator }) => {
      await pipeline.addReviews('large', 60_000)
      await emulator.requests()
      await pipeline.run()
      const copies = (await emulator.requests()).filter(({ operation }) => operation === 'UploadPartCopy')
      assert.equal(copies.length, 1)
      assert.equal(await pipeline.count("review_id LIKE 'large-%'"), 60_000)
    },
  },
  {
    name: 'a bad file: it is quarantined with the reason, and the others are joined',
    run: async ({ pipeline }) => {
      await pipeline.lake.store.put('bronze/reviews/bad.parquet', new TextEncoder().encode('no rows here, sorry'))
      await pipeline.addReviews('beside-bad', 5)
      const { committed } = await pipeline.run()
      assert.deepEqual([committed?.files, committed?.quarantined, committed?.rows.written], [1, 1, 5])
      const [file] = (await lastCommit(pipeline)).quarantined
      assert.equal(file?.key, 'bronze/reviews/bad.parquet')
      return file?.reason
    },
  },
  {
    name: 'a late customer: the review waits, and is joined once when the customer comes',
    run: async ({ pipeline }) => {
      await pipeline.addReviews('late', 2, () => ({ customer_id: 'late-1' }))
      const { committed } = await pipeline.run()
      assert.deepEqual([committed?.rows.unmatched, committed?.parked, committed?.rows.written], [2, 2, 0])
      await pipeline.addCustomer('late-1', 'Lee Lately')
      assert.equal((await pipeline.run()).committed?.rows.written, 2)
      assert.equal((await pipeline.run()).reason, 'nothing new')
      assert.equal(await pipeline.count("review_id LIKE 'late-%' AND customer_name = 'Lee Lately'"), 2)
    },
  },
  {
    name: 'a reprocess: the batch has the customers of now, in another location, and as many rows',
    run: async ({ pipeline, shell }) => {
      await pipeline.addCustomer('moving', 'Before')
      await pipeline.addReviews('moving', 3, () => ({ customer_id: 'moving' }))
      await pipeline.run()
      const { batch, location } = await lastCommit(pipeline)
      await pipeline.addCustomer('moving', 'After')
      const before = await pipeline.count()
      await shell(`npx silversmith backfill --stage dev --reprocess --batch ${batch}`)
      const replaced = await lastCommit(pipeline)
      assert.deepEqual([replaced.operation, replaced.batch], ['replace', batch])
      assert.notEqual(replaced.location, location)
      assert.equal(await pipeline.count("review_id LIKE 'moving-%' AND customer_name = 'After'"), 3)
      assert.equal(await pipeline.count(), before)
    },
  },
  {
    name: 'two executions at once: every row once, no gap in the log',
    run: async ({ pipeline }) => {
      for (let i = 0; i < 4; i++) await pipeline.addReviews(`twice-${i}`, 10)
      const arns = await Promise.all([pipeline.start({ prefix: 'bronze/reviews/' }), pipeline.start()])
      for (const ended of await Promise.all(arns.map(arn => pipeline.end(arn)))) {
        assert.equal(ended.status, 'SUCCEEDED', `${ended.error}: ${ended.cause}`)
      }
      assert.equal(await pipeline.count("review_id LIKE 'twice-%'"), 40)
      const { state } = await readLog(pipeline.lake.store, pipeline.lake.layout) // throws at a gap
      return `version ${state.version} of the log`
    },
  },
  {
    name: 'Spark is told: its sink log lists the committed files',
    run: async ({ pipeline }) => {
      const { store, layout } = pipeline.lake
      const { state } = await readLog(store, layout)
      const { files, damaged, gap } = await readTold(store, layout, await findNewestId(store, layout, 0))
      const root = `s3a://silversmith-dev-000000000000-us-east-1/${layout.roots.silver}`
      const committed = [...state.batches.values()].flatMap(({ location, silver }) =>
        silver.map(({ key, size }) => `${root}${location}${key} ${size}`),
      )
      assert.deepEqual([damaged, gap], [false, undefined])
      assert.deepEqual(files.map(({ path, size }) => `${path} ${size}`).sort(), committed.sort())
      return `${files.length} files`
    },
  },
]

/** The newest commit of the log. */
export async function lastCommit({ lake: { store, layout } }: Pipeline) {
  const { state } = await readLog(store, layout)
  const commit = await readCommit(store, layout, state.version)
  if (!commit || commit.operation === 'abandon') throw new Error(`version ${state.version} is no batch`)
  return commit
}
