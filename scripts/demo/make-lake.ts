import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { TEMPORARY } from '../../functions/adapters/directory/temporary-files.ts'
import { count } from '../../functions/base/text.ts'
import { Layout } from '../../functions/lake/layout.ts'
import { customersFile, reviewsFile } from './bronze-file.ts'
import { makeCustomers, makeReviews } from './rows.ts'

const CUSTOMERS = 5000
const FILES = 20
const ROWS = 1000
const SEED = 20_261_124
const DAY = 86_400_000
/** The first review's time. */
const START = Date.UTC(2026, 9, 1)

/**
 * Makes the demo's bronze lake in a directory, the same one on every machine: what a streaming Spark job leaves of 20,000
 * reviews and 5,000 customers. It is made beside the directory, hidden, and appears as a whole. Returns what was made, in words.
 */
export async function makeLake(root: string): Promise<string> {
  const draft = join(dirname(root), `.${basename(root)}.${process.pid}.draft`)
  await rm(draft, { recursive: true, force: true })
  await mkdir(dirname(draft), { recursive: true })
  const store = new DirectoryStore(draft)
  const { roots } = new Layout()
  await store.put(`${roots.customers}part-00000-c000.snappy.parquet`, customersFile(makeCustomers(CUSTOMERS, SEED)))
  for (let file = 0; file < FILES; file++) {
    const reviews = makeReviews(ROWS, CUSTOMERS, START + file * DAY, SEED + 1 + file)
    const name = `part-${String(file).padStart(5, '0')}-c000.snappy.parquet`
    await store.put(`${roots.reviews}${name}`, reviewsFile(reviews))
  }
  for (const directory of [roots.customers, roots.reviews]) {
    await store.put(`${directory}_SUCCESS`, new Uint8Array(0))
    await rm(join(draft, directory, TEMPORARY), { recursive: true, force: true })
  }
  try {
    await rename(draft, root)
  } catch (error) {
    await rm(draft, { recursive: true, force: true }) // another process has made it in the meantime
    if (!(error instanceof Error && 'code' in error && ['ENOTEMPTY', 'EEXIST'].includes(String(error.code))))
      throw error
  }
  return `${count(FILES * ROWS)} reviews in ${FILES} files, ${count(CUSTOMERS)} customers`
}
