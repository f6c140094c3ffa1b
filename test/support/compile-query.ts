import { type CompileRequest, compileQuery } from '../../functions/sql/compile.ts'
import type { CompiledQuery } from '../../functions/sql/compiled.ts'
import { InvalidQuery } from '../../functions/sql/invalid.ts'
import { parseType } from '../../functions/sql/type-text.ts'
import type { Column } from '../../functions/sql/types.ts'

/** Columns from `name type, name type`. */
export function columns(text: string): Column[] {
  return text.split(/, (?![^(<]*[)>])/).map(part => {
    const [name = '', type = 'string'] = part.split(' ')
    return { name, type: parseType(type) }
  })
}

export const REVIEWS = columns(
  'marketplace, customer_id, review_id, product_id, product_title, star_rating int, helpful_votes int, verified_purchase, review_timestamp timestamp, purchase_date, price decimal(10,2)',
)
export const CUSTOMERS = columns('customer_id, customer_name, gender, date_of_birth, city, state')

/** 2026-11-24T07:15:00Z. */
export const NOW = 1_795_504_500_000_000n

export function request(sql: string, reviews: readonly Column[] = REVIEWS, customers = CUSTOMERS): CompileRequest {
  return {
    sql,
    reviews: { view: 'bronze_reviews', columns: reviews },
    customers: { view: 'bronze_customers', columns: customers },
    now: NOW,
  }
}

/** Compiles a query over REVIEWS (`r`) and CUSTOMERS (`c`). */
export function compile(sql: string, reviews: readonly Column[] = REVIEWS): Promise<CompiledQuery> {
  return compileQuery(request(sql, reviews))
}

/** The message of the InvalidQuery that compiling throws. */
export async function refusal(sql: string, reviews: readonly Column[] = REVIEWS): Promise<string> {
  try {
    await compile(sql, reviews)
  } catch (error) {
    if (error instanceof InvalidQuery) return error.message
    throw error
  }
  throw new Error(`not refused: ${sql}`)
}
