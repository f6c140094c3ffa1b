import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { collect } from '../../functions/adapters/duckdb/collect.ts'
import { openAthena } from '../../functions/adapters/duckdb/local-athena.ts'
import { readCatalog } from '../../functions/adapters/duckdb/local-catalog.ts'
import { streamRows } from '../../functions/adapters/duckdb/row-stream.ts'
import { Layout } from '../../functions/lake/layout.ts'
import type { ObjectWriter, WriteCondition } from '../../functions/lake/store.ts'
import { readLog } from '../../functions/log/read.ts'
import { rebuildLog } from '../../functions/maintain/rebuild/rebuild.ts'
import { readCheckpoint } from '../../functions/maintain/spark-checkpoint.ts'
import { type SparkDirectory, type TakeoverOptions, takeOver } from '../../functions/maintain/takeover.ts'
import { openLake } from '../../scripts/lakes/open-lake.ts'
import { runLocal } from '../../scripts/local/run-local.ts'
import { Crash, Faults, faultyStore } from '../support/faulty-store.ts'
import { codecs } from '../support/joining.ts'

/** What a real Spark 3.5 left when it was killed in its third batch; see make.py there. */
const FIXTURE = fileURLToPath(new URL('../fixtures/spark-takeover/', import.meta.url))
const SQL = 'SELECT r.*, c.customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id'
const NOW = Date.UTC(2026, 10, 24, 7, 15)
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

  const options = (silver: SparkDirectory = { store, root: 'old-silver/' }): TakeoverOptions => {
    return { store, layout, codecs, checkpoint: { store, root: 'checkpoint/' }, silver, now: NOW }
  }
  const run = async (sql = SQL) =>
    runLocal({
      lake: await openLake({ lake: root }),
      input: {},
      settings: {
        query: async () => ({
          sql,
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
    const { rows } = await collect(await streamRows(connection, sql))
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

  it('goes on with several dimensions', async () => {
    await takeOver(options())
    await run(
      `${SQL.replace('c.customer_name', 'c.customer_name, v.label')} JOIN (VALUES (4, 'four')) v(stars, label) ON r.star_rating = v.stars`,
    )
    assert.deepEqual(await query('SELECT DISTINCT label FROM silver.reviews WHERE label IS NOT NULL'), [['four']])
    const { state } = await readLog(store, layout)
    const rows = [...state.parked.values()].reduce((sum, parked) => sum + parked.rows, 0)
    assert.deepEqual(await query('SELECT COUNT(*) FROM silver.reviews'), [[24 - rows]])
  })

  it('can be rebuilt from its files, like any batch', async () => {
    await takeOver(options())
    await run()
    await rm(join(root, layout.log), { recursive: true })
    const executions = { isRunning: async () => false }
    const { catalog } = await openLake({ lake: root })
    await rebuildLog({ codecs, store, layout, executions, catalog, dryRun: false })
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

  /** Moves reviews into other folders, and says in the checkpoint that they always lay there, below another root. */
  async function move(places: Readonly<Record<string, string>>): Promise<void> {
    for (const [name = '', to] of Object.entries(places)) {
      const [from = ''] = await keys(`bronze/reviews/${name}`)
      await mkdir(join(root, 'bronze/reviews', to, '..'), { recursive: true })
      await rename(join(root, from), join(root, 'bronze/reviews', to))
      for (const key of await keys('checkpoint/sources/0/')) {
        const entry = new TextDecoder().decode(await store.get(key))
        const path = encodeURI(`s3a://old-bucket/landing/reviews/${to}`)
        await store.put(key, lines(entry.replace(`file:///tmp/silversmith-takeover/${from}`, path)))
      }
    }
  }

  it('finds bronze in folders of any depth, in a lake that has moved', async () => {
    await move({
      'part-00000-9f3c': '2026/11/a b.parquet',
      'part-00000-7ab5': '2026/12/a b.parquet',
      'part-00000-dfd9': 'day=2026-11-03/c.parquet',
      'part-00000-6a01': 'c.parquet',
    })
    const taken = await takeOver(options())
    assert.deepEqual([taken.bronze, taken.missing], [4, []])
    const settled: string[] = []
    for await (const { key, etag } of (await readLog(store, layout)).bronze()) {
      settled.push(key.slice('bronze/reviews/'.length))
      const now = (await store.head(key))?.etag ?? ''
      assert.match(etag, new RegExp(`^${now}-[0-9a-f]{8}$`), 'the version, and its checksum')
    }
    assert.deepEqual(settled, ['2026/11/a b.parquet', '2026/12/a b.parquet', 'c.parquet', 'day=2026-11-03/c.parquet'])
    assert.equal((await run()).work?.files, 2)
    assert.deepEqual(await query('SELECT COUNT(*), COUNT(DISTINCT review_id) FROM silver.reviews'), [[24, 24]])
  })

  it('lists files that are gone under their names, and does not take them for new when they come back', async () => {
    await move({ 'part-00000-9f3c': '2026/11/a.parquet', 'part-00000-7ab5': '2026/12/a.parquet' })
    const bytes = await store.get('bronze/reviews/2026/11/a.parquet')
    await store.delete('bronze/reviews/2026/11/a.parquet')
    const [other = ''] = await keys('bronze/reviews/part-00000-dfd9')
    await store.delete(other)
    const taken = await takeOver(options())
    assert.equal(taken.bronze, 4)
    assert.deepEqual(taken.missing, ['bronze/reviews/2026/11/a.parquet', other])
    await store.put('bronze/reviews/2026/11/a.parquet', bytes)
    const state = await run()
    assert.deepEqual([state.work?.files, state.changed], [2, 1])
    assert.deepEqual(await query('SELECT COUNT(*), COUNT(DISTINCT review_id) FROM silver.reviews'), [[24, 24]])
  })

  it('counts a file once that the stream has read again', async () => {
    const key = 'checkpoint/sources/0/1'
    const entries = new TextDecoder().decode(await store.get(key))
    const again = entries
      .split('\n')
      .at(-1)
      ?.replace(/"timestamp":\d+/, '"timestamp":1')
    await store.put(key, lines(`${entries}\n${again}`))
    assert.equal((await takeOver(options())).bronze, 4)
  })

  it('lets go of what it was writing when it fails, and can be repeated', async () => {
    const ended: string[] = []
    class Watched extends DirectoryStore {
      override writer(key: string, condition?: WriteCondition): ObjectWriter {
        const writer = super.writer(key, condition)
        const abort = writer.abort.bind(writer)
        return Object.assign(writer, {
          abort: () => abort().then(() => ended.push(key.slice(-'part-00000.parquet'.length))),
        })
      }
    }
    for (const [operation, expected] of [
      ['write', ['part-00000.parquet']],
      ['close', ['part-00000.parquet', 'part-00001.parquet']], // the first has ended well
    ] as const) {
      let calls = 0
      const faults = new Faults(({ name }) =>
        name === operation && ++calls === 2 ? { when: 'before', error: new Crash('died') } : undefined,
      )
      const faulty = faultyStore(new Watched(root), faults)
      const from = { store: faulty, root: 'old-silver/' }
      ended.length = 0
      await assert.rejects(takeOver({ ...options(from), store: faulty, now: NOW + expected.length }), Crash)
      assert.deepEqual(ended, expected)
    }
    await takeOver(options())
    await run()
    assert.deepEqual(await query('SELECT COUNT(*), COUNT(DISTINCT review_id) FROM silver.reviews'), [[24, 24]])
  })

  for (const [when, later] of [
    ['in the same moment', 0],
    ['a moment later', 1],
  ] as const) {
    it(`is done once when two are started, the second ${when}`, async () => {
      const outcomes = await Promise.allSettled([takeOver(options()), takeOver({ ...options(), now: NOW + later })])
      const reasons = outcomes.flatMap(each => (each.status === 'rejected' ? [each.reason.name] : []))
      assert.deepEqual(reasons, ['UsageError'])
      await run()
      assert.deepEqual(await query('SELECT COUNT(*), COUNT(DISTINCT review_id) FROM silver.reviews'), [[24, 24]])
    })
  }

  it('refuses a lake that has lost its log', async () => {
    await takeOver(options())
    await run()
    await rm(join(root, layout.log), { recursive: true })
    await assert.rejects(takeOver(options()), { name: 'BrokenLog', message: /npx silversmith rebuild/ })
  })
})
