import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../scripts/run-command.ts'

const FIXTURE = 'test/fixtures/spark-takeover'

describe('npx silversmith rebuild on the silver of a Spark job that was not taken over', () => {
  let folder: string
  let silver: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'silversmith-'))
    silver = join(folder, 'lake/silver/reviews')
    cpSync(join(FIXTURE, 'bronze'), join(folder, 'lake/bronze'), { recursive: true })
    cpSync(join(FIXTURE, 'old-silver'), silver, { recursive: true })
    cpSync(join(FIXTURE, 'checkpoint'), join(folder, 'checkpoint'), { recursive: true })
  })
  after(() => rmSync(folder, { recursive: true }))

  it("leaves Spark's log as it is, and says what is right", () => {
    const { status, stdout, stderr } = runCommand(folder, ['rebuild'])
    assert.deepEqual([status, stdout], [1, ''])
    assert.match(stderr, /^there is nothing to rebuild: .*; for a Spark job's silver: npx silversmith takeover\n$/)
    assert.deepEqual(readdirSync(join(silver, '_spark_metadata')), ['0', '1'])
  })

  it('is what a run says too', () => {
    const { status, stderr } = runCommand(folder, ['run'])
    assert.equal(status, 1)
    assert.match(
      stderr,
      /^BrokenLog: .*a Spark job's silver is taken over by npx silversmith takeover \(docs\/troubleshooting\.md#brokenlog\)\n$/,
    )
  })

  it('takes nothing from a takeover', () => {
    const args = ['--checkpoint', 'checkpoint', '--silver', 'lake/silver/reviews'] as const
    const { status, stdout, stderr } = runCommand(folder, ['takeover', ...args])
    assert.deepEqual([status, stderr], [0, ''])
    assert.match(stdout, /: 16 rows in 4 silver files, committed\n/)
  })
})
