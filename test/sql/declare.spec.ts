import assert from 'node:assert/strict'
import { parseDeclarations } from '../../functions/sql/declare.ts'
import { parseType } from '../../functions/sql/type-text.ts'

describe('parseDeclarations()', () => {
  it('reads the tables of bronze.sql as people write them for Athena', () => {
    assert.deepEqual(
      parseDeclarations(`-- What the producers write.
CREATE EXTERNAL TABLE IF NOT EXISTS bronze_reviews (
  review_id string COMMENT 'unique',
  star_rating INT,
  \`order\` decimal(10, 2),
  tags array<struct<name:string, n:int>>
)
COMMENT 'one row a review'
PARTITIONED BY (region string)
STORED AS PARQUET
LOCATION 'bronze/reviews/';

create external table lake.bronze_customers (customer_id string) stored as parquet location 'bronze/customers'`),
      [
        {
          name: 'bronze_reviews',
          columns: [
            { name: 'review_id', type: 'string' },
            { name: 'star_rating', type: 'int' },
            { name: 'order', type: parseType('decimal(10,2)') },
            { name: 'tags', type: parseType('array<struct<name:string,n:int>>') },
            { name: 'region', type: 'string' },
          ],
          location: 'bronze/reviews',
        },
        { name: 'bronze_customers', columns: [{ name: 'customer_id', type: 'string' }], location: 'bronze/customers' },
      ],
    )
  })

  it('takes an empty text as no declarations', () => {
    assert.deepEqual(parseDeclarations('-- nothing yet\n;'), [])
  })

  const refusals: readonly (readonly [string, string])[] = [
    [
      'SELECT 1',
      'bronze.sql line 1, column 1: expected CREATE EXTERNAL TABLE, found SELECT; bronze.sql only declares the sources',
    ],
    [
      'CREATE EXTERNAL TABLE t (a strin) STORED AS PARQUET',
      'bronze.sql line 1, column 28: strin is not a type; there are boolean, tinyint, smallint, int, bigint, float, double, date, timestamp, string, binary, decimal(p,s)',
    ],
    [
      "CREATE EXTERNAL TABLE t (a int) STORED AS ORC LOCATION 'x'",
      'bronze.sql line 1, column 33: expected STORED AS PARQUET, found STORED',
    ],
    [
      'CREATE EXTERNAL TABLE t (a int) STORED AS PARQUET',
      'bronze.sql line 1, column 50: expected LOCATION after STORED AS PARQUET, found the end of the text',
    ],
    [
      "CREATE EXTERNAL TABLE t (a int, A string) STORED AS PARQUET LOCATION 'x'",
      'bronze.sql line 1, column 25: columns a and A differ only in case',
    ],
    [
      "CREATE EXTERNAL TABLE t (a int) STORED AS PARQUET LOCATION 'x'; CREATE EXTERNAL TABLE T (a int) STORED AS PARQUET LOCATION 'y'",
      'bronze.sql line 1, column 65: T is declared twice',
    ],
  ]
  for (const [sql, message] of refusals) {
    it(`refuses ${sql}`, () => assert.throws(() => parseDeclarations(sql), { name: 'InvalidQuery', message }))
  }
})
