import assert from 'node:assert/strict'
import { bind, pathValue, widener, widens } from '../../../functions/sql/schema/bind.ts'
import { parseType } from '../../../functions/sql/type-text.ts'
import { columns } from '../../support/compile-query.ts'

const view = (text: string) => ({ reviews: columns(text) })

describe('bind()', () => {
  it('finds columns by name in any case and takes a missing one as NULL', () => {
    assert.deepEqual(bind(view('review_id, stars int'), columns('REVIEW_ID'), {}), {
      fits: true,
      columns: [{ from: 'file', name: 'REVIEW_ID', type: 'string' }, { from: 'nowhere' }],
    })
  })

  it('takes a path segment before a column of the file, as Spark does', () => {
    assert.deepEqual(bind(view('day date, id'), columns('day, id'), { Day: '2014-01-05' }), {
      fits: true,
      columns: [
        { from: 'path', value: '2014-01-05' },
        { from: 'file', name: 'id', type: 'string' },
      ],
    })
  })

  it('names both types where a column does not fit', () => {
    assert.deepEqual(bind(view('stars int'), columns('stars string'), {}), {
      fits: false,
      reason: 'column stars is string here, and int is expected',
    })
  })

  it('refuses a file whose columns differ only in case', () => {
    assert.deepEqual(bind(view('id'), columns('id, ID'), {}), {
      fits: false,
      reason: 'columns id and ID differ only in case',
    })
  })

  it('refuses a path segment that is not a value of its type', () => {
    assert.deepEqual(bind(view('day date'), [], { day: 'soon' }), {
      fits: false,
      reason: "the path has day=soon, which can't be read as date",
    })
  })
})

describe('widens()', () => {
  it('widens whole numbers up to double, float to double, and decimals before the point', () => {
    const pairs = [
      ['tinyint', 'smallint'],
      ['int', 'bigint'],
      ['float', 'double'],
      ['decimal(5,2)', 'decimal(9,2)'],
      ['string', 'string'],
    ] as const
    for (const [from, to] of pairs) assert.ok(widens(parseType(from), parseType(to)), `${from} → ${to}`)
  })

  it('widens nothing else', () => {
    const pairs = [
      ['bigint', 'int'],
      ['bigint', 'double'],
      ['int', 'string'],
      ['int', 'float'],
      ['float', 'int'],
      ['date', 'timestamp'],
      ['decimal(5,2)', 'decimal(9,3)'],
      ['decimal(9,2)', 'decimal(5,2)'],
    ] as const
    for (const [from, to] of pairs) assert.ok(!widens(parseType(from), parseType(to)), `${from} → ${to}`)
  })

  it('has a widener where the values change', () => {
    assert.equal(widener('int', 'bigint')?.(5), 5n)
    assert.equal(widener('smallint', 'int'), null)
  })
})

describe('pathValue()', () => {
  it('reads a segment as the type of its column', () => {
    assert.equal(pathValue('07', 'int'), 7)
    assert.equal(pathValue('1970-01-02', 'date'), 1)
    assert.equal(pathValue(null, 'int'), null)
    assert.equal(pathValue('x', 'int'), undefined)
  })
})
