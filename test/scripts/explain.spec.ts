import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeLake } from '../../scripts/demo/make-lake.ts'

describe('npm run explain', () => {
  it('shows what silver.sql does: columns, conditions, join, DDL', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'silversmith-'))
    try {
      await makeLake(join(folder, 'lake'))
      const script = fileURLToPath(new URL('../../scripts/explain.ts', import.meta.url))
      const { status, stdout } = spawnSync(process.execPath, [script], { cwd: folder })
      assert.equal(status, 0)
      const text = stdout.toString()
      assert.match(
        text,
        /review_timestamp +timestamp +nullable +copied +r(eviews)?\.review_timestamp|review_timestamp +timestamp +nullable +copied/,
      )
      assert.match(text, /customer_name +string +nullable +looked up/)
      assert.match(text, /CREATE EXTERNAL TABLE IF NOT EXISTS `silver`\.`reviews`/)
      const json = spawnSync(process.execPath, [script, '--format', 'json'], { cwd: folder })
      assert.equal(JSON.parse(json.stdout.toString()).columns.length, 21)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
