import assert from 'node:assert/strict'
import { unionSchemas } from '../../functions/query/bind.ts'
import { columns } from '../support/compile-query.ts'

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
    assert.deepEqual(misfits, [{ key: 'b', reason: 'column n is int here and string in the other files' }])
  })

  it('keeps the type of earlier batches, though all files of this one have another', () => {
    const { misfits } = unionSchemas([file('a', 'n string')], columns('n int'))
    assert.deepEqual(misfits, [{ key: 'a', reason: 'column n is string here and int in the other files' }])
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
    assert.deepEqual(misfits, [{ key: 'a', reason: 'the path has hour=late, which is no int' }])
  })
})
