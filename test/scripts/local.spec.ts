import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeLake } from '../../scripts/demo/make-lake.ts'
import { runCommand } from './run-command.ts'

const run = (folder: string, name: string, ...args: readonly string[]) => runCommand(folder, [name, ...args])

describe('npm start and npx silversmith query', () => {
  let folder: string
  let lake: string
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'silversmith-'))
    lake = join(folder, 'lake')
    await makeLake(lake)
  })
  after(() => rmSync(folder, { recursive: true }))

  it('show each state, the batch and two queries over silver', () => {
    const { status, stdout } = run(folder, 'run')
    assert.equal(status, 0)
    for (const state of ['Plan', 'LoadDimensions', 'JoinFiles', 'Commit', 'RefreshPartitions']) {
      // between them stands how far it is, on a machine that is slow
      assert.match(stdout, new RegExp(`^→ ${state}\\n(?:  .+\\n)*✓ ${state} `, 'm'))
    }
    assert.match(stdout, /rows {7}read 20,000 = filtered 0 \+ without key \d+ \+ unmatched \d+ \+ matched 19,\d+/)
    assert.match(
      stdout,
      /SELECT product_title, star_rating, review_timestamp, customer_name, gender, city, state FROM silver\.reviews LIMIT 10/,
    )
    assert.match(stdout, /star_rating {2}reviews/)
    assert(!stdout.includes('\x1b'), 'plain lines where no terminal is')
  })

  it('say that nothing is new, then take exactly a file that is added', () => {
    assert.match(run(folder, 'run').stdout, /nothing new/)
    const reviews = join(lake, 'bronze/reviews')
    cpSync(join(reviews, 'part-00003-c000.snappy.parquet'), join(reviews, 'another.parquet'))
    assert.match(run(folder, 'run').stdout, /files {6}1 bronze file → 1 silver file,/)
  })

  it('answer as a table and as JSON', () => {
    const sql = 'SELECT COUNT(*) AS n, MIN(star_rating) AS s, MAX(review_timestamp) IS NULL AS t FROM silver.reviews'
    const { status, stdout } = run(folder, 'query', '--lake', 'lake', '--format', 'json', sql)
    assert.equal(status, 0)
    const [row] = JSON.parse(stdout)
    assert(row.n > 19_000 && row.s === 1 && row.t === false)
    assert.match(run(folder, 'query', sql).stdout, /^ +n {2}s {2}t\n/m)
  })

  it('name a bad file and its reason', () => {
    writeFileSync(join(lake, 'bronze/reviews/broken.parquet'), 'no Parquet, and no rows')
    const { status, stdout, stderr } = run(folder, 'run', '--fail-on', 'quarantine,unmatched')
    assert.equal(status, 1)
    assert.match(
      stdout,
      /quarantine bronze\/reviews\/broken\.parquet: not a Parquet file.*\n +repair or replace it, and/,
    )
    assert.match(stderr, /^quarantine: 1 file, such as bronze\/reviews\/broken\.parquet: not a Parquet file[^\n]*\n$/)
    assert.equal(run(folder, 'run', '--fail-on', 'quarantine').status, 0, 'only what is new counts')
  })

  it('say that a file is a copy of another, and that another query made the batches', () => {
    const reviews = join(lake, 'bronze/reviews')
    cpSync(join(reviews, 'part-00004-c000.snappy.parquet'), join(reviews, 'copy.parquet'))
    assert.match(
      run(folder, 'run').stdout,
      /^warning: 1 new file is a copy of joined files, .* twice: bronze\/reviews\/copy\.parquet of bronze\/reviews\/part-00004-c000\.snappy\.parquet; /m,
    )
    writeFileSync(join(folder, 'few.sql'), `${readFileSync('silver.sql', 'utf8')} WHERE r.star_rating > 2`)
    const other =
      /^(\d) batches of \1 were made by another query than few\.sql: .* npx silversmith backfill --sql few\.sql --reprocess --all$/m
    assert.match(run(folder, 'run', '--sql', 'few.sql').stdout, other)
    assert.match(run(folder, 'status', '--sql', 'few.sql').stdout, other)
    assert.doesNotMatch(run(folder, 'status').stdout, /another query/)
  })

  it('say that a file has got another name since it was joined, also by a copy', () => {
    const path = (name: string) => join(lake, 'bronze/reviews', `${name}.parquet`)
    const warned = /^warning: 1 new file has the content of joined files that are gone, .* twice: (\S+) of (\S+); .*$/m
    renameSync(path('copy'), path('renamed'))
    const told = warned.exec(run(folder, 'run').stdout)?.slice(1) ?? []
    assert.equal(told[0], 'bronze/reviews/renamed.parquet')
    cpSync(path('another'), path('moved'))
    rmSync(path('another'))
    assert.match(run(folder, 'run').stdout, warned)
    renameSync(path('renamed'), path('copy'))
    renameSync(path('moved'), path('another'))
    assert.match(run(folder, 'run').stdout, /nothing new/)
  })

  it('ask a query of the columns that are known before they say that nothing is new', () => {
    writeFileSync(join(folder, 'review.sql'), readFileSync('silver.sql', 'utf8').replace('c.city', 'c.citty'))
    for (const command of ['run', 'backfill']) {
      const { status, stdout, stderr } = run(folder, command, '--sql', 'review.sql')
      assert.equal(status, 1)
      assert.match(stderr, /^InvalidQuery: review\.sql line \d+, column \d+: .*c\.citty.* did you mean c\.city\?/)
      assert.doesNotMatch(stdout, /nothing new/)
    }
  })

  it('give facts as JSON, without anything else', () => {
    const { reason, commits, otherQuery } = JSON.parse(run(folder, 'run', '--json').stdout)
    assert.deepEqual([reason, commits, otherQuery.batches], ['nothing new', [], 0])
    const history = JSON.parse(run(folder, 'history', '--json').stdout)
    assert.deepEqual(Object.keys(history[0]).slice(0, 3), ['version', 'operation', 'batch'])
    assert.equal(JSON.parse(run(folder, 'validate', '--json').stdout).length, history.length)
    assert.equal(JSON.parse(run(folder, 'files', '--json').stdout).length, history.length)
    assert.deepEqual(JSON.parse(run(folder, 'vacuum', '--dry-run', '--json').stdout), { dryRun: true, removed: [] })
    assert.deepEqual(JSON.parse(run(folder, 'compact', '--json').stdout), { dryRun: false, merge: true, batches: [] })
    assert.equal(JSON.parse(run(folder, 'backfill', '--dry-run', '--json').stdout).work.files, 0)
    assert.equal(JSON.parse(run(folder, 'explain', '--json').stdout).joins[0].kind, 'inner')
    const [parked] = JSON.parse(run(folder, 'parked', '--limit', '1', '--json').stdout)
    const { places } = JSON.parse(run(folder, 'why', '--json', parked.review).stdout)
    assert(places.some((place: { status: string }) => place.status.includes(`its customer ${parked.customer} is not`)))
    const { commit, waiting } = JSON.parse(run(folder, 'batch', '--json', parked.batch).stdout)
    assert.deepEqual([commit.batch, waiting], [parked.batch, commit.rows.unmatched])
    const told = `parked     of the unmatched ${waiting} reviews wait for their customer: npx silversmith parked --lake lake`
    assert(run(folder, 'batch', '--lake', 'lake', parked.batch).stdout.includes(`\n${told}\n`))
  })

  it('fail on what status was told to look for, in a line each', () => {
    const { status, stderr } = run(folder, 'status', '--fail-on', 'stale=2h,quarantine,parked=0s,failed')
    assert.equal(status, 1)
    assert.match(
      stderr,
      /^quarantine: 1 file, such as .*broken\.parquet.*\nparked: \d+ reviews wait, the oldest for .*\n$/,
    )
    assert.equal(run(folder, 'status', '--fail-on', 'stale=2h,parked=30d,failed').status, 0)
    cpSync(join(lake, 'bronze/customers'), join(lake, 'bronze/reviews/late'), { recursive: true })
    assert.match(run(folder, 'status', '--fail-on', 'stale').stderr, /^stale: \d+ new files? wait, /)
    rmSync(join(lake, 'bronze/reviews/late'), { recursive: true })
  })

  it('take rows of the published batches only, and no file outside the lake', () => {
    const { status, stderr } = run(folder, 'query', `SELECT * FROM read_csv('/etc/passwd')`)
    assert.notEqual(status, 0)
    assert.match(stderr, /disabled by configuration/)
  })

  it('end with one line on stderr that says what, where and what to do', () => {
    writeFileSync(
      join(folder, 'typo.sql'),
      'SELECT r.review_idd FROM bronze_reviews r JOIN bronze_customers c USING (customer_id)',
    )
    writeFileSync(join(folder, 'open.sql'), 'SELECT (r.review_id FROM bronze_reviews r')
    writeFileSync(join(folder, 'declared.sql'), 'CREATE VIEW reviews')
    const mistakes: [string[], RegExp][] = [
      [['run', '--lake', 'nowhere'], /^nowhere is not a lake: .*leave --lake out for the demo$/],
      [['run', '--input', '{'], /^--input is not JSON: \{$/],
      [
        ['run', '--input', '{"prefix": "x"}'],
        /^InvalidInput: execution input: prefix must lie under bronze\/reviews\//,
      ],
      [['run', '--colour', 'red'], /^unknown option --colour: npx silversmith run --help lists the options$/],
      [['run', '--input', '[]'], /^InvalidInput: execution input: must be a JSON object/],
      [
        ['run', '--input', '{"modifiedFrom": "2024-02-31"}'],
        /there is no such time as "2024-02-31" \(docs\/troubleshooting\.md#invalidinput\)$/,
      ],
      [['run', '--sql', 'open.sql'], /^InvalidQuery: open\.sql line 1, column 21: expected \) /],
      [['run', '--bronze', 'declared.sql'], /^InvalidQuery: declared\.sql line 1, column 1: /],
      [
        ['run', '--reviews-view', 'x', '--customers-view', 'X', '--sql', 'typo.sql'],
        /^--reviews-view and --customers-view must be two names, not both x$/,
      ],
      [['run', '--max-files', '0'], /^--max-files must be a whole number from 1, not 0$/],
      [['run', '--sql', 'none.sql'], /^can't read none\.sql: check --sql$/],
      [['query'], /^one statement is needed/],
      [['query', 'SELEC 1'], /must begin with SELECT, WITH or EXPLAIN SELECT, not SELEC$/],
      [['query', 'SELECT FROM x y z'], /^Parser Error: syntax error/],
      [['query', '--lake', 'nowhere', 'SELECT 1'], /nowhere/],
      [
        ['parked', '--column', 'reviewid'],
        /^--column reviewid: the reviews have no such column; did you mean review_id\?$/,
      ],
      [['parked', '--customer', 'nope'], /^--customer nope: the reviews have no such column; there are /],
    ]
    for (const [[script = '', ...args], expected] of mistakes) {
      const { status, stderr } = run(folder, script, ...args)
      assert.notEqual(status, 0, stderr)
      assert.equal(stderr.trim().split('\n').length, 1, stderr)
      assert.match(stderr.trim(), expected)
    }
    const fresh = join(folder, 'fresh')
    cpSync(join(lake, 'bronze'), join(fresh, 'bronze'), { recursive: true })
    const { status, stderr } = run(folder, 'run', '--lake', 'fresh', '--sql', 'typo.sql')
    assert.notEqual(status, 0)
    assert.match(stderr, /typo\.sql line 1, column 10.*review_idd.*did you mean.*review_id/i)
    assert(!existsSync(join(fresh, 'silver')), 'nothing is written')
    assert.deepEqual(readdirSync(fresh), ['bronze'])
  })
}).timeout(60_000)
