import assert from 'node:assert/strict'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Layout } from '../../functions/lake/layout.ts'
import { readLog } from '../../functions/log/read.ts'
import { DirectoryStore } from '../../scripts/directory-store.ts'
import { openAthena, readJson } from '../../scripts/local-athena.ts'
import { LocalCatalog, readCatalog } from '../../scripts/local-catalog.ts'
import { runLocal } from '../../scripts/run-local.ts'
import { readCheckpoint } from '../../scripts/upkeep/checkpoint.ts'
import { rebuildLog } from '../../scripts/upkeep/rebuild.ts'
import { takeOver } from '../../scripts/upkeep/takeover.ts'

/** What a real Spark 3.5 left when it was killed in its third batch; see make.py there. */
const FIXTURE = fileURLToPath(new URL('../fixtures/spark-takeover/', import.meta.url))
const SQL = 'SELECT r.*, c.customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id'
const layout = new Layout()
const lines = (text: string) => new TextEncoder().encode(text)

describe('takeover of a Spark job', () => {
  let root: string
  let store: DirectoryStore

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'silversmith-'))
    await cp(FIXTURE, root, { recursive: true })
    store = new DirectoryStore(root)
  })
  afterEach(() => rm(root, { recursive: true }))

  const options = (silver = { store: store as DirectoryStore, root: 'old-silver/' }) => {
    return { store, layout, checkpoint: { store, root: 'checkpoint/' }, silver, now: Date.now() }
  }
  const run = () =>
    runLocal({
      root,
      input: {},
      settings: {
        query: async () => ({
          sql: SQL,
          declarations: null,
          reviewsView: 'bronze_reviews',
          customersView: 'bronze_customers',
        }),
        caps: { maxFilesPerBatch: 100, maxBytesPerBatch: 1e9 },
        maxConcurrency: 2,
        unmatched: 'park',
        ignoreSparkMetadata: false,
      },
    })
  const query = async (sql: string) => {
    const connection = await openAthena(root, layout, (await readCatalog(store, layout)).table)
    const { rows } = await readJson(connection, sql)
    connection.closeSync()
    return rows
  }

  it('continues it without a gap and without a duplicate', async () => {
    const taken = await takeOver(options())
    assert.deepEqual([taken.silver, taken.rows, taken.bronze, taken.missing], [4, 16, 4, []])
    const state = await run()
    assert.equal(state.work?.files, 2) // those of the batch that was killed
    const ids = Array.from({ length: 6 }, (_, file) => [0, 1, 2, 3].map(i => [`r${file + 1}-${i}`])).flat()
    assert.deepEqual(await query('SELECT review_id FROM silver.reviews ORDER BY 1'), ids)
    const [row] = await query(
      "SELECT star_rating, review_timestamp, customer_name FROM silver.reviews WHERE review_id = 'r2-3'",
    )
    assert.deepEqual(row, [4, '2026-11-02 10:00:00.123453', 'Customer 1'])
    assert.equal((await run()).reason, 'nothing new')
  })

  it('takes silver files from outside the lake as well', async () => {
    const taken = await takeOver(options({ store: new DirectoryStore(join(root, 'old-silver')), root: '' }))
    assert.equal(taken.rows, 16)
    await run()
    assert.deepEqual(await query('SELECT COUNT(*) FROM silver.reviews'), [[24]])
  })

  it('can be rebuilt from its files, like any batch', async () => {
    await takeOver(options())
    await run()
    await rm(join(root, layout.log), { recursive: true })
    const executions = { isRunning: async () => false }
    const catalog = new LocalCatalog(store, layout, root)
    await rebuildLog({ store, layout, executions, catalog, dryRun: false })
    assert.equal((await run()).reason, 'nothing new')
    assert.deepEqual(await query('SELECT COUNT(*), COUNT(DISTINCT review_id) FROM silver.reviews'), [[24, 24]])
  })

  it('refuses a lake that has a log, files that are missing, and directories that are something else', async () => {
    const rejects = (message: RegExp, silver?: { store: DirectoryStore; root: string }) =>
      assert.rejects(takeOver(options(silver)), { name: 'UsageError', message })
    await rejects(/no batch is committed/, { store, root: 'checkpoint/' }).catch(() =>
      rejects(/has no _spark_metadata/, { store, root: 'checkpoint/' }),
    )
    const [file = ''] = await keys('old-silver/part-00000-2889')
    const bytes = await store.get(file)
    await store.put(file, bytes.slice(1))
    await rejects(/bytes, not 1574: restore it/)
    await store.delete(file)
    await rejects(/is missing: restore it/)
    await store.put(file, bytes)
    await takeOver(options())
    await rejects(/has a log already/)
  })

  it('follows the compact entries of a checkpoint up to the last committed offset', async () => {
    const entry = (name: string, batchId: number) =>
      JSON.stringify({ path: `file:///b/${name}`, timestamp: 1, batchId })
    const put = (key: string, ...content: string[]) => store.put(`cp/${key}`, lines(['v1', ...content].join('\n')))
    await put('sources/0/8', entry('old', 8))
    await put('sources/0/9.compact', entry('a', 3), entry('b', 9))
    await put('sources/0/10', entry('c', 10))
    await put('sources/0/11', entry('d', 11))
    // the query's batch 14 is the source's batch 10
    await put('offsets/14', '{}', '{"logOffset":10}')
    await put('commits/14', '{}')
    const files = await readCheckpoint({ store, root: 'cp/' }, { store, root: 'none/' })
    assert.deepEqual(
      files.map(({ path }) => path.split('/').at(-1)),
      ['a', 'b', 'c'],
    )
    await put('offsets/14', '{}', '{"logOffset":10}', '{"logOffset":3}')
    await assert.rejects(readCheckpoint({ store, root: 'cp/' }, { store, root: 'none/' }), { message: /has 2 sources/ })
  })

  async function keys(prefix: string): Promise<string[]> {
    const found: string[] = []
    for await (const { key } of store.list(prefix)) found.push(key)
    return found
  }

  it('changes nothing in the log when it fails', async () => {
    await store.delete((await keys('old-silver/part-00001'))[0] ?? '')
    await takeOver(options()).catch(() => undefined)
    assert((await readLog(store, layout)).state.version <= 0)
  })
})
