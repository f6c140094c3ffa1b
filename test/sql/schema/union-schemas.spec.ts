import assert from 'node:assert/strict'
import { unionSchemas } from '../../../functions/sql/schema/bind.ts'
import { columns } from '../../support/compile-query.ts'

const file = (key: string, text: string, path: Record<string, string | null> = {}) => ({
  key,
  columns: text === '' ? [] : columns(text),
  path,
})

describe('unionSchemas()', () => {
  it('keeps the order in which columns come up, and takes names in any case as one', () => {
    const { columns: united, misfits } = unionSchemas([file('a', 'id, stars int'), file('b', 'STARS int, body')])
    assert.deepEqual(united, columns('id, stars int, body'))
    assert.deepEqual(misfits, [])
  })

  it('makes each column as wide as its widest file', () => {
    const { columns: united, misfits } = unionSchemas([
      file('a', 'n int'),
      file('b', 'n bigint'),
      file('c', 'n tinyint'),
    ])
    assert.deepEqual(united, columns('n bigint'))
    assert.deepEqual(misfits, [])
  })

  it('never makes a double of a bigint, which would be rounded: of the two, what most files can be read as stays', () => {
    const files = (...types: string[]) => types.map((type, i) => file(`f${i}`, `n ${type}`))
    const wide = unionSchemas(files('bigint', 'double'))
    assert.deepEqual(wide.columns, columns('n bigint'))
    assert.deepEqual(wide.misfits, [{ key: 'f1', reason: 'column n is double here and bigint in f0' }])
    const most = unionSchemas(files('int', 'double', 'bigint', 'bigint'))
    assert.deepEqual(most.columns, columns('n bigint'))
    assert.deepEqual(
      most.misfits.map(({ key }) => key),
      ['f1'],
    )
    assert.deepEqual(unionSchemas(files('float', 'int')).misfits.length, 1)
    assert.deepEqual(unionSchemas(files('int', 'double')).columns, columns('n double'))
  })

  it('takes whole numbers of a path beyond an int for text where others have fractions', () => {
    const paths = (...values: string[]) => unionSchemas(values.map((n, i) => file(`f${i}`, '', { n }))).columns
    assert.deepEqual(paths('9007199254740993', '1.5'), columns('n string'))
    assert.deepEqual(paths('7', '1.5'), columns('n double'))
    assert.deepEqual(paths('9007199254740993', '7'), columns('n bigint'))
  })

  it('leaves out the files that clash with most others, naming both types', () => {
    const { columns: united, misfits } = unionSchemas([
      file('a', 'n string, odd'),
      file('b', 'n int'),
      file('c', 'n int'),
    ])
    assert.deepEqual(united, columns('n int'))
    assert.deepEqual(misfits, [{ key: 'a', reason: 'column n is string here and int in the other files' }])
  })

  it('takes the first of two types that as many files have', () => {
    const { misfits } = unionSchemas([file('a', 'n string'), file('b', 'n int')])
    assert.deepEqual(misfits, [{ key: 'b', reason: 'column n is int here and string in a' }])
  })

  it('keeps the type of earlier batches, though all files of this one have another', () => {
    const { misfits } = unionSchemas([file('a', 'n string'), file('b', 'n string')], columns('n int'))
    const reason = 'column n is string here and int in earlier batches'
    assert.deepEqual(misfits, [
      { key: 'a', reason },
      { key: 'b', reason },
    ])
  })

  it('names the files that have a type which most of the others can be read as, and do not have', () => {
    const files = ['bigint', 'double', 'int', 'int', 'int'].map((type, i) => file(`f${i}`, `n ${type}`))
    const { misfits } = unionSchemas(files)
    assert.deepEqual(misfits, [{ key: 'f1', reason: 'column n is double here and bigint in f0' }])
    const many = unionSchemas([...files, file('g', 'n bigint'), file('h', 'n bigint')])
    assert.deepEqual(many.misfits, [{ key: 'f1', reason: 'column n is double here and bigint in f0, g and 1 more' }])
  })

  it('leaves out a file whose columns differ only in case', () => {
    const { columns: united, misfits } = unionSchemas([file('a', 'id, Id'), file('b', 'id')])
    assert.deepEqual(united, columns('id'))
    assert.deepEqual(misfits, [{ key: 'a', reason: 'columns id and Id differ only in case' }])
  })

  it('adds the path segments last, with the types that Spark finds in them', () => {
    const path = { year: '2014', day: '2014-01-05', rate: '1.5', region: 'eu', none: null }
    assert.deepEqual(
      unionSchemas([file('a', 'id', path)]).columns,
      columns('id, year int, day date, rate double, region, none'),
    )
  })

  it('lets a path segment decide the type of a column that the file has too, in its place', () => {
    assert.deepEqual(unionSchemas([file('a', 'year string, id', { year: '2014' })]).columns, columns('year int, id'))
  })

  it('takes a segment as text once one file has text in it', () => {
    const { columns: united } = unionSchemas([file('a', 'id', { hour: '7' }), file('b', 'id', { hour: 'late' })])
    assert.deepEqual(united, columns('id, hour'))
  })

  it('leaves out a file whose segment does not read as the type of earlier batches', () => {
    const { misfits } = unionSchemas([file('a', 'id', { hour: 'late' })], columns('id, hour int'))
    assert.deepEqual(misfits, [{ key: 'a', reason: "the path has hour=late, which can't be read as int" }])
  })
})
