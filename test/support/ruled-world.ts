import assert from 'node:assert/strict'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { readCommit, readLog } from '../../functions/log/read.ts'
import type { BatchCommit } from '../../functions/protocol/commit.ts'
import { World } from './world.ts'

/** A join that rules are put before. */
export const SELECT = `SELECT r.review_id, r.stars, c.customer_name
  FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id`
export const STARS = 'CONSTRAINT valid_stars EXPECT (stars BETWEEN 1 AND 5) ON VIOLATION DROP ROW'
export const DAY = 24 * 3_600_000

export const review = (id: string, stars: number, customer: string | null = '1') => ({
  review_id: id,
  customer_id: customer,
  stars,
})

export async function worldOf(rules: string, select = SELECT): Promise<World> {
  const world = new World({ sql: `${rules}\n${select}` })
  await world.addCustomers('c', [
    { customer_id: '1', customer_name: 'one' },
    { customer_id: '2', customer_name: 'two' },
    { customer_id: '2', customer_name: 'deux' },
  ])
  return world
}

export async function lastCommit({ store, layout }: World): Promise<BatchCommit> {
  const { state } = await readLog(store, layout)
  const commit = await readCommit(store, layout, state.version)
  assert(commit && commit.operation !== 'abandon')
  return commit
}

/** The rejected rows of the batches as they are now: id, rules, row. */
export async function rejected({ store, layout }: World): Promise<unknown[][]> {
  const { state } = await readLog(store, layout)
  const rows: unknown[][] = []
  for (const { key } of [...state.batches.values()].flatMap(batch => batch.rejected ?? [])) {
    const file = (await store.get(key)).buffer
    for (const row of await parquetReadObjects({ file, compressors })) {
      const { _silversmith_key: bronze, _silversmith_row: at } = row
      rows.push([row.review_id, row._silversmith_rules, `${String(bronze).split('/').at(-1)} ${at}`])
    }
  }
  return rows.sort()
}

export const vacuumOptions = ({ store, layout, now, executions, patience }: World) => {
  return { store, layout, now, olderThan: DAY, executions, patience }
}

export const ids = async (world: World) => (await world.silver()).map(row => JSON.parse(row).review_id)
