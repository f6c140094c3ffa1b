import { byteArrays, type PlainValues } from '../../functions/parquet/pages/plain-values.ts'
import type { BronzeColumn, BronzeGroup } from './bronze-file.ts'
import type { Customer, Review } from './rows.ts'

/** The columns of a customers file. */
export function customerColumns(customers: readonly Customer[]): BronzeGroup {
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

/** The columns of a reviews file. */
export function reviewColumns(reviews: readonly Review[]): BronzeGroup {
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
