import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { readLog } from '../../functions/log/read.ts'
import { doubtLines, findDoubts } from '../../scripts/summary/doubts.ts'
import { World } from '../support/world.ts'
import { runCommand } from './run-command.ts'

const JOIN = 'FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id'
const review = (id: string, customer: string, day: string | null) => ({ review_id: id, customer_id: customer, day })

describe('what is allowed, and hardly meant', () => {
  let world: World
  beforeEach(() => {
    world = new World({ sql: `SELECT r.review_id, r.day, c.customer_name ${JOIN}` })
  })

  async function told(): Promise<string[]> {
    const { store, layout } = world
    return doubtLines(await findDoubts(world, (await readLog(store, layout)).state)).map(line =>
      line.replaceAll(/batch \S+[^,: ]/g, 'batch B'),
    )
  }
  async function run(name: string, ...rows: ReturnType<typeof review>[]): Promise<string[]> {
    const text = (column: keyof (typeof rows)[number]) => ({
      name: column,
      type: 'STRING' as const,
      data: rows.map(row => row[column]),
    })
    const columnData = [text('review_id'), text('customer_id'), text('day')]
    await world.store.put(`bronze/reviews/${name}.parquet`, new Uint8Array(parquetWriteBuffer({ columnData })))
    await world.run()
    return await told()
  }

  it('is nothing in an empty log, or where all is well', async () => {
    assert.deepEqual(await told(), [])
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    assert.deepEqual(await run('a', review('a', '1', '2014-01-05'), review('b', '2', null)), [])
  })

  it('is that no review has a customer, with the count and the key', async () => {
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    assert.deepEqual(await run('a', review('a', '01', 'x'), review('b', '02', 'x')), [
      'warning: none of 2 reviews of batch B has a customer: compare the values of reviews.customer_id = customers.customer_id: blanks, case, leading zeros, another id',
    ])
  })

  it('is that none has a row in each of several dimensions', async () => {
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    world.sql = `SELECT r.review_id, v.n ${JOIN} JOIN (VALUES ('z', 1)) v(id, n) ON r.day = v.id`
    assert.deepEqual(await run('a', review('a', '1', 'x')), [
      'warning: none of 1 review of batch B has a row in customers and values: compare the values of reviews.customer_id = customers.customer_id and reviews.day = values.col1: blanks, case, leading zeros, another id',
    ])
  })

  it('is not said of an anti join, which is after them', async () => {
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    world.sql = `SELECT r.review_id ${JOIN.replace('JOIN', 'LEFT ANTI JOIN')}`
    assert.deepEqual(await run('a', review('a', '01', 'x')), [])
  })

  it('is a column that is NULL and was not before, and one whose CAST or pattern never fits', async () => {
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    await run('a', review('a', '1', '2014-01-05'))
    assert.deepEqual(await run('b', review('b', '1', null), review('c', '1', null)), [
      'warning: column day is NULL in all 2 rows of batch B, and was not before: compare the values in bronze with reviews.day',
    ])
    world.sql = `SELECT r.review_id, r.day, c.customer_name, to_timestamp(r.day, 'dd.MM.yyyy') AS at, CAST(NULL AS int) AS none ${JOIN}`
    assert.deepEqual(await run('d', review('d', '1', '2014-01-07')), [
      "warning: column at is NULL in all 1 rows of batch B, though bronze has values: compare the values in bronze with to_timestamp(reviews.day, 'dd.MM.yyyy')",
    ])
    // NULL in bronze is no fault of the pattern
    assert.deepEqual(await run('e', review('e', '1', null)), [
      'warning: column day is NULL in all 1 rows of batch B, and was not before: compare the values in bronze with reviews.day',
    ])
  })

  it('is a column of the table that the query no longer has', async () => {
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    await run('a', review('a', '1', 'x'))
    world.sql = `SELECT r.review_id, c.customer_name ${JOIN} WHERE r.day IS NOT NULL`
    assert.deepEqual(await run('b', review('b', '1', 'x')), [
      'no longer in the query: 1 column of the table (day); new batches are NULL there: name them in silver.sql to go on with them',
    ])
  })
})

describe('run, status and explain', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'silversmith-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  it('say what is hardly meant, each in a line with the count and what to do', async () => {
    const world = new World({ store: new DirectoryStore(join(folder, 'lake')) })
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'One' }])
    await world.addReviews('a', [{ review_id: 'a', customer_id: '1', stars: 5 }])
    await world.run()
    await world.store.delete(world.layout.claim) // else it would be watched for a sign of life
    writeFileSync(join(folder, 'new.sql'), `SELECT r.review_id, CAST('x' AS int) AS stars ${JOIN} WHERE r.stars > 0`)
    const named = ['--lake', 'lake', '--sql', 'new.sql'] as const
    const idle = runCommand(folder, ['run', ...named]).stdout
    assert.match(idle, /^nothing new: /m)
    assert.match(idle, /^no longer in the query: 1 column of the table \(customer_name\)/m)
    await world.addReviews('b', [{ review_id: 'b', customer_id: '01', stars: 5 }])
    const run = runCommand(folder, ['run', ...named])
    assert.equal(run.status, 0, run.stderr)
    for (const { stdout } of [
      run,
      runCommand(folder, ['status', ...named]),
      runCommand(folder, ['explain', ...named]),
    ]) {
      assert.match(
        stdout,
        /^warning: none of 1 review of batch \S+ has a customer: compare the values of reviews\.customer_id = /m,
      )
      assert.match(
        stdout,
        /^no longer in the query: 1 column of the table \(customer_name\); new batches are NULL there: name them in/m,
      )
      assert.match(
        stdout,
        /^1 batch of 2 was made by another query than new\.sql: to see what would change: npx silversmith diff --lake lake --sql new\.sql --all; to write it again: /m,
      )
    }
  }).timeout(60_000)
})
