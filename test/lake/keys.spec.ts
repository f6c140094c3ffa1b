import assert from 'node:assert/strict'
import fc from 'fast-check'
import { passIds } from '../../functions/lake/ids.ts'
import { compareKeys, excerpt, isData, pathColumns } from '../../functions/lake/keys.ts'

describe('compareKeys()', () => {
  it('orders any keys by their UTF-8 bytes', () => {
    const key = fc.string({ unit: 'binary' }).filter(text => text.isWellFormed())
    fc.assert(
      fc.property(key, key, (a, b) => {
        assert.equal(Math.sign(compareKeys(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)))
      }),
    )
  })
})

describe('isData()', () => {
  it('is true for Parquet files outside hidden folders', () => {
    for (const name of ['a.parquet', 'x/y=_1/b.snappy.parquet', 'C.PARQUET', ' .parquet'])
      assert(isData(`b/${name}`, 'b/'), name)
    for (const name of [
      '_a.parquet',
      '.a.parquet',
      '_x/a.parquet',
      'x/.y/a.parquet',
      'a.csv',
      'a.parquet.crc',
      'x/',
      '',
    ]) {
      assert(!isData(`b/${name}`, 'b/'), name)
    }
    assert(!isData('other/a.parquet', 'b/'))
  })
})

describe('pathColumns()', () => {
  it('reads key=value segments, decoded, including NULL but not the file name', () => {
    assert.deepEqual(
      { ...pathColumns('r/year=2024/city=New%20York/n=__HIVE_DEFAULT_PARTITION__/plain/a=b.parquet', 'r/') },
      { year: '2024', city: 'New York', n: null },
    )
    assert.deepEqual({ ...pathColumns('r/x=100%/y=a=b/=z/f.parquet', 'r/') }, { x: '100%', y: 'a=b' })
  })

  it('takes no name for a property of its own', () => {
    const columns = pathColumns('r/__proto__=x/f.parquet', 'r/')
    assert.deepEqual(Object.keys(columns), ['__proto__'])
  })
})

describe('excerpt()', () => {
  it('is one short line whatever the key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), text => {
        assert(!excerpt(text).includes('\n') && excerpt(text).length <= 201)
      }),
    )
  })
})

describe('passIds()', () => {
  it('gives the same ids for the same pass, and others for another', async () => {
    const time = Date.UTC(2026, 10, 24, 7, 15, 0)
    const ids = await passIds('run-1', 0, time)
    assert.deepEqual(ids, await passIds('run-1', 0, time))
    assert.match(ids.batch, /^20261124T071500Z-[0-9a-f]{8}$/)
    assert.match(ids.attempt, /^20261124T071500Z-[0-9a-f]{16}$/)
    assert.equal(ids.ingestDate, '2026-11-24')
    for (const other of [
      await passIds('run-1', 1, time),
      await passIds('run-2', 0, time),
      await passIds('run-1', 0, time + 1000),
    ]) {
      assert.notEqual(other.attempt, ids.attempt)
      assert.notEqual(other.batch, ids.batch)
    }
  })
})
