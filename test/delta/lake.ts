import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { commitAbandon } from '../../functions/log/append.ts'
import { FoldedLog } from '../../functions/log/fold.ts'
import { needCommit, readLog } from '../../functions/log/read.ts'
import { compactLake } from '../../functions/maintain/compact/compact.ts'
import { FORMAT } from '../../functions/protocol/format.ts'
import { int96File } from '../support/int96-file.ts'
import { codecs } from '../support/joining.ts'
import { World } from '../support/world.ts'

/** Every type that a column of silver has statistics of, and some that have none. */
const TYPED = `
  SELECT r.review_id, r.stars, c.customer_name, r.stars * 3000000000 AS big,
    DATE_ADD(DATE '2026-11-20', r.stars) AS day,
    TIMESTAMP_MICROS(1796032677000001 + r.stars * 1000000) AS at,
    CAST(r.stars / 3 AS DECIMAL(9, 2)) AS share
  FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id
  WHERE r.stars > 1`
/** With more columns, whose names other formats would encode. */
const WIDER = TYPED.replace(
  'AS share',
  'AS share, r.stars > 4 AS `größe é`, CAST(r.stars AS TINYINT) AS `a-b%20c`, UPPER(r.review_id) AS `naïve+x`',
)

/** A Delta table that was made, and a file that says of some of its versions which files they have. */
export interface MadeTable {
  readonly table: string
  readonly versions: string
}

const MICROS_PER_DAY = 86_400_000_000n

/**
 * Makes a lake whose bronze has INT96, of which some batches have kept it (`timestamps: as-is`). Instants are whole multiples of
 * `unit` microseconds, and nanoseconds of 64 bits hold them: some readers of INT96 go by those.
 */
export async function makeInt96Lake(directory: string, unit: bigint): Promise<MadeTable> {
  const [old, late] = [-100_000n * MICROS_PER_DAY - unit, 90_000n * MICROS_PER_DAY]
  const instants = [old, -unit, 0n, 1_796_032_677_123_000n + unit, late, null]
  const world = new World<DirectoryStore>({
    store: new DirectoryStore(directory),
    sql: `SELECT r.customer_id, r.at, c.customer_name
      FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.customer_id = c.customer_id`,
  })
  await world.addCustomers('1', [{ customer_id: '10', customer_name: 'one' }])
  for (const [i, timestamps] of (['as-is', 'int64', 'as-is'] as const).entries()) {
    world.timestamps = timestamps
    const keys = instants.map((_, row) => `${i}${row}`)
    await world.store.put(`${world.layout.roots.reviews}${i}.parquet`, await int96File(instants, keys))
    await world.run()
  }
  const [batch = ''] = world.catalog.partitions.keys()
  await world.run({ reprocess: { batches: [batch] } })
  return await described(world, directory)
}

/**
 * Makes a lake in a directory with a log of many versions: appends, parked rows, a batch that gets its rows later, more
 * columns, replaces, an abandon, enough for a checkpoint, and many batches packed into one.
 */
export async function makeLake(directory: string): Promise<MadeTable> {
  const world = new World<DirectoryStore>({ store: new DirectoryStore(directory), sql: TYPED, maxFilesPerBatch: 1 })
  await world.addCustomers('1', [{ customer_id: '1', customer_name: 'one' }])
  const add = (name: string, customers: readonly string[]) =>
    world.addReviews(
      name,
      customers.map((customer, i) => ({
        review_id: `${name}-${i}`,
        customer_id: customer,
        stars: 1 + ((i + name.length) % 5),
      })),
    )
  await add('first', ['1', '1', '2', '1', '1'])
  await add('none', ['2'])
  await world.run()
  world.sql = WIDER
  await add('wider', ['1', '1', '1'])
  await world.run()
  await world.run({ reprocess: { all: true } })
  await world.addCustomers('2', [{ customer_id: '2', customer_name: 'zwei' }])
  await world.run()
  const attempt = '20261124T071500Z-0123456789abcdef'
  const abandon = { format: FORMAT, operation: 'abandon', batch: '20261124T071500Z-01234567', attempt } as const
  const committedAt = new Date(world.now).toISOString()
  await commitAbandon(world.store, world.layout, { ...abandon, committedAt, execution: 'vacuum' }, -1)
  for (let i = 0; i < 105; i++) await add(`many-${i}`, ['1', '1'])
  world.now -= 3_600_000 // the clock goes back
  await world.run()
  await world.run()
  await putTogether(world)
  return await described(world, directory)
}

/** Packs the batches of the day into one, and appends something after that. */
async function putTogether(world: World<DirectoryStore>): Promise<void> {
  world.now += 10 * 86_400_000
  const { store, layout, now } = world
  const clock = () => ++world.now
  const done = await compactLake({ store, layout, codecs, clock, targetBytes: 1 << 20, before: now, merge: true })
  assert(done.some(({ absorbs }) => absorbs.length > 100))
  await world.addReviews('last', [{ review_id: 'last', customer_id: '1', stars: 5 }])
  await world.run()
}

async function described({ store, layout }: World<DirectoryStore>, directory: string): Promise<MadeTable> {
  const { version: last } = (await readLog(store, layout)).state
  const state = new FoldedLog()
  const versions: unknown[] = []
  for (let version = 0; version <= last; version++) {
    state.apply(await needCommit(store, layout, version))
    if (version > 12 && version < last - 12) continue
    const files = [...state.batches.values()].flatMap(({ location, silver, ingestDate, batch }) =>
      silver.map(({ key }) => ({
        path: join(directory, layout.roots.silver, location, key),
        ingest_date: ingestDate,
        batch,
      })),
    )
    versions.push({ version, columns: state.schema.map(({ name }) => name), files })
  }
  const path = join(directory, 'versions.json')
  await writeFile(path, JSON.stringify(versions))
  return { table: join(directory, layout.roots.silver), versions: path }
}
