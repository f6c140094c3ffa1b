import type { SchemaElement } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { Customer, Review } from './rows.ts'

type Type = 'string' | 'int' | 'timestamp'

/** Of timestamps Spark's TIMESTAMP_MICROS: hyparquet-writer does not write INT96, Spark's default. */
const ELEMENTS: Readonly<Record<Type, Omit<SchemaElement, 'name'>>> = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  int: { type: 'INT32' },
  timestamp: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MICROS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
  },
}

const CUSTOMER: Readonly<Record<keyof Customer, Type>> = {
  customer_id: 'string',
  customer_name: 'string',
  gender: 'string',
  date_of_birth: 'string',
  city: 'string',
  state: 'string',
}

const REVIEW: Readonly<Record<keyof Review, Type>> = {
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

/** A customers file. */
export function customersFile(customers: readonly Customer[]): Uint8Array<ArrayBuffer> {
  return bronzeFile(CUSTOMER, customers)
}

/** A reviews file. */
export function reviewsFile(reviews: readonly Review[]): Uint8Array<ArrayBuffer> {
  return bronzeFile(REVIEW, reviews)
}

/** A Parquet file of one row group of OPTIONAL columns with SNAPPY pages. */
function bronzeFile<Row extends object>(
  types: Readonly<Record<keyof Row & string, Type>>,
  rows: readonly Row[],
): Uint8Array<ArrayBuffer> {
  const names = Object.keys(types) as (keyof Row & string)[] // the keys of `types` are those of a row
  const leaf = (name: keyof Row & string): SchemaElement => ({
    name,
    repetition_type: 'OPTIONAL',
    ...ELEMENTS[types[name]],
  })
  return new Uint8Array(
    parquetWriteBuffer({
      schema: [{ name: 'spark_schema', num_children: names.length }, ...names.map(leaf)],
      columnData: names.map(name => ({ name, data: rows.map(row => row[name]) })),
      rowGroupSize: rows.length,
    }),
  )
}
