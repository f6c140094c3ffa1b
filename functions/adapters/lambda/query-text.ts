import { readFile } from 'node:fs/promises'
import type { QueryText } from '../../sql/declare.ts'
import { setting } from '../environment.ts'

/** Reads silver.sql and bronze.sql, which are deployed beside the code. */
export async function readQueryText(): Promise<QueryText> {
  const directory = setting('LAMBDA_TASK_ROOT', '.')
  return {
    sql: await readFile(`${directory}/silver.sql`, 'utf8'),
    declarations: await readIfThere(`${directory}/bronze.sql`),
    reviewsView: setting('REVIEWS_VIEW', 'bronze_reviews'),
    customersView: setting('CUSTOMERS_VIEW', 'bronze_customers'),
  }
}

/** A file's text; null if there is no such file. */
export async function readIfThere(path: string | URL): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
