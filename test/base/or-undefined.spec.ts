import assert from 'node:assert/strict'
import { ObjectChanged, ObjectMissing } from '../../functions/base/errors.ts'
import { orUndefined } from '../../functions/base/or-undefined.ts'

describe('orUndefined()', () => {
  it('gives what the promise gives', async () => {
    assert.equal(await orUndefined(Promise.resolve(1), ObjectMissing), 1)
  })

  it('gives undefined for an error of one of the classes', async () => {
    const work = Promise.reject(new ObjectMissing('gone'))
    assert.equal(await orUndefined(work, ObjectChanged, ObjectMissing), undefined)
  })

  it('throws any other error', async () => {
    const error = new ObjectChanged('another')
    await assert.rejects(orUndefined(Promise.reject(error), ObjectMissing), error)
    await assert.rejects(orUndefined(Promise.reject(error)), error)
  })
})
