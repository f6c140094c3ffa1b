import assert from 'node:assert/strict'
import { connectAthena } from '../../../functions/adapters/athena/athena.ts'
import { readLog } from '../../../functions/log/read.ts'
import { createTableOverDelta } from '../../../functions/readers/athena/athena-ddl.ts'
import { Pipeline } from '../pipeline.ts'
import type { Scenario, World } from '../scenario.ts'
import { letWake } from './wake.ts'

const ROWS = 13

/** Athena by the Delta log: beside the partitions, in their place, and back. */
export const onDelta: readonly Scenario[] = [
  {
    name: 'a table over the Delta log, made by one statement, has the same rows beside the other one',
    run: async ({ pipeline, shell }) => {
      const { stage, layout, uri } = pipeline.lake
      const athena = connectAthena(stage.athena, stage.workgroup)
      const beside = { ...stage.table, table: 'reviews_delta' }
      await athena.run(createTableOverDelta(beside, uri + layout.roots.silver))
      const rows = (table: string) =>
        athena.run(
          `SELECT ingest_date, batch, COUNT(*), SUM(star_rating), COUNT(DISTINCT customer_name) FROM ${stage.table.database}.${table} GROUP BY 1, 2 ORDER BY 1, 2`,
        )
      assert.deepEqual(await rows(beside.table), await rows(stage.table.table))
      await pipeline.addReviews('beside', ROWS)
      await pipeline.run()
      assert.deepEqual(await rows(beside.table), await rows(stage.table.table))
      await shell(`aws glue delete-table --database-name ${stage.table.database} --name ${beside.table}`)
    },
  },
  {
    name: 'athenaTable: delta shows the same rows, then new ones, and replaced ones once; no partition is registered; and back',
    run: async world => {
      const before = await world.pipeline.count()
      const pipeline = await deploy(world, 'delta')
      assert.equal((await pipeline.run()).reason, 'nothing new')
      assert.equal(await describe(world), 'DELTA')
      assert.equal(await pipeline.count(), before)
      await world.emulator.requests()
      await pipeline.addReviews('on-delta', ROWS)
      const { done } = await pipeline.run()
      const asked = await world.emulator.requests()
      const glue = asked.filter(({ service }) => service === 'glue').map(({ operation }) => operation)
      assert.deepEqual([...new Set(glue)], ['GetTable'])
      assert.equal(await pipeline.count(), before + ROWS)
      assert.equal(await pipeline.count(`batch = '${done[0]}'`), ROWS)
      await pipeline.run({ reprocess: { batches: [done[0] ?? ''] } })
      const { state } = await readLog(pipeline.lake.store, pipeline.lake.layout)
      assert.equal(state.batches.get(done[0] ?? '')?.superseded.length, 1)
      assert.equal(await pipeline.count(), before + ROWS)
      await world.shell('npx silversmith validate --stage dev')
      await world.shell('npx silversmith validate --stage dev --repair')
      const back = await deploy(world, 'partitions')
      const { repairs } = await back.run()
      assert.deepEqual([repairs?.dropped, repairs?.restored], [0, 1])
      assert.equal(await describe(world), 'None')
      assert.equal(await back.count(), before + ROWS)
      await world.shell('npx silversmith validate --stage dev')
    },
  },
]

async function deploy({ shell }: World, athenaTable: string): Promise<Pipeline> {
  await shell(`npx serverless deploy --stage dev --param athenaTable=${athenaTable}`)
  await letWake(shell, false)
  return Pipeline.open('dev')
}

/** The type of the stage's table in Glue. */
async function describe({ pipeline, shell }: World): Promise<string> {
  const { database, table } = pipeline.lake.stage.table
  const query = '--query "Table.Parameters.table_type" --output text'
  return (await shell(`aws glue get-table --database-name ${database} --name ${table} ${query}`)).trim()
}
