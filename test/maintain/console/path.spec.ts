import assert from 'node:assert/strict'
import { codecs } from '../../../functions/adapters/codecs.ts'
import { pathOf } from '../../../functions/maintain/console/path.ts'
import { explainReview } from '../../../functions/maintain/why/explain-review.ts'
import { World } from '../../support/world.ts'

describe('pathOf()', () => {
  it('says how far each review has come, and what would move it', async () => {
    const world = new World()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    const review = (review_id: string, customer_id: string | null, stars = 5) => ({ review_id, customer_id, stars })
    await world.addReviews('a', [
      review('in', '1'),
      review('few', '1', 1),
      review('waits', '2'),
      review('nobody', null),
    ])
    await world.run()
    await world.addReviews('b', [review('new', '1')])
    const pathTo = async (id: string) => {
      const { stories } = await explainReview({ ...world, codecs: codecs(), id, column: 'review_id' })
      const [path] = stories.map(pathOf)
      const stop = path?.steps.findLast(({ reached }) => reached !== 'not yet')
      return [stop?.place, path?.end, path?.move?.command]
    }
    assert.deepEqual(await pathTo('in'), ['silver', 'in silver', undefined])
    assert.deepEqual(await pathTo('few'), ['filters', 'out', undefined])
    assert.deepEqual(await pathTo('waits'), ['customer', 'waits', null])
    assert.deepEqual(await pathTo('nobody'), ['customer', 'out', undefined])
    assert.deepEqual(await pathTo('new'), ['bronze', 'waits', 'run'])
  })
})
