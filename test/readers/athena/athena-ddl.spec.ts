import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  addColumns,
  countRowsStatement,
  createTable,
  InvalidDdl,
} from '../../../functions/readers/athena/athena-ddl.ts'
import { parseType } from '../../../functions/sql/type-text.ts'
import { columns } from '../../support/compile-query.ts'

const name = { database: 'silver', table: 'reviews' }
const partition = {
  ingestDate: '2026-11-24',
  batch: '20261124T071500Z-3f9a12cd',
  location: 's3://lake/silver/reviews/a/b',
}

describe('createTable()', () => {
  it('quotes the names and partitions by ingest_date and batch', () => {
    const columnList = [
      ...columns('review_id, star_rating int, price decimal(10,2)'),
      { name: 'order by', type: 'date' as const },
    ]
    assert.equal(
      createTable(name, columnList, 's3://lake/silver/reviews', "the customers' reviews\nof all times"),
      `CREATE EXTERNAL TABLE IF NOT EXISTS \`silver\`.\`reviews\` (
  \`review_id\` string,
  \`star_rating\` int,
  \`price\` decimal(10,2),
  \`order by\` date
)
COMMENT 'the customers\\' reviews of all times'
PARTITIONED BY (\`ingest_date\` string, \`batch\` string)
STORED AS PARQUET
LOCATION 's3://lake/silver/reviews/'`,
    )
  })

  it('has no comment where there is none', () => {
    assert.doesNotMatch(createTable(name, columns('id'), 's3://lake/silver'), /COMMENT/)
  })

  it('cuts a comment at the limit of Glue, between characters', () => {
    const [, comment = ''] =
      /COMMENT '(.*)'/.exec(createTable(name, columns('id'), 's3://lake/x', '😀'.repeat(1000))) ?? []
    assert.equal(comment, '😀'.repeat(512))
  })

  it('lets no name, type, location or comment end its quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (hostile, comment) => {
        const attempts = [
          () => createTable(name, [{ name: hostile, type: 'int' }], 's3://lake/x', comment),
          () => createTable({ database: hostile, table: 'reviews' }, columns('id'), 's3://lake/x', comment),
          () => createTable(name, columns('id'), hostile, comment),
        ]
        for (const attempt of attempts) {
          try {
            const text = attempt()
            // Without quoted texts and names nothing is left but the statement's own words.
            const rest = text.replace(/`[^`]*`/g, '').replace(/'(?:[^'\\]|\\.)*'/gs, '')
            assert.match(rest, /^[A-Za-z (),.]+$/m)
            assert.doesNotMatch(rest, /['`;]/)
          } catch (error) {
            assert.ok(error instanceof InvalidDdl, String(error))
          }
        }
      }),
    )
  })

  it('takes nested types, and none that could be something else', () => {
    assert.match(
      createTable(name, [{ name: 'a', type: parseType('array<struct<x:int,y:string>>') }], 's3://l/x'),
      /array<struct<x:int,y:string>>/,
    )
  })

  it('leaves out a nested column with the name of a field that Athena cannot have, and keeps the others', () => {
    for (const type of ["struct<`x:int>) LOCATION 's3://evil`:int>", 'struct<`a:b`:int>', 'array<struct<a-b:int>>']) {
      const odd = { name: 'odd', type: parseType(type) }
      const statement = createTable(name, [...columns('id'), odd], 's3://l/x')
      assert.match(statement, /`id` string/)
      assert.doesNotMatch(statement, /odd|evil/)
      assert.equal(addColumns(name, [odd]), null)
    }
  })
})

describe('addColumns()', () => {
  it('adds what is missing, or nothing', () => {
    assert.equal(
      addColumns(name, columns('city, n int')),
      'ALTER TABLE `silver`.`reviews` ADD COLUMNS (`city` string, `n` int)',
    )
    assert.equal(addColumns(name, []), null)
  })
})

describe('countRows()', () => {
  it('counts per batch and prunes by date', () => {
    assert.equal(
      countRowsStatement(name, [partition]),
      `SELECT batch, count(*) AS "rows" FROM "silver"."reviews"
WHERE ingest_date IN ('2026-11-24')
AND batch IN ('20261124T071500Z-3f9a12cd') GROUP BY batch`,
    )
    assert.throws(() => countRowsStatement(name, []), InvalidDdl)
  })
})
