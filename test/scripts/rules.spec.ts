import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { readLog } from '../../functions/log/read.ts'
import { openLake } from '../../scripts/lakes/open-lake.ts'
import { World } from '../support/world.ts'
import { runCommand } from './run-command.ts'

const SQL = `CONSTRAINT valid_stars EXPECT (stars <= 5) ON VIOLATION DROP ROW
CONSTRAINT short EXPECT (length(review_id) < 3)
SELECT r.review_id, r.stars FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id`

describe('commands on a lake whose query has rules', () => {
  let folder: string
  const run = (...args: [string, ...string[]]) => runCommand(folder, args)

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'silversmith-'))
    const world = new World({ store: new DirectoryStore(folder) })
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    const rows = [5, 9, 8].map((stars, i) => ({ review_id: `a${i}`, customer_id: '1', stars }))
    await world.addReviews('a', [...rows, { review_id: 'long', customer_id: '1', stars: 1 }])
    writeFileSync(join(folder, 'rules.sql'), SQL)
  })
  after(() => rmSync(folder, { recursive: true }))

  it('say which rules were broken: run, history, batch, status; and query shows the rows', async () => {
    const done = run('run', '--lake', '.', '--sql', 'rules.sql', '--fail-on', 'rules')
    assert.match(
      done.stdout,
      /rows {7}read 4 = filtered 0 \+ rejected 2 \+ without key 0 \+ unmatched 0 \+ matched 2\n/,
    )
    const told = 'rules      2 rows break valid_stars: rejected\nrules      1 row breaks short: only counted\n'
    assert(done.stdout.includes(told), done.stdout)
    assert.deepEqual(
      [done.status, done.stderr.trim().split('\n').at(-1)],
      [1, 'rules: rows break valid_stars and short'],
    )
    const lake = await openLake({ lake: folder })
    const [batch] = (await readLog(lake.store, lake.layout)).state.batches.values()
    assert(batch)
    const shown = run('batch', '--lake', '.', batch.batch).stdout
    assert(shown.includes(told), shown)
    assert.match(shown, /valid_stars 2 \(row 1, 2\); short 1 \(row 3\)/)
    assert.match(run('history', '--lake', '.').stdout, / valid_stars 2, short 1/)
    assert(run('status', '--lake', '.', '--sql', 'rules.sql').stdout.includes(told))
    const query = 'SELECT batch, rules, bronze_file, bronze_row, review_id, stars FROM silver.rejected ORDER BY 4'
    assert.deepEqual((await lake.query(query)).rows, [
      [batch.batch, 'valid_stars', 'bronze/reviews/a.parquet', 1, 'a1', 9],
      [batch.batch, 'valid_stars', 'bronze/reviews/a.parquet', 2, 'a2', 8],
    ])
    assert.deepEqual((await lake.query('SELECT rejected FROM silver.batches')).rows, [[2]])
  })
})
