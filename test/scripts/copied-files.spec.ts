import assert from 'node:assert/strict'
import { sameContent } from '../../functions/adapters/directory/file-version.ts'
import { readLog } from '../../functions/log/read.ts'
import { copiedLines, findCopies } from '../../scripts/summary/copied-files.ts'
import { commitsOf } from '../../scripts/summary/summary.ts'
import { World } from '../support/world.ts'

const review = (id: string) => ({ review_id: id, customer_id: '1', stars: 5 })

async function copies(world: World) {
  const state = await world.run()
  const log = await readLog(world.store, world.layout)
  return findCopies(world, log, await commitsOf(world.store, world.layout, state))
}

describe('findCopies()', () => {
  let world: World
  beforeEach(async () => {
    world = new World()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    await world.addReviews('a', [review('a')])
    assert.deepEqual(await copies(world), [])
  })

  it('names a copy, and how to take its rows out', async () => {
    await world.addReviews('b', [review('a')])
    const found = await copies(world)
    assert.deepEqual(found, [{ key: 'bronze/reviews/b.parquet', of: 'bronze/reviews/a.parquet', gone: false }])
    assert.equal(
      copiedLines(found, ' --lake x').join('\n'),
      'warning: 1 new file is a copy of joined files, so silver has those rows twice: bronze/reviews/b.parquet of ' +
        'bronze/reviews/a.parquet; to take them out, put a Parquet file with the same columns and no rows in the place of each ' +
        'copy and write npx silversmith backfill --lake x --changed',
    )
    await world.addReviews('b', [])
    await world.run({ reprocess: { changed: true } })
    assert.equal((await world.silver()).length, 1)
  })

  it('names two that came together once', async () => {
    await world.addReviews('x', [review('x')])
    await world.addReviews('y', [review('x')])
    assert.deepEqual(await copies(world), [
      { key: 'bronze/reviews/y.parquet', of: 'bronze/reviews/x.parquet', gone: false },
    ])
  })

  it('says how the rows of a file with a new name are taken out', () => {
    const found = ['a', 'b'].map(name => ({ key: `${name}2.parquet`, of: `${name}.parquet`, gone: true }))
    assert.deepEqual(copiedLines(found, ''), [
      'warning: 2 new files have the content of joined files that are gone, as after a change of name, so silver has those ' +
        'rows twice: a2.parquet of a.parquet and b2.parquet of b.parquet; to take them out, give each file its old name ' +
        'back, put a Parquet file with the same columns and no rows in the place of the new name and write npx silversmith backfill --changed',
    ])
  })

  it('takes no file of the same size for a copy', async () => {
    await world.addReviews('b', [review('b')])
    assert.deepEqual(await copies(world), [])
  })
})

describe('sameContent()', () => {
  it('goes by the checksums of files, or by equal etags of objects', () => {
    const file = (time: string, checksum: string) => `${time}-15527-${time}-54821e${checksum}`
    assert.equal(sameContent(file('a1', '-9e762f01'), file('b2', '-9e762f01')), true)
    assert.equal(sameContent(file('a1', '-9e762f01'), file('b2', '-9e762f02')), false)
    assert.equal(sameContent(file('a1', '-9e762f01'), file('a2', '')), undefined)
    assert.equal(sameContent('"9e762f01"', '"9e762f01"'), true)
    assert.equal(sameContent('"9e762f01"', '"9e762f02"'), undefined, 'of encrypted objects etags tell nothing')
  })
})
