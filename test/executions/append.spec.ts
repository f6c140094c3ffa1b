import assert from 'node:assert/strict'
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { Json } from '../../functions/adapters/step-functions/distributed-map.ts'
import { LEASE, readClaim, renewClaim } from '../../functions/lake/claim.ts'
import { readLog } from '../../functions/log/read.ts'
import { type Review, World } from '../support/world.ts'

const review = (id: string, customer: string | null, stars = 5): Review => ({
  review_id: id,
  customer_id: customer,
  stars,
})
const row = (id: string, stars: number, name: string) => JSON.stringify({ review_id: id, stars, customer_name: name })
const customer = (id: string) => ({ customer_id: id, customer_name: `name of ${id}` })

async function lastCommit(world: World) {
  const { state } = await readLog(world.store, world.layout)
  const bytes = await world.store.get(world.layout.commit(state.version))
  return JSON.parse(new TextDecoder().decode(bytes))
}

describe('an execution', () => {
  let world: World
  beforeEach(async () => {
    world = new World()
    await world.addCustomers('c', [customer('1'), customer('2')])
  })

  it('joins what is new, and only that, each time', async () => {
    await world.addReviews('a', [review('r1', '1'), review('r2', '2', 1), review('r3', '2', 3)])
    await world.run()
    assert.deepEqual(await world.silver(), [row('r1', 5, 'name of 1'), row('r3', 3, 'name of 2')])
    await world.addReviews('b', [review('r4', '1')])
    const state = await world.run()
    assert.equal(state.work?.files, 1)
    assert.deepEqual(await world.silver(), [
      row('r1', 5, 'name of 1'),
      row('r3', 3, 'name of 2'),
      row('r4', 5, 'name of 1'),
    ])
  })

  it('says that nothing is new and writes nothing', async () => {
    await world.addReviews('a', [review('r1', '1')])
    await world.run()
    const before = new Map([...world.store.objects].map(([key, { etag }]) => [key, etag]))
    const state = await world.run()
    assert.deepEqual([state.reason, state.hasWork], ['nothing new', false])
    assert.deepEqual(new Map([...world.store.objects].map(([key, { etag }]) => [key, etag])), before)
  })

  it('records in the commit what became of every row', async () => {
    await world.addReviews('a', [review('r1', '1'), review('r2', '2', 1), review('r3', null), review('r4', '9')])
    await world.run()
    const commit = await lastCommit(world)
    assert.deepEqual(commit.rows, { read: 4, filtered: 1, nullKey: 1, unmatched: 1, matched: 1, written: 1 })
    const [file] = commit.bronze
    assert.equal(file.key, 'bronze/reviews/a.parquet')
    assert.equal(file.etag, (await world.store.head(file.key))?.etag)
    assert.deepEqual(file.rows, commit.rows)
    assert.equal(file.silver, 'part-00000.parquet')
    assert.deepEqual(
      commit.silver.map(({ key, rows }: { key: string; rows: number }) => [key, rows]),
      [['part-00000.parquet', 1]],
    )
    assert.match(
      commit.location,
      /^ingest_date=2026-11-24\/batch=20261124T071600Z-[0-9a-f]{8}\/20261124T071600Z-[0-9a-f]{16}\/$/,
    )
    assert.deepEqual(commit.schema, [
      { name: 'review_id', type: 'string' },
      { name: 'stars', type: 'int' },
      { name: 'customer_name', type: 'string' },
    ])
  })

  it('takes a backlog in batches of the cap, each committed on its own', async () => {
    world.maxFilesPerBatch = 2
    for (const name of ['a', 'b', 'c', 'd', 'e']) await world.addReviews(name, [review(`r-${name}`, '1')])
    const state = await world.run()
    assert.equal(state.done.length, 3)
    assert.equal((await world.silver()).length, 5)
    assert.equal((await readLog(world.store, world.layout)).state.version, 2)
  })

  it('multiplies rows where a customer is there twice, as SQL does', async () => {
    await world.addCustomers('again', [customer('2'), { customer_id: '2', customer_name: 'other' }])
    await world.addReviews('a', [review('r1', '1'), review('r2', '2')])
    await world.run()
    assert.deepEqual(await world.silver(), [
      row('r1', 5, 'name of 1'),
      row('r2', 5, 'name of 2'),
      row('r2', 5, 'name of 2'),
      row('r2', 5, 'other'),
    ])
    const { rows } = await lastCommit(world)
    assert.deepEqual([rows.matched, rows.written], [2, 4])
  })

  it('uses the snapshot again as long as the customers files stay the same', async () => {
    const snapshots = () => [...world.store.objects.keys()].filter(key => key.endsWith('.snapshot'))
    await world.addReviews('a', [review('r1', '1')])
    await world.run()
    await world.addReviews('b', [review('r2', '1')])
    await world.run()
    assert.equal(snapshots().length, 1)
    await world.addCustomers('d', [customer('3')])
    await world.addReviews('c', [review('r3', '3')])
    await world.run()
    assert.equal(snapshots().length, 2)
    assert.equal((await world.silver()).length, 3)
  })

  it('quarantines what is no review file, names it with the reason, and joins the others', async () => {
    await world.addReviews('good', [review('r1', '1')])
    const good = await world.store.get('bronze/reviews/good.parquet')
    await world.store.put('bronze/reviews/text.parquet', new TextEncoder().encode('these are no rows, not at all'))
    await world.store.put('bronze/reviews/cut.parquet', good.slice(0, good.length - 20))
    await world.store.put('bronze/reviews/empty.parquet', new Uint8Array(0))
    await world.store.put(
      'bronze/reviews/nokey.parquet',
      await world.store.get('bronze/customers/c.parquet').then(renamed),
    )
    await world.run()
    assert.deepEqual(await world.silver(), [row('r1', 5, 'name of 1')])
    const { quarantined } = await lastCommit(world)
    assert.deepEqual(quarantined.map(({ key }: { key: string }) => key.split('/').at(-1)).sort(), [
      'cut.parquet',
      'empty.parquet',
      'nokey.parquet',
      'text.parquet',
    ])
    for (const { reason } of quarantined) assert.match(reason, /not a (whole )?Parquet file|customer_id/)
    assert.equal((await world.run()).reason, 'nothing new')
  })

  it('quarantines a customers file that lies among the reviews, first or later, where the query fails at it', async () => {
    world.sql =
      'SELECT r.*, c.customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id'
    for (const name of ['a', 'b']) await world.addReviews(name, [review(`${name}1`, '1')])
    const stray = await world.store.get('bronze/customers/c.parquet')
    await world.store.put('bronze/reviews/customers.parquet', stray)
    await world.run()
    assert.equal((await world.silver()).length, 2)
    assert.match(
      (await lastCommit(world)).quarantined[0].reason,
      /^column customer_name is in 1 of 3 files, and the query can't be asked with it .*two output columns/,
    )
    await world.store.put('bronze/reviews/more-customers.parquet', stray)
    await world.run()
    await world.addReviews('c', [review('c1', '2')])
    await world.run()
    assert.equal((await world.silver()).length, 3)
    assert.equal(
      (await world.settled()).filter(
        line => line.includes("files, and the query can't be asked") || line.includes('files and was in none before'),
      ).length,
      2,
    )
  })

  it('quarantines a file with a column that the table cannot take, and no other; most files are the query’s matter', async () => {
    world.sql =
      'SELECT r.*, c.customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id'
    const add = (id: string, column: 'since' | 'title') => {
      const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const
      const date = { type: 'INT32', converted_type: 'DATE', repetition_type: 'OPTIONAL' } as const
      const columnData = [
        { name: 'review_id', data: [id] },
        { name: 'customer_id', data: ['1'] },
        { name: column, data: [column === 'since' ? new Date(0) : 'a title'] },
      ]
      const schema = [
        { name: 'root', num_children: 3 },
        ...columnData.map(({ name }) => ({ name, ...(name === 'since' ? date : text) })),
      ]
      return world.store.put(`bronze/reviews/${id}.parquet`, new Uint8Array(parquetWriteBuffer({ columnData, schema })))
    }
    await world.addReviews('a', [review('a', '1')])
    await world.run()
    await add('dated', 'since')
    await assert.rejects(world.run(), { name: 'SchemaChanged', message: /column since is a date/ })
    await world.addReviews('b', [review('b', '1')])
    await add('titled', 'title')
    await world.run()
    assert.equal((await world.silver()).length, 3)
    const { quarantined } = await lastCommit(world)
    assert.deepEqual(quarantined.length, 1)
    assert.match(
      quarantined[0].reason,
      /^column since is in 1 of 3 files and was in none before, and .*Athena can't add a date/,
    )
  })

  it('defers a file that changes between plan and join, and takes it in the next pass', async () => {
    await world.addReviews('a', [review('r1', '1')])
    await world.addReviews('b', [review('r2', '1')])
    const { workers, store } = world.workers(world.store)
    const plan = workers.plan
    let changed = false
    workers.plan = async payload => {
      const state = await plan(payload)
      if (!changed) await world.addReviews('b', [review('r2', '1'), review('r3', '2')])
      changed = true
      return state
    }
    await world.runWith(workers, store)
    const commit = await lastCommit(world)
    assert.deepEqual(
      commit.deferred.map(({ key, reason }: { key: string; reason: string }) => [key, reason]),
      [['bronze/reviews/b.parquet', 'it has changed since it was planned']],
    )
    assert.equal((await world.silver()).length, 1)
    await world.run()
    assert.equal((await world.silver()).length, 3)
  })

  it('narrows a backfill to a prefix', async () => {
    await world.addReviews('2024/a', [review('r1', '1')])
    await world.addReviews('2025/b', [review('r2', '1')])
    await world.run({ prefix: 'bronze/reviews/2024/' })
    assert.deepEqual(await world.silver(), [row('r1', 5, 'name of 1')])
  })

  it('writes nothing in a dry run, and counts what it would do', async () => {
    await world.addReviews('a', [review('r1', '1')])
    const before = [...world.store.objects.keys()]
    const state = await world.run({ dryRun: true })
    assert.deepEqual([state.reason, state.work?.files, state.work?.rows], ['dry run', 1, 1])
    assert.deepEqual([...world.store.objects.keys()], before)
  })

  it('gives way to another that is running, when it is a scheduled one', async () => {
    await world.addReviews('a', [review('r1', '1')])
    await world.store.put(world.layout.claim, new TextEncoder().encode('{"execution": "other"}'))
    world.running.add('other')
    assert.equal((await world.run()).reason, 'busy')
    assert.deepEqual(await world.silver(), [])
    assert.equal((await world.run({ prefix: 'bronze/reviews/' })).reason, 'committed')
  })

  it('gives way to one of whom nothing is known as long as that renews its claim, and no longer', async () => {
    await world.addReviews('a', [review('r1', '1')])
    const place = { store: world.store, layout: world.layout, execution: 'elsewhere' }
    await world.store.put(world.layout.claim, new TextEncoder().encode('{"execution": "elsewhere"}'))
    world.unknown.add('elsewhere')
    const { patience } = world
    world.patience = { ...patience, wait: () => renewClaim(place) }
    assert.equal((await world.run()).reason, 'busy')
    world.patience = patience
    const before = world.now
    assert.equal((await world.run()).reason, 'committed')
    assert(world.now - before - 60_000 < 2 * LEASE, 'the claim was watched once')
    assert.notEqual((await readClaim(world.store, world.layout))?.execution, 'elsewhere')
  })

  it('refuses an input that it does not know, with the place of the mistake', async () => {
    const refused: [Json, RegExp][] = [
      [{ prefix: 'bronze/customers/' }, /prefix must lie under bronze\/reviews\//],
      [{ prefix: 'bronze/reviews/../x' }, /prefix/],
      [{ prefx: 'x' }, /prefx/],
      [{ reprocess: { batches: ["x'; DROP"] } }, /batch id/],
      [{ format: 1, pass: 3 }, /format/],
      ['text', /must be a JSON object/],
      [{ modifiedFrom: 'yesterday' }, /ISO 8601/],
    ]
    for (const [input, message] of refused) {
      await assert.rejects(world.run(input), { name: 'InvalidInput', message })
    }
  })

  it('stops at a query with a mistake, before anything is written', async () => {
    world.sql = 'SELECT r.review_idd FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id'
    await world.addReviews('a', [review('r1', '1')])
    const before = [...world.store.objects.keys()]
    await assert.rejects(world.run(), { name: 'InvalidQuery', message: /review_idd.*review_id/s })
    assert.deepEqual([...world.store.objects.keys()], before)
  })
})

/** The same file with another column name of the same length in place of customer_id. */
async function renamed(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(
    Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('customer_id', 'costumer_id'), 'latin1'),
  )
}
