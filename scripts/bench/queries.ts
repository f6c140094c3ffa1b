import { print } from '../terminal/print.ts'
import { benchLake } from './lake.ts'
import { bundled, measureScript } from './own-process.ts'
import { median } from './report.ts'

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

/**
 * CPU seconds of queries over the 1,600,000 reviews of the lake `batches`, as a table in Markdown: the medians of so many runs, each
 * in a process of its own, in which the queries alternate.
 */
export async function measureQueries(runs: number): Promise<string> {
  await benchLake('batches')
  const script = await bundled('queries-run')
  const samples = new Map<string, Record<string, number>[]>()
  for (let run = 0; run < runs; run++) {
    for (const [name, sql] of Object.entries(QUERIES)) {
      const sample = await measureScript([script, sql])
      print(JSON.stringify({ part: 'queries', name, run, ...sample }))
      samples.set(name, [...(samples.get(name) ?? []), sample])
    }
  }
  const lines = [...samples].map(([name, each]) => {
    const { cpu = 0, join = 0 } = median(each)
    return `| ${name} | ${cpu.toFixed(2)} | ${join.toFixed(2)} |`
  })
  return ['| query | CPU s | of which joining |', '|---|---:|---:|', ...lines].join('\n')
}
