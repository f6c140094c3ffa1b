import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeLake } from '../../scripts/demo/make-lake.ts'
import { runCommand } from './run-command.ts'

describe('npx silversmith explain', () => {
  it('shows what silver.sql does: columns, conditions, join, DDL', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'silversmith-'))
    try {
      await makeLake(join(folder, 'lake'))
      const { status, stdout: text } = runCommand(folder, ['explain'])
      assert.equal(status, 0)
      assert.match(
        text,
        /review_timestamp +timestamp +nullable +copied +r(eviews)?\.review_timestamp|review_timestamp +timestamp +nullable +copied/,
      )
      assert.match(text, /customer_name +string +nullable +looked up/)
      assert.match(text, /CREATE EXTERNAL TABLE IF NOT EXISTS `silver`\.`reviews`/)
      const json = runCommand(folder, ['explain', '--format', 'json'])
      assert.equal(JSON.parse(json.stdout).columns.length, 21)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
