import { readFile } from 'node:fs/promises'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { readLog } from '../../functions/log/read.ts'
import { customersFile, reviewsFile } from '../../scripts/demo/bronze-file.ts'
import { makeCustomers, makeReviews, type Review } from '../../scripts/demo/rows.ts'
import { openLake } from '../../scripts/lakes/open-lake.ts'
import { runLocal } from '../../scripts/local/run-local.ts'

/** What would leave a trace if any page took it for more than a text. */
export const HOSTILE = '"><img src=x onerror="window.pwned=1"><script>window.pwned=1</script>\u001b[31m\u202e'
/** A file's name can't hold a slash. */
export const HOSTILE_NAME = `x'"><img src=x onerror=pwned=1>`

const DAY = 86_400_000
const START = Date.UTC(2026, 9, 1)
const CUSTOMERS = 2000
const ROWS = 400

/** The query that the first batches are made by, and the one that the last are. */
const FIRST = `SELECT r.*, c.customer_name, c.gender, c.city, c.state
FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id
WHERE r.star_rating > 1`
const SECOND = FIRST.replace('c.state\n', 'c.state, r.star_rating >= 4 AS liked, upper(c.city) AS city_upper\n')

/** The settings of a run with a query. */
export async function settingsOf(sql: string, maxFilesPerBatch = 3) {
  return {
    query: async () => ({
      sql,
      declarations: null,
      reviewsView: 'bronze_reviews',
      customersView: 'bronze_customers',
    }),
    caps: { maxFilesPerBatch, maxBytesPerBatch: 2 ** 30 },
    ...{ maxConcurrency: 2, unmatched: 'park' as const, ignoreSparkMetadata: false, verifyPages: false },
  }
}

export const silverSql = () => readFile(new URL('../../silver.sql', import.meta.url), 'utf8')

/** Makes a lake that has seen everything in a directory: batches, parked rows, quarantine, another query, a run that died. */
export async function makeLivedLake(root: string): Promise<void> {
  const store = new DirectoryStore(root)
  const customers = makeCustomers(CUSTOMERS, 7)
  const put = (name: string, rows: readonly Review[]) => store.put(`bronze/reviews/${name}.parquet`, reviewsFile(rows))
  const day = (i: number) => makeReviews(ROWS + 40 * i, CUSTOMERS, START + i * DAY, 100 + i)
  await store.put('bronze/customers/a.parquet', customersFile(customers.slice(0, CUSTOMERS - 60)))
  for (let i = 0; i < 8; i++) await put(`2026-10-${String(i + 1).padStart(2, '0')}`, day(i))
  const lake = await openLake({ lake: root })
  const run = async (sql: string, input = {}, stopping?: () => void) =>
    runLocal({ lake, input, settings: await settingsOf(sql), ...(stopping && { stopping }) })
  await run(FIRST)
  const misfit = [{ name: 'star_rating', type: 'BYTE_ARRAY' as const, data: ['five', 'one'] }]
  const texts = ['review_id', 'customer_id'].map(name => ({
    name,
    type: 'STRING' as const,
    data: ['RMISFIT1', 'RMISFIT2'],
  }))
  await store.put(
    'bronze/reviews/2026-10-08-b.parquet',
    new Uint8Array(parquetWriteBuffer({ columnData: [...texts, ...misfit] })),
  )
  await store.put('bronze/reviews/2026-10-09.parquet', new TextEncoder().encode('this is no Parquet file'))
  const whole = reviewsFile(day(9))
  await store.put('bronze/reviews/2026-10-10.parquet', whole.slice(0, whole.length - 2000))
  await put(HOSTILE_NAME, day(10).slice(0, 50).map(hostile))
  await run(FIRST)
  await store.put('bronze/customers/b.parquet', customersFile(customers.slice(CUSTOMERS - 60, CUSTOMERS - 20)))
  await run(SECOND)
  await put('2026-10-12', day(11))
  await run(SECOND)
  const { state } = await readLog(store, lake.layout)
  const [first] = state.batches.keys()
  await run(SECOND, { reprocess: { batches: [first] } })
  await put('2026-10-13', day(12))
  let steps = 0
  await run(SECOND, {}, () => {
    if (++steps > 2) throw new Error('the run dies here')
  }).catch(() => undefined)
  await put('2026-10-12', day(11).slice(0, 100)) // changed since it was joined
}

function hostile(review: Review, i: number): Review {
  const id = i === 0 ? `R'"><img src=x onerror=pwned=1>` : review.review_id
  return { ...review, review_id: id, product_title: HOSTILE, review_headline: HOSTILE, review_body: HOSTILE }
}
