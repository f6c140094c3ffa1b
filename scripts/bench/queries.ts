import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { nativeCodecs } from '../../functions/adapters/codecs.ts'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { elementAt } from '../../functions/base/at.ts'
import { buildSnapshot } from '../../functions/engine/dimensions/build-snapshot.ts'
import type { OpenDimension } from '../../functions/engine/dimensions/open-dimension.ts'
import { openSnapshot } from '../../functions/engine/dimensions/snapshot.ts'
import { writeSilver } from '../../functions/engine/join/silver.ts'
import type { SourceFile } from '../../functions/engine/sources/source-file.ts'
import type { ObjectWriter } from '../../functions/lake/store.ts'
import { columnsOf, readFooter } from '../../functions/parquet/metadata/footer.ts'
import { makeCodecs } from '../../functions/parquet/pages/codecs.ts'
import { compileQuery } from '../../functions/sql/compile.ts'
import type { CompiledQuery } from '../../functions/sql/compiled.ts'
import { typedColumns } from '../../functions/sql/schema/bind.ts'
import { print } from '../terminal/print.ts'
import { benchLake } from './lake.ts'

/** Of the lake `batches`, each a file of 50,000 rows. */
const FILES = 12
const OUT = 'silver-queries'
const ADDED = 'customer_name, c.gender, c.date_of_birth, c.city, c.state'
const ONE = `SELECT r.*, c.${ADDED} FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id`
const TWO = `SELECT r.*, c.${ADDED}, p.customer_name AS name, p.gender AS sex, p.date_of_birth AS born, p.city AS town, p.state AS land
  FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id
  JOIN bronze_people p ON r.customer_id = p.customer_id`
const BOUNDED = 'CONSTRAINT stars EXPECT (star_rating BETWEEN 1 AND 5) ON VIOLATION DROP ROW'
const LENGTHS = 'CONSTRAINT known EXPECT (city IS NOT NULL) CONSTRAINT full EXPECT (length(review_id) = 14)'
const WHERE = 'WHERE r.star_rating > 1'

const QUERIES = {
  'one dimension': ONE,
  'two dimensions': TWO,
  'one dimension, a WHERE that drops rows': `${ONE} ${WHERE}`,
  'two dimensions, the same WHERE': `${TWO} ${WHERE}`,
  'one dimension, a rule over a column of five values': `${BOUNDED} ${ONE}`,
  'three rules, one over a column of distinct values': `${BOUNDED} ${LENGTHS} ${ONE}`,
  'a rule that drops what the WHERE drops': `CONSTRAINT more EXPECT (star_rating > 1) ON VIOLATION DROP ROW ${ONE}`,
} as const

const codecs = makeCodecs(nativeCodecs)

/** CPU seconds of queries over the same 600,000 reviews, the medians of so many runs after a first, as a table in Markdown. */
export async function measureQueries(runs: number): Promise<string> {
  const directory = await benchLake('batches')
  const store = new DirectoryStore(directory)
  const reviews = await Promise.all(Array.from({ length: FILES }, (_, file) => sourceAt(store, 'reviews', file)))
  const customers = await sourceAt(store, 'customers', 0)
  const prepared: { name: string; query: CompiledQuery; dimensions: OpenDimension[]; seconds: number[] }[] = []
  for (const [name, sql] of Object.entries(QUERIES)) {
    const query = await compiled(sql, elementAt(reviews, 0), customers)
    prepared.push({ name, query, dimensions: await dimensionsOf(store, query, customers), seconds: [] })
  }
  for (let run = 0; run <= runs; run++) {
    for (const { query, dimensions, seconds } of prepared) {
      const before = process.cpuUsage()
      for (const [file, source] of reviews.entries()) {
        const silver = store.writer(`${OUT}/part-${file}.parquet`)
        let side: ObjectWriter | undefined
        const rejected = () => {
          side ??= store.writer(`${OUT}/rejected-${file}.parquet`)
          return side
        }
        await writeSilver(
          { query, dimensions, sources: [source], silver, parked: null, rejected, metadata: () => ({}) },
          codecs,
        )
        await silver.close()
        await side?.close()
      }
      const { user, system } = process.cpuUsage(before)
      if (run > 0) seconds.push((user + system) / 1e6)
    }
  }
  await rm(join(directory, OUT), { recursive: true })
  const lines = prepared.map(({ name, seconds }) => {
    print(JSON.stringify({ part: 'queries', name, seconds }))
    return `| ${name} | ${elementAt(
      seconds.toSorted((a, b) => a - b),
      seconds.length >> 1,
    ).toFixed(2)} |`
  })
  return ['| query | CPU s |', '|---|---:|', ...lines].join('\n')
}

async function compiled(sql: string, reviews: SourceFile, customers: SourceFile): Promise<CompiledQuery> {
  const [ofReviews, ofCustomers] = await Promise.all(
    [reviews, customers].map(async file => typedColumns(columnsOf(await readFooter(file)))),
  )
  return await compileQuery({
    sql,
    reviews: { view: 'bronze_reviews', columns: ofReviews ?? [] },
    customers: { view: 'bronze_customers', columns: ofCustomers ?? [] },
    dimensions: [{ name: 'people', view: 'bronze_people', columns: ofCustomers ?? [] }],
    now: 0n,
  })
}

async function dimensionsOf(
  store: DirectoryStore,
  { joins }: CompiledQuery,
  file: SourceFile,
): Promise<OpenDimension[]> {
  const dimensions: OpenDimension[] = []
  for (const { keys } of joins) {
    const target = store.writer(`${OUT}/snapshot`)
    await buildSnapshot({ files: [file], view: [], keys, target, codecs })
    await target.close()
    dimensions.push(openSnapshot(await store.get(`${OUT}/snapshot`)))
  }
  return dimensions
}

async function sourceAt(store: DirectoryStore, folder: string, file: number): Promise<SourceFile> {
  const key = `bronze/${folder}/part-${String(file).padStart(5, '0')}.snappy.parquet`
  const info = await store.head(key)
  if (!info) throw new Error(`no object ${key}`)
  return { ...info, path: {}, parked: false, excluded: [], read: range => store.get(key, { range }) }
}
