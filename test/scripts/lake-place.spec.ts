import assert from 'node:assert/strict'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { placeUri } from '../../scripts/lakes/lake-place.ts'
import { type LakeRecord, parseAthena, withOptions } from '../../scripts/lakes/lake-record.ts'
import { parseS3 } from '../../scripts/lakes/s3-address.ts'

const USAGE = { name: 'UsageError' }

describe('places', () => {
  it('are read from URIs as people and Spark write them', () => {
    for (const [text, bucket, prefix] of [
      ['s3://course', 'course', ''],
      ['s3://course/', 'course', ''],
      ['s3a://course/some/one', 'course', 'some/one/'],
      ['S3://course/x', 'course', 'x/'],
      ['S3N://my.bucket-1/some one/', 'my.bucket-1', 'some one/'],
    ] as const) {
      assert.deepEqual(parseS3(text), { bucket, prefix })
      assert.equal(placeUri(text), `s3://${bucket}/${prefix}`)
    }
    for (const text of ['lake', '/data/s3:/x', 'file:///data', 's3', 's3:/x']) assert.equal(parseS3(text), undefined)
  })

  it('are refused where they name no bucket, or segments that no store takes', () => {
    for (const text of [
      's3://',
      's3:///x',
      's3://UPPER/x',
      's3://a',
      's3://b_c/x',
      's3://course/a/../b',
      's3://course/a//b',
    ]) {
      assert.throws(() => parseS3(text), USAGE, text)
    }
  })

  it('in directories are told apart by where they are, not by how they are written', () => {
    const uri = `${pathToFileURL(resolve('landing'))}/`
    for (const text of ['landing', './landing/', join(resolve('.'), 'landing'), uri]) assert.equal(placeUri(text), uri)
  })
})

describe('what a lake was begun with', () => {
  const record: LakeRecord = { reviews: 's3://landing/in/', customers: null, athena: null }

  it('is the same, whatever way it is named again', () => {
    assert.deepEqual(withOptions(record, {}), record)
    assert.deepEqual(withOptions(record, { reviews: 's3a://landing/in' }), record)
    assert.deepEqual(withOptions(undefined, { reviews: 's3://landing/in' }), record)
  })

  it('may come to tell Athena, and then always of the same table', () => {
    const told = withOptions(record, { athena: 'w/d' })
    assert.deepEqual(told, { ...record, athena: 'w/d.reviews' })
    assert.deepEqual(withOptions(told, { athena: 'w/d.reviews' }), told)
    assert.throws(() => withOptions(told, { athena: 'w/other' }), {
      ...USAGE,
      message: /^this lake publishes to Athena by --athena w\/d\.reviews, which can't change/,
    })
  })

  it('names a workgroup, a database and a table', () => {
    assert.equal(parseAthena('my-group/data_base').text, 'my-group/data_base.reviews')
    assert.equal(parseAthena('g/d.t').table, 't')
    for (const text of ['', 'database', 'g/', 'g/d.', 'g/d/e', 'g/"d"', 'g/d;x', 'G/D']) {
      assert.throws(() => parseAthena(text), USAGE, text)
    }
  })
})
