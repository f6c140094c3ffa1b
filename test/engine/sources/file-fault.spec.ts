import assert from 'node:assert/strict'
import { StoreUnavailable } from '../../../functions/base/errors.ts'
import { blame, blaming, fromStore, SourceGone, UnreadableFile } from '../../../functions/engine/sources/file-fault.ts'
import { columnsOf, readFooter } from '../../../functions/parquet/metadata/footer.ts'
import { findCulprit } from '../../../functions/pipeline/join/culprit.ts'
import { goodFile } from '../../support/bad-files.ts'
import { joinQuery } from '../../support/compiled-queries.ts'
import { Faults } from '../../support/faulty-store.ts'
import { codecs } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'
import { World } from '../../support/world.ts'

describe('blaming()', () => {
  it('blames a file for whatever goes wrong while it is read, in one line', async () => {
    const fail = () => {
      throw new TypeError(`no\nlevels ${'x'.repeat(1000)}`)
    }
    const error = await blaming('a.parquet', fail).catch(each => each)
    assert(error instanceof UnreadableFile)
    assert.equal(error.key, 'a.parquet')
    assert.match(error.reason, /^reading it failed: no levels x+…$/)
    assert.equal(error.reason.length, 280)
  })

  it('blames no file for an error of the store, nor for one that names a file already', () => {
    for (const error of [
      new StoreUnavailable('away'),
      new SourceGone('b.parquet', 'it is gone'),
      fromStore(new Error('EIO')),
    ]) {
      assert.equal(blame('a.parquet', error), error)
    }
  })
})

describe('findCulprit()', () => {
  it('finds the file behind an error that names none, and nothing if all can be joined', async () => {
    const good = sourceOf('good', goodFile())
    const columns = columnsOf(await readFooter(good))
    const query = { ...joinQuery(columns, []), dimensions: [], joins: [] }
    const bad = { ...sourceOf('bad', goodFile()), read: () => Promise.reject(new TypeError('odd')) }
    assert.equal(await findCulprit({ query, dimensions: [] }, [good, sourceOf('too', goodFile())], codecs), undefined)
    const fault = await findCulprit({ query, dimensions: [] }, [good, bad], codecs)
    assert(fault instanceof UnreadableFile)
    assert.equal(fault.message, 'bad: reading it failed: odd')
  })
})

describe('an error of the store without a name', () => {
  it('fails the run and quarantines nothing, whether reading or writing', async () => {
    for (const name of ['get', 'write'] as const) {
      const world = new World()
      await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
      await world.addReviews('a', [{ review_id: 'a1', customer_id: '1', stars: 5 }])
      const faults = new Faults(operation =>
        operation.name === name && operation.key.includes(name === 'get' ? 'a.parquet' : 'part-')
          ? { when: 'before', error: new Error('EIO') }
          : undefined,
      )
      await assert.rejects(world.run({}, { faults }), /EIO/)
      assert.deepEqual(await world.settled(), [])
    }
  })
})
