import assert from 'node:assert/strict'
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

  it('tells of a copy, and how to take its rows out', async () => {
    await world.addReviews('b', [review('a')])
    const found = await copies(world)
    assert.deepEqual(found, [{ key: 'bronze/reviews/b.parquet', of: 'bronze/reviews/a.parquet' }])
    assert.equal(
      copiedLines(found).join('\n'),
      'warning: 1 new file is a copy of joined files, so silver has those rows twice: bronze/reviews/b.parquet of ' +
        'bronze/reviews/a.parquet; to take them out, put a Parquet file without rows in the place of each copy and write ' +
        'npx silversmith backfill --changed',
    )
    await world.addReviews('b', [])
    await world.run({ reprocess: { changed: true } })
    assert.equal((await world.silver()).length, 1)
  })

  it('tells of two that came together once', async () => {
    await world.addReviews('x', [review('x')])
    await world.addReviews('y', [review('x')])
    assert.deepEqual(await copies(world), [{ key: 'bronze/reviews/y.parquet', of: 'bronze/reviews/x.parquet' }])
  })

  it('takes no file of the same size for a copy', async () => {
    await world.addReviews('b', [review('b')])
    assert.deepEqual(await copies(world), [])
  })
})
