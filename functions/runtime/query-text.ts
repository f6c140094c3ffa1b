import { readFile } from 'node:fs/promises'
import type { QueryText } from '../planning/draft.ts'
import { setting } from './environment.ts'

/** Reads silver.sql, which is deployed beside the code. */
export async function readQueryText(): Promise<QueryText> {
  const directory = setting('LAMBDA_TASK_ROOT', '.')
  return {
    sql: await readFile(`${directory}/silver.sql`, 'utf8'),
    reviewsView: setting('REVIEWS_VIEW', 'bronze_reviews'),
    customersView: setting('CUSTOMERS_VIEW', 'bronze_customers'),
  }
}
