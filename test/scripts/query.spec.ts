import assert from 'node:assert/strict'
import { existsSync, globSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { uniqueNames } from '../../functions/adapters/duckdb/statement.ts'
import { makeLake } from '../../scripts/demo/make-lake.ts'
import { openLake } from '../../scripts/lakes/open-lake.ts'
import { runCommand } from './run-command.ts'

describe('npx silversmith query', () => {
  let folder: string
  const ask = (...args: readonly string[]) => runCommand(folder, ['query', ...args])
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'silversmith-'))
    await makeLake(join(folder, 'lake'))
    writeFileSync(join(folder, 'secret.csv'), 'a,b\n1,2\n')
  })
  after(() => rmSync(folder, { recursive: true }))

  it('says what to do before the first run', () => {
    const { status, stderr } = ask('SELECT 1 FROM silver.reviews')
    assert.equal(status, 1)
    assert.match(
      stderr,
      /^nothing is published in lake yet, so there is no silver\.reviews: write npx silversmith run first$/m,
    )
    assert.equal(runCommand(folder, ['run']).status, 0)
  })

  for (const sql of [
    'SELECT COUNT(*) FROM silver.reviews;',
    '-- how many\n(SELECT 1)',
    'WITH r AS (SELECT * FROM silver.reviews) SELECT COUNT(*) FROM r',
    'VALUES (1, 2)',
    'FROM silver.reviews SELECT review_id LIMIT 1',
    'DESCRIBE silver.reviews',
    'SHOW TABLES',
    'SUMMARIZE SELECT star_rating FROM silver.reviews',
    'EXPLAIN SELECT * FROM silver.reviews',
    'EXPLAIN ANALYZE SELECT 1',
  ]) {
    it(`answers ${sql}`, async () => {
      const { columns } = await (await openLake({ lake: join(folder, 'lake') })).query(sql)
      assert(columns.length > 0)
    })
  }

  it('lists the tables', async () => {
    const { columns, rows } = await (await openLake({ lake: join(folder, 'lake') })).query('SHOW TABLES')
    assert.deepEqual(
      [columns, rows],
      [['name'], ['batches', 'files', 'parked', 'quarantined', 'rejected', 'reviews'].map(name => [name])],
    )
  })

  it('refuses to answer without a committed file that is gone, and names the remedy, which works', () => {
    const count = 'SELECT COUNT(*) AS n FROM silver.reviews'
    const before = ask('--json', count)
    const [file = ''] = globSync('lake/silver/reviews/ingest_date=*/**/*.parquet', { cwd: folder })
    const batch = /batch=([^/]*)/.exec(file)?.[1] ?? ''
    renameSync(join(folder, file), join(folder, 'removed.parquet'))
    for (const rest of [[count], ['--output', 'few.parquet', count], ['--output', 'few.csv', count]]) {
      const { status, stdout, stderr } = ask('--lake', 'lake', ...rest)
      assert.deepEqual([status, stdout], [1, ''])
      assert.match(
        stderr,
        /^committed silver is gone, so the answer would lack 19,\d+ rows: silver\/reviews\/ingest_date=/,
      )
      assert(stderr.includes(file.replace('lake/', '')))
      assert(stderr.includes(`npx silversmith backfill --lake lake --reprocess --batch ${batch};`))
    }
    assert(!existsSync(join(folder, 'few.parquet')) && !existsSync(join(folder, 'few.csv')))
    assert.equal(runCommand(folder, ['validate']).status, 1)
    assert.equal(runCommand(folder, ['backfill', '--lake', 'lake', '--reprocess', '--batch', batch]).status, 0)
    assert.deepEqual(ask('--json', count), before)
  })

  it('draws a plan over as many lines as it takes', () => {
    const { status, stdout } = ask('EXPLAIN SELECT COUNT(*) FROM silver.reviews')
    assert.equal(status, 0)
    assert.match(stdout, /^┌─+┐\n│ +UNGROUPED_AGGREGATE +│\n/)
  })

  for (const [sql, message] of [
    ['', /^there is no statement: write one SELECT$/m],
    ['-- nothing', /^there is no statement/],
    [';', /^there is no statement/],
    ['SELECT 1; SELECT 2', /^one statement is needed, and there are 2: ask one at a time$/m],
    ["SELECT 1; COPY silver.reviews TO 'out.csv'", /^one statement is needed/],
    ["COPY silver.reviews TO 'out.csv'", /^a query only reads: .* not COPY$/m],
    ["COPY (SELECT 1) TO 'out.csv'", /only reads/],
    ["EXPLAIN ANALYZE COPY (SELECT 1) TO 'out.csv'", /only reads/],
    ['CREATE TABLE t (a INT)', /only reads/],
    ['WITH r AS (SELECT 1) DELETE FROM empty.rows', /only reads/],
    ['SET threads = 1', /only reads/],
    ['INSTALL httpfs', /only reads/],
    ["ATTACH 'out.db'", /only reads/],
    ['PRAGMA enable_profiling', /only reads/],
    ["SELECT * FROM 'secret.csv'", /disabled by configuration/],
    [
      'SELECT *\nFROM bronze_reviews',
      /^Catalog Error: .* bronze_reviews does not exist \(line 2\): the tables are silver\.reviews, silver\.batches, /m,
    ],
    ['SELECT nope FROM silver.reviews', /^Binder Error: .*"nope" not found [\s\S]* \(line 1\)$/],
    ["SELECT * FROM read_text('/etc/passwd')", /disabled by configuration/],
    ["SELECT * FROM glob('*')", /disabled by configuration/],
    ["SELECT * FROM query('COPY empty.rows TO ''out.csv''')", /single SELECT/],
    [
      'SELECT * FROM silver.review',
      /: the tables are silver\.reviews, silver\.batches, silver\.files, silver\.parked, silver\.quarantined, silver\.rejected$/,
    ],
  ] as const) {
    it(`refuses ${sql || 'an empty text'}`, async () => {
      await assert.rejects((await openLake({ lake: join(folder, 'lake') })).query(sql), { name: 'UsageError', message })
      assert(!existsSync(join(folder, 'out.csv')) && !existsSync(join(folder, 'out.db')))
    })
  }

  it('takes one statement, which may begin with a comment', () => {
    assert.equal(ask('-- how many\nSELECT 1').status, 0)
    assert.match(ask('SELECT 1', 'SELECT 2').stderr, /^one statement is needed, and there are 2: /)
    assert.match(ask("COPY silver.reviews TO 'out.csv'").stderr, /^a query only reads: /)
  })

  it('gives JSON in which columns of one name are kept apart, and floats have the digits they mean', () => {
    const sql = `SELECT 4.1::FLOAT AS a, 1 AS a, [1.1::FLOAT] AS list, {'x': 0.1::FLOAT} AS struct, 10::BIGINT AS n,
      9007199254740993 AS large, NULL AS none`
    const { stdout } = ask('--format', 'json', sql)
    const expected = { a: 4.1, 'a:1': 1, list: [1.1], struct: { x: 0.1 }, n: 10, large: '9007199254740993', none: null }
    assert.deepEqual(JSON.parse(stdout), [expected])
  })

  it('cuts nothing where no terminal is', () => {
    assert.match(ask("SELECT repeat('x', 300) AS wide").stdout, /^x{300}$/m)
  })
}).timeout(60_000)

describe('uniqueNames()', () => {
  it('numbers the names that come again, past those that are taken', () => {
    assert.deepEqual(uniqueNames(['a', 'b', 'a', 'a:1', 'a']), ['a', 'b', 'a:2', 'a:1', 'a:3'])
  })
})
