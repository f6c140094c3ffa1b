import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codecs } from '../../../functions/adapters/codecs.ts'
import { DirectoryStore } from '../../../functions/adapters/directory/directory-store.ts'
import { readLog } from '../../../functions/log/read.ts'
import { type BatchDifference, compareBatches } from '../../../scripts/commands/diff/compare-batches.ts'
import { batchText } from '../../../scripts/commands/diff/diff-text.ts'
import { World } from '../../support/world.ts'
import { runCommand } from '../run-command.ts'

const FROM = 'FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id'
const NEW = `SELECT r.review_id, nullif(r.stars, 5) AS stars, reverse(c.customer_name) AS customer_name, r.customer_id ${FROM} WHERE r.stars > 2`
const HOSTILE = 'Eve\u001b[2J\u202e\nx'

describe('npx silversmith diff', () => {
  let folder: string
  let world: World<DirectoryStore>
  const diff = (...args: readonly string[]) =>
    runCommand(folder, ['diff', '--lake', 'lake', ...args], { TMPDIR: folder })
  const files = () => readdirSync(join(folder, 'lake'), { recursive: true }).sort()
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'silversmith-'))
    world = new World({ store: new DirectoryStore(join(folder, 'lake')), maxFilesPerBatch: 1 })
    await world.addCustomers('c', [
      { customer_id: '1', customer_name: 'Ann' },
      { customer_id: '2', customer_name: HOSTILE },
    ])
    const review = (review_id: string, customer_id: string, stars: number) => ({ review_id, customer_id, stars })
    await world.addReviews('a', [review('a1', '1', 2), review('a2', '2', 5), review('a3', '3', 4)])
    await world.addReviews('b', [review('b1', '1', 3)])
    await world.run()
    await world.addCustomers('d', [{ customer_id: '3', customer_name: 'Bob' }])
    writeFileSync(join(folder, 'new.sql'), NEW)
    writeFileSync(join(folder, 'old.sql'), world.sql)
    writeFileSync(join(folder, 'retyped.sql'), `SELECT r.review_id, CAST(r.stars AS string) AS stars ${FROM}`)
    writeFileSync(join(folder, 'wrong.sql'), `SELECT r.review ${FROM}`)
  })
  after(() => rmSync(folder, { recursive: true }))

  it('says of each batch what would become of its rows, and what it takes, and writes nothing', () => {
    const before = files()
    const { status, stdout } = diff('--sql', 'new.sql')
    assert.equal(status, 0)
    const lines = stdout
      .replaceAll(/batch {6}\S+/g, 'batch      B')
      .replaceAll(/about \S+ m?s/g, 'about T')
      .replaceAll(/\$[\d.]+/g, '$N')
      .replaceAll(/\d+ B/g, 'N B')
    assert.equal(
      lines,
      String.raw`batch      B
rows       2 → 1: 0 the same, 1 changed (by review_id), 1 gone, 0 added
read       filtered 0 → 1, matched 2 → 1

column         changed  was NULL  now NULL
─────────────  ───────  ────────  ────────
stars                1         0         1
customer_name        1         0         0
customer_id          1         1         0

changed:
review_id  column         before                     after
─────────  ─────────────  ─────────────────────────  ─────────────────────────
a2         stars          5                          NULL
           customer_name  Eve\u001b[2J\u202e\u000ax  x\u000a\u202eJ2[\u001bevE
           customer_id    NULL                       2

gone:
review_id  stars  customer_name  customer_id
─────────  ─────  ─────────────  ───────────
a1             2  Ann                   NULL

batch      B
rows       1 → 1: 0 the same, 1 changed (by review_id), 0 gone, 0 added

column         changed  was NULL  now NULL
─────────────  ───────  ────────  ────────
customer_name        1         0         0
customer_id          1         1         0

changed:
review_id  column         before  after
─────────  ─────────────  ──────  ─────
b1         customer_name  Ann     nnA
           customer_id    NULL    1

in all     2 batches, rows 3 → 2: 0 the same, 2 changed, 1 gone, 0 added
new        customer_id string
DDL        ALTER TABLE ${'`silver`.`reviews`'} ADD COLUMNS (${'`customer_id`'} string)
to write 2 batches again: 2 files, N B, about T of joining here, about $N at AWS list prices
nothing was written; to do it: npx silversmith backfill --lake lake --sql new.sql --reprocess --all, or --batch ID
`,
    )
    assert.deepEqual(files(), before)
    assert.deepEqual(
      readdirSync(folder).filter(name => name.startsWith('silversmith-')),
      [],
    )
  })

  it('gives the facts as JSON, of the newest batch', () => {
    const { stdout } = diff('--sql', 'new.sql', '--batches', '1', '--sample', '1', '--json')
    const { batches, added, gone, ddl, costs } = JSON.parse(stdout)
    const { rows, counts } = batches[0]
    assert.deepEqual([batches.length, rows.changed, counts.after.written], [1, 1, 1])
    assert.deepEqual(rows.sample.changed, [
      {
        key: { review_id: 'b1' },
        before: { customer_name: 'Ann', customer_id: null },
        after: { customer_name: 'nnA', customer_id: '1' },
      },
    ])
    assert.deepEqual([added, gone], [[{ name: 'customer_id', type: 'string' }], []])
    assert.match(ddl, /ADD COLUMNS/)
    assert.deepEqual(
      costs.map(({ work }: { work: { passes: number } }) => work.passes),
      [1, 2],
    )
  })

  it('says that nothing would change: a review that waits stays where it waits, though its customer has come', () => {
    const { stdout } = diff('--sql', 'old.sql', '--all')
    assert.match(stdout, /^rows {7}2 → 2: all the same$/m)
    assert.match(stdout, /^nothing was written, and nothing would change in these batches$/m)
  })

  it('ends as the run would where the query or the table refuses', () => {
    for (const [sql, message] of [
      [
        'retyped.sql',
        /^SchemaChanged: retyped\.sql: column stars is int in silver\.reviews and string in the query; a type can't change/m,
      ],
      ['wrong.sql', /wrong\.sql.*review/],
    ] as const) {
      const { status, stderr } = diff('--sql', sql)
      assert.equal(status, 1)
      assert.match(stderr, message)
    }
  })

  it('refuses what it does not know', () => {
    for (const [args, message] of [
      [['--key', 'reviewid'], /^--key reviewid: silver\.reviews has no such column; did you mean review_id\?$/m],
      [['--all', '--batches', '2'], /^--batches, --all and --batch each say what to compare/m],
    ] as const) {
      const { status, stderr } = diff('--sql', 'old.sql', ...args)
      assert.equal(status, 2)
      assert.match(stderr, message)
    }
  })

  it('fits a terminal', async () => {
    const { store, layout } = world
    const query = async () => ({
      ...{ sql: NEW, declarations: null, reviewsView: 'bronze_reviews', customersView: 'bronze_customers' },
    })
    const log = await readLog(store, layout)
    const told: BatchDifference[] = []
    const how = {
      layout,
      codecs: codecs(),
      query,
      unmatched: 'park',
      ignoreSparkMetadata: false,
      maxConcurrency: 2,
    } as const
    const what = { batches: [...log.state.batches.keys()], key: undefined, sample: 5, scratch: join(folder, 'scratch') }
    const lake = { store, layout, root: join(folder, 'lake'), uri: 'file:///lake/' }
    for await (const each of compareBatches(lake, log, { ...how, ...what, time: world.now })) told.push(each)
    for (const width of [60, 120]) {
      const lines = told.flatMap(each => batchText(each, width).split('\n'))
      const tables = lines.filter(line => /^(column|review_id|─|a|b\d|customer|stars| )/.test(line))
      assert(tables.length > 15)
      for (const line of tables) assert(line.length <= width, line)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
      for (const line of lines) assert.doesNotMatch(line, /[\u0000-\u001f\u202e]/)
    }
  })
}).timeout(120_000)
