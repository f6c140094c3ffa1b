import assert from 'node:assert/strict'
import type { Scenario } from '../scenario.ts'

/** What a person sees of a stage when something has gone wrong, and how they stay in charge of it. */
export const stage: readonly Scenario[] = [
  {
    name: 'status --stage shows the error of a failed execution, and what to do; the log has its stack',
    run: async ({ pipeline, shell }) => {
      const since = Date.now()
      const ended = await pipeline.end(await pipeline.start({ prefix: 'elsewhere/' }))
      assert.deepEqual([ended.status, ended.error], ['FAILED', 'InvalidInput'])
      assert.match(ended.cause, /\(docs\/troubleshooting\.md#invalidinput\)$/)
      const status = await shell('npx silversmith status --stage dev')
      assert.match(status, /failed +\S+ \S+\n +InvalidInput: execution input: .*prefix.*\n +→ Correct the field/)
      assert.doesNotMatch(status, /\.mjs|^ +at /m)
      const [line] = (await pipeline.logLines('plan', since)).filter(({ error }) => error === 'InvalidInput')
      assert.match(String(line?.stack), /functions\/pipeline\/plan\/\w+\.ts:\d+/)
    },
  },
  {
    name: 'backfill joins the execution that does the same, and says what else is running',
    run: async ({ pipeline, emulator, shell }) => {
      await pipeline.addReviews('2025/joined', 4)
      await emulator.inject({ service: 'lambda', match: '*', do: 'delay', seconds: 3, times: 5 })
      const arn = await pipeline.start({ prefix: 'bronze/reviews/2025/' })
      const other = await pipeline.start({ prefix: 'bronze/reviews/2026/' })
      const output = await shell('npx silversmith backfill --stage dev --prefix bronze/reviews/2025/')
      await emulator.heal()
      assert.match(output, new RegExp(`execution +${nameOf(arn)}, which is running already`))
      assert.match(output, new RegExp(`running +${nameOf(other)}`))
      assert.equal(await pipeline.count("review_id LIKE '2025/joined-%'"), 4)
      await pipeline.end(other)
    },
  },
  {
    name: 'Ctrl-C leaves a backfill running and says so; --stop ends it; what it left is joined by the next',
    run: async ({ pipeline, emulator, shell }) => {
      await pipeline.addReviews('2025/left', 4)
      await emulator.inject({ service: 'lambda', match: '*', do: 'delay', seconds: 20, times: 1 })
      const backfill = 'npx silversmith backfill --stage dev --prefix bronze/reviews/2025/'
      const output = await shell(`timeout --signal INT 6 ${backfill} 2>&1 || true`)
      assert.match(output, /goes on in AWS: write the same command to follow it again, or stop it with/)
      assert.match(await shell('npx silversmith backfill --stage dev --stop'), /^stopped backfill-bronze-reviews-2025-/)
      await emulator.heal()
      assert.match(await shell('npx silversmith backfill --stage dev --stop'), /^no backfill is running/)
      await shell(backfill)
      assert.equal(await pipeline.count("review_id LIKE '2025/left-%'"), 4)
    },
  },
]

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1)
}
