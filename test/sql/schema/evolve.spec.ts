import assert from 'node:assert/strict'
import { evolve, spelledAs } from '../../../functions/sql/schema/evolve.ts'
import { columns } from '../../support/compile-query.ts'

describe('evolve()', () => {
  it('takes the query as the schema of an empty table', () => {
    assert.deepEqual(evolve([], columns('id, d date')), { fits: true, schema: columns('id, d date'), added: [] })
  })

  it('adds new columns at the end, and keeps those that the query has no more', () => {
    assert.deepEqual(evolve(columns('id, city'), columns('ID, stars int')), {
      fits: true,
      schema: columns('id, city, stars int'),
      added: columns('stars int'),
    })
  })

  it('never changes a type', () => {
    assert.deepEqual(evolve(columns('id, stars int'), columns('stars bigint')), {
      fits: false,
      reason:
        "column stars is int in silver.reviews and bigint in the query; a type can't change: CAST it to int, give it another name, or start a new table and process bronze again",
    })
  })

  it('adds no date, because Athena cannot', () => {
    assert.deepEqual(evolve(columns('id'), columns('id, day date')), {
      fits: false,
      reason:
        "column day is a date, and Athena can't add a date to a table; write CAST(… AS timestamp) or CAST(… AS string) for it, or start a new table and process bronze again",
    })
  })
})

describe('spelledAs()', () => {
  it('gives columns the names of the table, and leaves those alone that it does not have', () => {
    const query = columns('CITY, Stars int, Émile').map(column => ({ ...column, nullable: true }))
    assert.deepEqual(
      spelledAs(columns('stars int, city, émile'), query),
      columns('city, stars int, émile').map(column => ({ ...column, nullable: true })),
    )
    assert.deepEqual(spelledAs([], query), query)
  })
})
