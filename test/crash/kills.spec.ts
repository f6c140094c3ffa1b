import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { collect } from '../../functions/adapters/duckdb/collect.ts'
import { openAthena } from '../../functions/adapters/duckdb/local-athena.ts'
import { readCatalog } from '../../functions/adapters/duckdb/local-catalog.ts'
import { streamRows } from '../../functions/adapters/duckdb/row-stream.ts'
import { Layout } from '../../functions/lake/layout.ts'
import { makeLake } from '../../scripts/demo/make-lake.ts'
import { Random } from '../../scripts/demo/random.ts'
import { Duck } from '../support/duckdb.ts'

const KILLS = 40
const START = ['scripts/silversmith.mjs', 'run', '--max-files', '2']
const layout = new Layout()

/** Writes every batch again: work for a run that finds nothing new. */
const REPROCESS = ['--input', '{"reprocess": {"from": "2000-01-01", "to": "2100-01-01"}}']

/** Runs `npm start` on a lake; kills it after some milliseconds, or waits for its end. Returns its exit code. */
function start(root: string, more: readonly string[], killAfter?: number): Promise<number | null> {
  const child = spawn(process.execPath, [...START, '--lake', root, ...more], { stdio: 'ignore' })
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter)
  return new Promise(done => {
    child.on('exit', code => {
      clearTimeout(timer)
      done(code)
    })
  })
}

describe('npm start, killed', () => {
  it('leaves a lake that one clean run makes good', async () => {
    const base = await mkdtemp(join(tmpdir(), 'silversmith-'))
    const root = join(base, 'lake')
    try {
      await makeLake(root)
      const random = new Random(20_261_124)
      let killed = 0
      let runs = 0
      for (; killed < KILLS && runs < 3 * KILLS; runs++) {
        // once all is joined, only writing batches again is work enough to be killed in
        const more = runs % 3 === 0 ? [] : REPROCESS
        if ((await start(root, more, 300 + random.below(900))) === null) killed++
      }
      assert.equal(killed, KILLS, `only ${killed} of ${runs} runs lived long enough to be killed`)
      assert.equal(await start(root, []), 0)
      await compare(root)
      console.log(`      ${killed} runs were killed by SIGKILL, then one was let be`)
    } finally {
      await rm(base, { recursive: true })
    }
  })
})

/** Every row of the published table against DuckDB's own join over bronze. */
async function compare(root: string): Promise<void> {
  const { table } = await readCatalog(new DirectoryStore(root), layout)
  const silver = await openAthena(root, layout, table)
  const columns = table.columns.map(({ name }) => `"${name}"`).join(', ')
  const order = `SELECT ${columns} FROM silver.reviews ORDER BY review_id, review_timestamp`
  const actual = (await collect(await streamRows(silver, order))).rows
  silver.closeSync()
  const duck = await Duck.open()
  const read = (directory: string) => `read_parquet('${join(root, directory)}*.parquet')`
  await duck.run(`SET TimeZone = 'UTC'; CREATE SCHEMA silver; CREATE VIEW silver.reviews AS
    SELECT r.* REPLACE (CAST(r.review_timestamp AS TIMESTAMP) AS review_timestamp), c.* EXCLUDE (customer_id) FROM ${read(layout.roots.reviews)} r
    JOIN ${read(layout.roots.customers)} c USING (customer_id)`)
  const expected = (await duck.rows(order)).map(row => Object.values(row))
  duck.close()
  assert(expected.length > 10_000)
  assert.equal(actual.length, expected.length)
  // row by row: the difference of two long lists takes all memory to print
  for (const [i, row] of expected.entries()) assert.deepEqual(actual[i], row)
}
