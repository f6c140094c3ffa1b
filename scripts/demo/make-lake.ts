import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Layout } from '../../functions/lake/layout.ts'
import { makeCodecs } from '../../functions/parquet/codecs.ts'
import { byteArrays, type PlainValues } from '../../functions/parquet/plain-values.ts'
import { DirectoryStore } from '../directory-store.ts'
import { count } from '../text.ts'
import { type BronzeColumn, type BronzeGroup, writeBronzeFile } from './bronze-file.ts'
import { type Customer, makeCustomers, makeReviews, type Review } from './rows.ts'

const CUSTOMERS = 5000
const FILES = 20
const ROWS = 1000
const SEED = 20_261_124
const DAY = 86_400_000
/** The first review's time. */
const START = Date.UTC(2026, 9, 1)

/**
 * Makes the demo's bronze lake in a directory, the same one on every machine: what a streaming Spark job leaves of 20,000
 * reviews and 5,000 customers. The directory appears as a whole. Returns what was made, in words.
 */
export async function makeLake(root: string): Promise<string> {
  const draft = `${root}.${process.pid}.draft`
  await rm(draft, { recursive: true, force: true })
  await mkdir(dirname(draft), { recursive: true })
  const store = new DirectoryStore(draft)
  const { roots } = new Layout()
  const codecs = makeCodecs() // without native codecs: SNAPPY, like Spark
  const write = async (key: string, group: BronzeGroup) => {
    const target = store.writer(key)
    await writeBronzeFile(target, [group], codecs)
    await target.close()
  }
  await write(`${roots.customers}part-00000-c000.snappy.parquet`, customerColumns(makeCustomers(CUSTOMERS, SEED)))
  for (let file = 0; file < FILES; file++) {
    const reviews = makeReviews(ROWS, CUSTOMERS, START + file * DAY, SEED + 1 + file)
    const name = `part-${String(file).padStart(5, '0')}-c000.snappy.parquet`
    await write(`${roots.reviews}${name}`, reviewColumns(reviews))
  }
  for (const directory of [roots.customers, roots.reviews]) await store.put(`${directory}_SUCCESS`, new Uint8Array(0))
  await rm(`${draft}/.tmp`, { recursive: true, force: true })
  try {
    await rename(draft, root)
  } catch (error) {
    await rm(draft, { recursive: true, force: true }) // another process has made it in the meantime
    if (!(error instanceof Error && 'code' in error && ['ENOTEMPTY', 'EEXIST'].includes(String(error.code))))
      throw error
  }
  return `${count(FILES * ROWS)} reviews in ${FILES} files, ${count(CUSTOMERS)} customers`
}

function customerColumns(customers: readonly Customer[]): BronzeGroup {
  const names = ['customer_id', 'customer_name', 'gender', 'date_of_birth', 'city', 'state'] as const
  return names.map(name =>
    column(
      name,
      'string',
      customers.map(customer => customer[name]),
    ),
  )
}

const TYPES: Readonly<Record<keyof Review, BronzeColumn['type']>> = {
  marketplace: 'string',
  customer_id: 'string',
  review_id: 'string',
  product_id: 'string',
  product_parent: 'string',
  product_title: 'string',
  product_category: 'string',
  star_rating: 'int',
  helpful_votes: 'int',
  total_votes: 'int',
  vine: 'string',
  verified_purchase: 'string',
  review_headline: 'string',
  review_body: 'string',
  purchase_date: 'string',
  review_timestamp: 'timestamp',
}

function reviewColumns(reviews: readonly Review[]): BronzeGroup {
  return Object.entries(TYPES).map(([name, type]) =>
    // the keys of TYPES are those of a review
    column(
      name,
      type,
      reviews.map(review => review[name as keyof Review]),
    ),
  )
}

/** A column with each distinct value once. */
function column(
  name: string,
  type: BronzeColumn['type'],
  cells: readonly (string | number | bigint | null)[],
): BronzeColumn {
  const distinct = new Map<string | number | bigint, number>()
  const codes = Int32Array.from(cells, cell => {
    if (cell === null) return -1
    const code = distinct.get(cell) ?? distinct.size
    distinct.set(cell, code)
    return code
  })
  return { name, type, codes, values: plain([...distinct.keys()], type) }
}

/** Values in Parquet's PLAIN form. */
function plain(values: readonly (string | number | bigint)[], type: BronzeColumn['type']): PlainValues {
  if (type === 'string') {
    const texts = values.map(value => new TextEncoder().encode(String(value)))
    return byteArrays(
      Int32Array.from(texts, text => text.length),
      new Uint8Array(Buffer.concat(texts)),
    )
  }
  const width = type === 'int' ? 4 : 12
  const bytes = new Uint8Array(values.length * width)
  const view = new DataView(bytes.buffer)
  for (const [i, value] of values.entries()) {
    if (type === 'int') view.setInt32(i * width, Number(value), true)
    else writeInt96(view, i * width, BigInt(value))
  }
  return { width, count: values.length, bytes }
}

/** INT96 as Spark writes it: nanoseconds of the day, then the Julian day; `micros` since 1970. */
function writeInt96(view: DataView, at: number, micros: bigint): void {
  const perDay = 86_400_000_000n
  const day = micros / perDay
  view.setBigInt64(at, (micros - day * perDay) * 1000n, true)
  view.setInt32(at + 8, Number(day) + 2_440_588, true)
}
