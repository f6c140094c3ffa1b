import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { ORIGINS } from '../../functions/adapters/duckdb/log-tables.ts'
import { tablesNamed } from '../../functions/adapters/duckdb/statement.ts'
import { readLog } from '../../functions/log/read.ts'
import { LOG_TABLES } from '../../functions/maintain/log-tables/log-tables.ts'
import { answersBesideAthena } from '../../scripts/lakes/answers.ts'
import { openLake } from '../../scripts/lakes/open-lake.ts'
import { World } from '../support/world.ts'

const review = (id: string, customer: string | null, stars = 5) => ({ review_id: id, customer_id: customer, stars })

describe('the tables of the log', () => {
  let folder: string
  let world: World<DirectoryStore>
  const ask = async (sql: string) => (await (await openLake({ lake: folder })).query(sql)).rows
  const log = async () => (await readLog(world.store, world.layout)).state

  before(async () => {
    folder = join(mkdtempSync(join(tmpdir(), 'silversmith-')), "it's [a] lake")
    world = new World({ store: new DirectoryStore(folder) })
    await world.addCustomers('c', [{ customer_id: 'one', customer_name: 'One' }])
    await world.addReviews('a', [review('a1', 'one'), review('a2', 'two'), review('a3', 'one', 1), review('a4', null)])
    await world.store.put('bronze/reviews/bad.parquet', new TextEncoder().encode('no Parquet'))
    await world.run()
    await world.addReviews('b', [review('b1', 'three'), review('b2', 'one')])
    await world.run()
    const [first = ''] = (await log()).batches.keys()
    await world.run({ reprocess: { batches: [first] } })
  })
  after(() => rmSync(join(folder, '..'), { recursive: true }))

  it('batches: a row for each commit of a batch, live or superseded', async () => {
    const [first, second] = [...(await log()).batches.values()]
    assert(first && second)
    assert.deepEqual(
      await ask(`SELECT batch, version, operation, live, superseded_by, files, read, filtered, null_key, unmatched, matched,
        written, parked, quarantined, query_sha256 FROM silver.batches ORDER BY version`),
      [
        [first.batch, 0, 'append', false, 2, 1, 4, 1, 1, 1, 1, 1, 1, 1, first.query],
        [second.batch, 1, 'append', true, null, 1, 2, 0, 0, 1, 1, 1, 1, 0, second.query],
        [first.batch, 2, 'replace', true, null, 1, 4, 1, 1, 1, 1, 1, 0, 0, first.query],
      ],
    )
    const [[at, customers] = []] = await ask('SELECT committed_at, customers FROM silver.batches WHERE version = 2')
    assert.equal(at, first.committedAt.replace('T', ' ').replace(/(\.000)?Z/, ''))
    assert.deepEqual([customers], (await log()).snapshots)
  })

  it('files: a row for each joined bronze file, with the silver file that has its rows', async () => {
    const state = await log()
    const rows = await ask('SELECT key, batch, read, written, silver_file FROM silver.files ORDER BY key')
    const expected = [...state.batches.values()].map(({ batch, location }, i) => [
      ...[
        `bronze/reviews/${'ab'[i]}.parquet`,
        batch,
        i === 0 ? 4 : 2,
        1,
        `silver/reviews/${location}part-00000.parquet`,
      ],
    ])
    assert.deepEqual(rows, expected)
  })

  it('quarantined: a row for each file in quarantine, since its batch', async () => {
    const [[key, reason, since, batch] = [], ...more] = await ask(
      'SELECT key, reason, since, batch FROM silver.quarantined',
    )
    const [[first] = []] = await ask('SELECT committed_at FROM silver.batches WHERE version = 0')
    assert.deepEqual(
      [key, since, batch, more],
      ['bronze/reviews/bad.parquet', first, [...(await log()).batches.keys()][0], []],
    )
    assert.match(String(reason), /not a Parquet file/)
  })

  it('parked: a row for each review that waits, with its columns, the key that is missing and where it stands', async () => {
    assert.deepEqual(
      await ask(
        'SELECT review_id, customer_id, stars, missing_key, bronze_file, bronze_row FROM silver.parked ORDER BY 1',
      ),
      [
        ['a2', 'two', 5, 'two', 'bronze/reviews/a.parquet', 1],
        ['b1', 'three', 5, 'three', 'bronze/reviews/b.parquet', 0],
      ],
    )
    const [waiting] = (await log()).parked.values()
    const [[since] = []] = await ask('SELECT min(waiting_since) FROM silver.parked')
    assert.equal(since, waiting?.since.replace('T', ' ').replace(/(\.000)?Z/, ''))
  })

  it('parked: the rows of a version that another has replaced no longer wait', async () => {
    await world.addReviews('b', [review('b3', 'four')])
    await world.run({ reprocess: { changed: true } })
    assert.deepEqual(await ask('SELECT review_id, missing_key FROM silver.parked ORDER BY 1'), [
      ['a2', 'two'],
      ['b3', 'four'],
    ])
  })

  it('tell of several dimensions: all keys that a review looks by, and the snapshots of a batch', async () => {
    const other = `${folder} with two`
    const two = new World({ store: new DirectoryStore(other) })
    two.sql = `SELECT r.review_id, v.n FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id
      JOIN (VALUES (5, 1)) v(stars, n) ON r.stars = v.stars`
    await two.addCustomers('c', [{ customer_id: 'one', customer_name: 'One' }])
    await two.addReviews('a', [review('a1', 'one'), review('a2', 'two'), review('a3', 'one', 1)])
    await two.run()
    const asked = async (sql: string) => (await (await openLake({ lake: other })).query(sql)).rows
    assert.deepEqual(await asked('SELECT review_id, missing_key FROM silver.parked ORDER BY 1'), [
      ['a2', 'two, 5'],
      ['a3', 'one, 1'],
    ])
    const [[dimensions] = []] = await asked('SELECT json_keys(dimensions::JSON)[1] FROM silver.batches')
    assert.equal(dimensions, 'values')
  })

  it('have the columns that docs/operations.md lists', () => {
    const docs = readFileSync('docs/operations.md', 'utf8')
    for (const [name, table] of Object.entries(LOG_TABLES)) {
      const [, listed = ''] = new RegExp(`^\\| \`silver\\.${name}\` \\|[^|]*\\|([^|]*)\\|$`, 'm').exec(docs) ?? []
      const columns = 'rows' in table ? table.columns : [...table.columns, { name: table.told }, ...ORIGINS]
      assert.deepEqual(
        [...listed.matchAll(/`(\w+)`/g)].map(([, column]) => column),
        columns.map(column => column.name),
      )
    }
  })

  it('can be joined with each other, and opened no file beside', async () => {
    const joined = `SELECT count(*) FROM silver.files f JOIN silver.batches b USING (batch) WHERE b.live AND f.written = 1`
    assert.deepEqual(await ask(joined), [[1]])
    await assert.rejects(ask("SELECT *, (SELECT 1 FROM 'x.csv') FROM silver.parked"), /disabled by configuration/)
  })

  it('say what to write where their name is not whole', async () => {
    await assert.rejects(
      ask('SELECT * FROM silver.files, batches'),
      /write the table's whole name, silver\.batches, in FROM/,
    )
  })

  it('are read from S3 as from a directory, by way of the cache', async () => {
    const { XDG_CACHE_HOME } = process.env
    process.env.XDG_CACHE_HOME = join(folder, '..', 'cache')
    try {
      const athena = {
        stream: async () => assert.fail(),
        query: async () => assert.fail(),
        writeParquet: async () => 0,
      }
      const { store, layout } = world
      const { query } = answersBesideAthena(athena, { store, layout, root: null, uri: 's3://lake/' })
      const sql = 'SELECT * FROM silver.parked ORDER BY review_id'
      assert.deepEqual((await query(sql)).rows, await ask(sql))
      assert.deepEqual((await query('SELECT * FROM silver.batches')).rows, await ask('SELECT * FROM silver.batches'))
    } finally {
      if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME
      else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME
    }
  })

  it('stand beside Athena, which is asked for all else', async () => {
    const athena = {
      stream: async () => assert.fail(),
      query: async () => ({ columns: ['from'], rows: [['Athena']] }),
      writeParquet: async () => assert.fail(),
    }
    const { store, layout } = world
    const { query } = answersBesideAthena(athena, { store, layout, root: folder, uri: 's3://lake/' })
    assert.deepEqual((await query('SELECT 1 FROM silver.reviews')).rows, [['Athena']])
    assert.deepEqual((await query('SELECT count(*) FROM silver.quarantined')).rows, [[1]])
    await assert.rejects(query('SELECT 1 FROM silver.reviews JOIN silver.files USING (batch)'), {
      name: 'UsageError',
      message:
        'Athena has only silver.reviews, and silver.files is read from the log on this machine: ask them one at a time',
    })
  })
}).timeout(60_000)

describe('tablesNamed()', () => {
  it('finds the names of the schema, whatever is quoted, and none in texts and comments', () => {
    const sql = `SELECT 'silver.a' /* silver.b */ FROM Silver . C, "silver"."d e", "silver"."F", "silver.g", quicksilver.h -- silver.i
      JOIN memory.silver.j USING (k)`
    assert.deepEqual([...tablesNamed(sql)], ['c', 'f', 'j'])
  })
})
