import assert from 'node:assert/strict'
import { printType } from '../../functions/sql/type-text.ts'
import { World } from '../support/world.ts'

const DECLARED = `
  CREATE EXTERNAL TABLE reviews (review_id string, customer_id string, stars bigint, headline string)
  STORED AS PARQUET LOCATION 's3://some-bucket/bronze/reviews/';
  CREATE EXTERNAL TABLE people (customer_id string, customer_name string, city string)
  STORED AS PARQUET LOCATION 'bronze/customers';`
const SQL = 'SELECT r.*, p.customer_name, p.city FROM reviews r JOIN people p ON r.customer_id = p.customer_id'

describe('bronze.sql', () => {
  let world: World
  beforeEach(async () => {
    world = new World({ sql: SQL })
    world.declarations = DECLARED
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    await world.addReviews('a', [{ review_id: 'a1', customer_id: '1', stars: 5 }])
  })

  it('names the views and their columns: what a file lacks is NULL, what is narrower is widened', async () => {
    await world.run()
    assert.deepEqual(
      (await world.silver()).map(row => JSON.parse(row)),
      [{ review_id: 'a1', customer_id: '1', stars: 5, headline: null, customer_name: 'one', city: null }],
    )
    assert.deepEqual(
      world.catalog.columns.map(({ name, type }) => `${name} ${printType(type)}`),
      [
        'review_id string',
        'customer_id string',
        'stars bigint',
        'headline string',
        'customer_name string',
        'city string',
      ],
    )
  })

  it('quarantines a file whose type does not fit', async () => {
    world.declarations = DECLARED.replace('stars bigint', 'stars string')
    await world.run()
    assert.deepEqual(await world.silver(), [])
    assert((await world.settled()).some(line => line.includes('column stars is int here, and string is expected')))
  })

  it('must fit the customers, which are needed whole', async () => {
    world.declarations = DECLARED.replace('customer_name string', 'customer_name int')
    await assert.rejects(world.run(), {
      name: 'DimensionUnreadable',
      message:
        'customers file bronze/customers/c.parquet: column customer_name is string, but int in bronze.sql: correct one of them (docs/troubleshooting.md#dimensionunreadable)',
    })
  })

  it('must place its tables in bronze', async () => {
    world.declarations = DECLARED.replace("'bronze/customers'", "'elsewhere/people'")
    await assert.rejects(world.run(), {
      name: 'InvalidInput',
      message: /people lies at elsewhere\/people: reviews lie at/,
    })
  })
})
