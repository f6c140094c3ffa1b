import { Random } from './random.ts'
import { FIRST_NAMES, LAST_NAMES, PLACES, STATES, WORDS } from './words.ts'

/** A review as the course's Spark job writes it to bronze; `review_timestamp` is in UTC microseconds. */
export interface Review {
  readonly marketplace: string
  readonly customer_id: string | null
  readonly review_id: string
  readonly product_id: string
  readonly product_parent: string
  readonly product_title: string
  readonly product_category: string
  readonly star_rating: number
  readonly helpful_votes: number
  readonly total_votes: number
  readonly vine: string
  readonly verified_purchase: string
  readonly review_headline: string | null
  readonly review_body: string
  readonly purchase_date: string
  readonly review_timestamp: bigint
}

export interface Customer {
  readonly customer_id: string
  readonly customer_name: string
  readonly gender: string | null
  readonly date_of_birth: string
  readonly city: string
  readonly state: string
}

const DIGITS = '0123456789'
const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const DAY = 86_400_000
/** 1 in 100 reviews is by a customer that the table does not have, 2 in 1,000 have no customer at all. */
const UNKNOWN = 0.01
const NO_CUSTOMER = 0.002

/** Makes customers; the same seed gives the same ones. */
export function makeCustomers(count: number, seed: number): Customer[] {
  const random = new Random(seed)
  return Array.from({ length: count }, (_, i) => ({
    customer_id: customerId(i),
    customer_name: `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`,
    gender: random.chance(0.01) ? null : random.pick(['F', 'M']),
    date_of_birth: day(Date.UTC(1940, 0, 1) + random.below(75 * 365) * DAY),
    city: `${random.pick(PLACES)} ${random.pick(LAST_NAMES).replace(/\W/g, '')}ville`,
    state: random.pick(STATES),
  }))
}

/** Makes reviews by `customers` customers of 2,000 products, written from `from` (UTC milliseconds) on. */
export function makeReviews(count: number, customers: number, from: number, seed: number): Review[] {
  const random = new Random(seed)
  return Array.from({ length: count }, () => makeReview(random, customers, from))
}

function makeReview(random: Random, customers: number, from: number): Review {
  const product = random.skewed(2000)
  const of = new Random(product)
  const rating = random.pick([5, 5, 5, 5, 5, 5, 4, 4, 3, 2, 1, 1])
  const total = random.chance(0.75) ? 0 : random.skewed(60)
  const written = from + random.below(30 * DAY)
  return {
    marketplace: 'US',
    customer_id: pickCustomer(random, customers),
    review_id: `R${random.text(13, CAPITALS)}`,
    product_id: `B00${of.text(7, CAPITALS)}`,
    product_parent: of.text(9, DIGITS),
    product_title: title(sentence(of, 2 + of.below(6))),
    product_category: 'Digital_Video_Games',
    star_rating: rating,
    helpful_votes: random.below(total + 1),
    total_votes: total,
    vine: random.chance(0.01) ? 'Y' : 'N',
    verified_purchase: random.chance(0.9) ? 'Y' : 'N',
    review_headline: random.chance(0.01) ? null : headline(random, rating),
    review_body: sentence(random, 1 + (random.chance(0.5) ? random.below(20) : random.skewed(300))),
    purchase_date: day(written - random.below(40) * DAY),
    review_timestamp: BigInt(written) * 1000n + BigInt(random.below(1000)),
  }
}

function pickCustomer(random: Random, customers: number): string | null {
  if (random.chance(NO_CUSTOMER)) return null
  return customerId(random.chance(UNKNOWN) ? customers + random.below(1000) : random.skewed(customers))
}

/** The id of customer number `index`: 8 digits, in no order. */
function customerId(index: number): string {
  return String(10_000_000 + ((index * 48_271) % 89_999_999))
}

function headline(random: Random, rating: number): string {
  if (random.chance(0.4)) return `${['One', 'Two', 'Three', 'Four', 'Five'][rating - 1]} Star${rating === 1 ? '' : 's'}`
  return title(sentence(random, 1 + random.below(7)))
}

function sentence(random: Random, words: number): string {
  return Array.from({ length: words }, () => WORDS[random.skewed(WORDS.length)]).join(' ')
}

function title(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

function day(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10)
}
