import assert from 'node:assert/strict'
import { nameTable } from '../../scripts/lakes/stage/query-stage.ts'

describe('nameTable()', () => {
  const named = (sql: string) => nameTable(sql, '"db"."reviews"')

  it('puts the table in the place of silver.reviews', () => {
    assert.equal(named('SELECT 1 FROM silver.reviews r'), 'SELECT 1 FROM "db"."reviews" r')
    assert.equal(
      named('select * from SILVER . Reviews, silver.reviews'),
      'select * from "db"."reviews", "db"."reviews"',
    )
  })

  it('leaves texts, quoted names, comments and other names alone', () => {
    for (const sql of [
      "SELECT 'it''s silver.reviews'",
      'SELECT "silver.reviews" FROM t',
      'SELECT 1 -- silver.reviews',
      'SELECT /* silver.reviews */ 1',
      'SELECT * FROM quicksilver.reviews, silver.reviews_old',
    ]) {
      assert.equal(named(sql), sql)
    }
  })
})
