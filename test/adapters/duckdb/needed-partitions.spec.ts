import assert from 'node:assert/strict'
import { neededPartitions } from '../../../functions/adapters/duckdb/needed-partitions.ts'

/** Three batches of two days. */
const partitions = [
  ['2026-11-24', '20261124T071500Z-aaaaaaaa'],
  ['2026-11-24', '20261124T081500Z-bbbbbbbb'],
  ['2026-11-25', '20261125T071500Z-cccccccc'],
].map(([ingestDate = '', batch = '']) => ({
  ingestDate,
  batch,
  location: `ingest_date=${ingestDate}/batch=${batch}/1/`,
}))
const columns = [
  { name: 'review_id', type: 'string' },
  { name: 'star_rating', type: 'int' },
] as const

describe('the partitions that a statement needs', () => {
  for (const [sql, expected] of [
    ["SELECT * FROM silver.reviews WHERE ingest_date = '2026-11-25'", 'c'],
    ["SELECT COUNT(*) FROM silver.reviews WHERE ingest_date >= '2026-11-25' AND star_rating > 3", 'c'],
    ["SELECT * FROM silver.reviews WHERE batch IN ('20261124T071500Z-aaaaaaaa', 'none')", 'a'],
    ["SELECT * FROM silver.reviews WHERE batch LIKE '%b' OR ingest_date = '2026-11-25'", 'bc'],
    ["SELECT * FROM silver.reviews WHERE ingest_date = '2026-11-24' AND batch LIKE '%b'", 'b'],
    [
      "WITH r AS (SELECT * FROM silver.reviews) SELECT * FROM r WHERE batch LIKE '%a' UNION ALL SELECT * FROM r WHERE batch LIKE '%c'",
      'ac',
    ],
    ["SELECT * FROM silver.reviews a JOIN silver.reviews b USING (review_id) WHERE a.batch LIKE '%a'", 'abc'],
    ["SELECT * FROM silver.reviews WHERE star_rating = 1 OR ingest_date = '2026-11-25'", 'abc'],
    ['SELECT COUNT(*) FROM silver.reviews', 'abc'],
    ['SELECT MAX(batch) FROM silver.reviews', 'abc'],
    ['SELECT * FROM silver.reviews WHERE batch = (SELECT MAX(batch) FROM silver.reviews)', 'abc'],
    ['DESCRIBE silver.reviews', 'abc'],
    ["-- a remark\nSELECT * FROM silver.reviews WHERE ingest_date = '2026-11-25';", 'c'],
    ['SELECT FROM nothing', 'abc'],
  ] as const) {
    it(`are ${expected} of abc for ${sql.replaceAll('\n', ' ')}`, async () => {
      const needed = await neededPartitions(sql, { columns, comment: '', partitions })
      assert.equal(needed.map(({ batch }) => batch.at(-1)).join(''), expected)
    })
  }
})
