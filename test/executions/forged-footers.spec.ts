import assert from 'node:assert/strict'
import fc from 'fast-check'
import { DimensionUnreadable } from '../../functions/base/errors.ts'
import { forgedColumns, forgedFile } from '../support/forged-files.ts'
import { World } from '../support/world.ts'

const QUERIES = [
  'SELECT * FROM bronze_reviews',
  'SELECT review_id, x FROM bronze_reviews',
  "SELECT review_id FROM bronze_reviews WHERE review_id <> 'nobody'",
  'SELECT r.*, c.customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id',
  'SELECT r.review_id, c.customer_name FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.customer_id = c.customer_id',
]
const GOOD = [{ review_id: 'good', customer_id: '1', stars: 5 }]
const CUSTOMERS = [{ customer_id: '1', customer_name: 'one' }]

describe('a file with a forged footer', () => {
  it('is joined or named, whatever its schema and its chunks claim, and stops no other', async () => {
    const fates = new Set<string>()
    const property = fc.asyncProperty(fc.constantFrom(...QUERIES), forgedColumns, async (sql, columns) => {
      const world = new World({ sql: sql.replace(', x ', ', stars '), unmatched: 'drop' })
      await world.addCustomers('c', CUSTOMERS)
      // two, so that their types are those of most files
      for (const name of ['good-1', 'good-2']) await world.addReviews(name, GOOD)
      await world.store.put('bronze/reviews/forged.parquet', await forgedFile(columns))
      await world.run()
      const settled = await world.settled()
      const reasonOf = (name: string) => settled.find(line => line.startsWith(`bronze/reviews/${name}.parquet `))
      for (const name of ['good-1', 'good-2']) assert.match(reasonOf(name) ?? '', / $/, 'the good file is joined')
      assert.ok((await world.silver()).some(row => row.includes('"good"')))
      const fate = reasonOf('forged')
      assert.ok(fate, 'the forged file is joined or named')
      fates.add(fate.endsWith(' ') ? 'joined' : 'named')
    })
    await fc.assert(property, { numRuns: 120 })
    assert.deepEqual([...fates].sort(), ['joined', 'named'])
  })

  it('is named where it is one of the customers and the query needs it, and is nothing to a query that does not', async () => {
    const property = fc.asyncProperty(forgedColumns, fc.boolean(), async (columns, all) => {
      const world = new World({ unmatched: 'drop' })
      world.sql = `SELECT r.review_id, ${all ? 'c.*' : 'c.review_id AS by_whom'} FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id`
      if (all) world.sql = world.sql.replace('r.review_id, ', 'r.stars, ')
      await world.addReviews('good', GOOD)
      await world.store.put('bronze/customers/forged.parquet', await forgedFile(columns))
      try {
        await world.run()
      } catch (error) {
        assert.ok(error instanceof Error)
        const isNamed =
          error instanceof DimensionUnreadable && error.message.includes('bronze/customers/forged.parquet')
        assert.ok(isNamed || (error.name === 'InvalidQuery' && all), `${error.name}: ${error.message}`)
      }
    })
    await fc.assert(property, { numRuns: 80 })
  })
})
