import { byteArrays, type PlainValues } from '../../functions/parquet/pages/plain-values.ts'
import { Random } from '../demo/random.ts'
import { Text } from './text.ts'

/** Columns of a row group: distinct values with a code for each row, or the values themselves. */
export type Columns = readonly {
  readonly name: string
  readonly type: 'string' | 'int' | 'timestamp'
  readonly values: PlainValues
  readonly codes: Int32Array | null
}[]

/** As many as the course data has. */
export const CUSTOMERS = 113_405
const PRODUCTS = 20_000

/** The id of a customer: eight digits. */
function customerId(index: number): string {
  return String(10_000_000 + ((index * 7919) % 89_999_999))
}

/** Customers with six string columns; the ids count from `first` on. */
export function benchCustomers(count: number, first = 0): Columns {
  const random = new Random(7 + first)
  const text = new Text(random)
  const names = Array.from({ length: 4000 }, () => capital(text.string(5)))
  const cities = Array.from({ length: 20_000 }, () => capital(text.string(9)))
  const states = Array.from({ length: 51 }, (_, i) => String.fromCharCode(65 + (i % 26), 65 + ((i * 7) % 26)))
  const genders = ['Female', 'Male', 'Non-binary']
  const days = Array.from({ length: 20_000 }, (_, i) =>
    new Date(-631_152_000_000 + i * 86_400_000).toISOString().slice(0, 10),
  )
  const pick = (list: readonly string[]) => coded(list, count, () => random.below(list.length))
  return [
    { name: 'customer_id', type: 'string', ...plain(count, row => customerId(first + row)) },
    {
      name: 'customer_name',
      type: 'string',
      ...plain(count, () => `${names[random.below(4000)]} ${names[random.below(4000)]}`),
    },
    { name: 'gender', type: 'string', ...pick(genders) },
    { name: 'date_of_birth', type: 'string', ...pick(days) },
    { name: 'city', type: 'string', ...pick(cities) },
    { name: 'state', type: 'string', ...pick(states) },
  ]
}

/** What reviews of all files refer to. */
export interface ProductCatalog {
  readonly text: Text
  readonly products: PlainValues
  readonly parents: PlainValues
  readonly titles: PlainValues
  readonly headlines: readonly string[]
  readonly customers: PlainValues
}

export function makeCatalog(): ProductCatalog {
  const random = new Random(11)
  const text = new Text(random)
  const code = (i: number) => (i * 7919 + 1_000_000).toString(36).toUpperCase().padStart(7, '0')
  return {
    text,
    products: strings(Array.from({ length: PRODUCTS }, (_, i) => `B00${code(i)}`)),
    parents: strings(Array.from({ length: PRODUCTS }, (_, i) => String(100_000_000 + i * 31_337))),
    titles: strings(Array.from({ length: PRODUCTS }, () => capital(text.string(10 + random.below(40))))),
    headlines: Array.from({ length: 64 }, () => capital(text.string(8))),
    customers: strings(Array.from({ length: CUSTOMERS }, (_, i) => customerId(i))),
  }
}

/** Reviews as the course's Spark job writes them to bronze: 72% are of a verified purchase. */
export function benchReviews(random: Random, rows: number, catalog: ProductCatalog): Columns {
  const { text, headlines } = catalog
  const product = new Int32Array(rows).map(() => random.skewed(PRODUCTS))
  const of = (values: PlainValues, codes: Int32Array) => ({ values, codes })
  const one = (...values: string[]) => coded(values, rows, () => random.below(values.length))
  const votes = Array.from({ length: 200 }, (_, i) => i)
  return [
    { name: 'marketplace', type: 'string', ...one('US') },
    {
      name: 'customer_id',
      type: 'string',
      ...of(
        catalog.customers,
        new Int32Array(rows).map(() => random.below(CUSTOMERS)),
      ),
    },
    {
      name: 'review_id',
      type: 'string',
      ...plain(rows, () => `R${random.text(13, '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')}`),
    },
    { name: 'product_id', type: 'string', ...of(catalog.products, product) },
    { name: 'product_parent', type: 'string', ...of(catalog.parents, product) },
    { name: 'product_title', type: 'string', ...of(catalog.titles, product) },
    { name: 'product_category', type: 'string', ...one('Digital_Video_Games') },
    { name: 'star_rating', type: 'int', ...numbers([1, 2, 3, 4, 5], rows, () => 4 - random.skewed(5)) },
    { name: 'helpful_votes', type: 'int', ...numbers(votes, rows, () => random.skewed(20)) },
    { name: 'total_votes', type: 'int', ...numbers(votes, rows, () => random.skewed(200)) },
    { name: 'vine', type: 'string', ...coded(['N', 'Y'], rows, () => (random.chance(0.01) ? 1 : 0)) },
    { name: 'verified_purchase', type: 'string', ...coded(['Y', 'N'], rows, () => (random.chance(0.72) ? 0 : 1)) },
    {
      name: 'review_headline',
      type: 'string',
      ...plain(rows, () =>
        random.chance(0.3) ? (headlines[random.skewed(64)] ?? '') : text.string(8 + random.below(40)),
      ),
    },
    { name: 'review_body', type: 'string', values: bodies(random, text, rows), codes: null },
    {
      name: 'purchase_date',
      type: 'string',
      ...one(...Array.from({ length: 30 }, (_, i) => `2015-08-${String(i + 1).padStart(2, '0')}`)),
    },
    { name: 'review_timestamp', type: 'timestamp', ...timestamps(rows) },
  ]
}

/** Bodies of 20 to some 6,000 bytes, most of them short. */
function bodies(random: Random, text: Text, rows: number): PlainValues {
  let bytes = new Uint8Array(rows * 420)
  const lengths = new Int32Array(rows)
  let at = 0
  for (let row = 0; row < rows; row++) {
    if (at + 8192 > bytes.length) {
      const larger = new Uint8Array(bytes.length * 2)
      larger.set(bytes)
      bytes = larger
    }
    const end = text.write(bytes, at, 20 + Math.floor(6000 * random.next() ** 22 + 150 * random.next() ** 2))
    lengths[row] = end - at
    at = end
  }
  return byteArrays(lengths, bytes.subarray(0, at))
}

/** INT96 instants of a micro-batch: the rows of a file arrive within seconds. */
function timestamps(rows: number): { values: PlainValues; codes: Int32Array } {
  const distinct = 60
  const view = new DataView(new ArrayBuffer(distinct * 12))
  for (let i = 0; i < distinct; i++) {
    view.setBigInt64(i * 12, 26_142_123_456_000n + BigInt(i) * 1_003_007_000n, true)
    view.setInt32(i * 12 + 8, 2_457_263, true)
  }
  const values = { width: 12, count: distinct, bytes: new Uint8Array(view.buffer) }
  return { values, codes: new Int32Array(rows).map((_, row) => Math.floor((row * distinct) / rows)) }
}

function coded(
  values: readonly string[],
  rows: number,
  code: () => number,
): { values: PlainValues; codes: Int32Array } {
  return { values: strings(values), codes: new Int32Array(rows).map(code) }
}

function plain(rows: number, value: (row: number) => string): { values: PlainValues; codes: null } {
  return { values: strings(Array.from({ length: rows }, (_, row) => value(row))), codes: null }
}

function numbers(
  values: readonly number[],
  rows: number,
  code: () => number,
): { values: PlainValues; codes: Int32Array } {
  const bytes = new Uint8Array(Int32Array.from(values).buffer)
  return { values: { width: 4, count: values.length, bytes }, codes: new Int32Array(rows).map(code) }
}

function strings(values: readonly string[]): PlainValues {
  const encoder = new TextEncoder()
  const encoded = values.map(value => encoder.encode(value))
  const lengths = Int32Array.from(encoded, bytes => bytes.length)
  const data = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
  let at = 0
  for (const bytes of encoded) {
    data.set(bytes, at)
    at += bytes.length
  }
  return byteArrays(lengths, data)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
