import assert from 'node:assert/strict'
import { Pipeline } from '../pipeline.ts'
import type { Scenario } from '../scenario.ts'

/** What a real Spark 3.5 left; its logs name a directory of the machine on which it ran. */
const SPARK = 'test/fixtures/spark-takeover'
const COUNT = 'SELECT COUNT(*) AS n, COUNT(DISTINCT review_id) AS ids FROM silver.reviews'

/** Lakes on S3 without a stage, and a Spark job on S3 that ends in one or in a stage. */
export const lakes: readonly Scenario[] = [
  {
    name: 'takeover, run and query --lake s3://… of a Spark job on S3, told to Athena',
    run: async ({ pipeline, shell }) => {
      const root = `s3://${pipeline.lake.stage.bucket}`
      await shell(`aws s3 cp --recursive --quiet ${SPARK} ${root}/spark`)
      const lake = `--lake ${root}/own`
      const job = `--checkpoint ${root}/spark/checkpoint --silver s3a${root.slice(2)}/spark/old-silver`
      const bronze = `--reviews ${root}/spark/bronze/reviews --customers ${root}/spark/bronze/customers`
      const athena = '--athena silversmith-dev/silversmith_dev.own'
      const takeover = `npx silversmith takeover ${lake} ${bronze} ${athena} ${job}`
      assert.match(await shell(`${takeover} --dry-run`), /16 rows in 4 silver files would be/)
      assert.match(await shell(takeover), /16 rows in 4 silver files, committed/)
      const sql = 'SELECT r.*, c.customer_name FROM bronze_reviews r JOIN bronze_customers c USING (customer_id)'
      const output = await shell(`echo "${sql}" > .e2e/own.sql && npx silversmith run ${lake} --sql .e2e/own.sql`)
      assert.match(output, /2 bronze files → 1 silver file/)
      const json = await shell(`npx silversmith query ${lake} --format json "${COUNT}"`)
      assert.deepEqual(JSON.parse(json), [{ n: 24, ids: 24 }])
      assert.match(await shell(`npx silversmith validate ${lake}`), /2 batches, 24 rows: a query counts/)
      assert.match(await shell(`npx silversmith run ${lake} --sql .e2e/own.sql`), /nothing new/)
      await assert.rejects(shell(`npx silversmith status --lake ${root}`), /lake of a deployed stage.*--stage NAME/)
      return output.split('\n').find(line => line.startsWith('files'))
    },
  },
  {
    name: 'takeover --stage of the same job; the stage goes on without a gap',
    run: async ({ pipeline, shell }) => {
      const spark = `s3://${pipeline.lake.stage.bucket}/spark`
      await shell('npx serverless deploy --stage spark --param="schedule=false" --param="wake=off"')
      const stage = await Pipeline.open('spark')
      const root = `s3://${stage.lake.stage.bucket}`
      await shell(`aws s3 cp --recursive --quiet ${SPARK}/bronze/reviews ${root}/bronze/reviews`)
      for (const id of [0, 1, 2, 3]) await stage.addCustomer(`c${id}`, `Customer ${id}`)
      const takeover = `npx silversmith takeover --stage spark --checkpoint ${spark}/checkpoint --silver ${spark}/old-silver`
      assert.match(await shell(`${takeover} --dry-run`), /16 rows in 4 silver files would be/)
      assert.equal((await stage.lake.store.head(stage.lake.layout.commit(0)))?.key, undefined)
      const taken = await shell(takeover)
      assert.match(taken, /16 rows in 4 silver files, committed/)
      const state = await stage.run()
      assert.equal(state.work?.files, 2) // those of the batch that was killed
      const json = await shell(`npx silversmith query --stage spark --format json "${COUNT}"`)
      assert.deepEqual(JSON.parse(json), [{ n: 24, ids: 24 }])
      assert.match(await shell('npx silversmith validate --stage spark'), /2 batches, 24 rows: a query counts/)
      assert.equal((await stage.run()).reason, 'nothing new')
      await shell(`npx serverless remove --stage spark && aws s3 rb --force ${root}`)
      return taken
    },
  },
]
