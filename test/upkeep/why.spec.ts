import assert from 'node:assert/strict'
import { explainReview } from '../../scripts/upkeep/why.ts'
import { World } from '../support/world.ts'

const review = (id: string, customer: string | null, stars = 5) => ({ review_id: id, customer_id: customer, stars })

describe('why', () => {
  let world: World
  before(async () => {
    world = new World()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    await world.addReviews('a', [
      review('kept', '1'),
      review('few', '1', 1),
      review('nobody', null),
      review('late', '2'),
      review('waits', '3'),
    ])
    await world.store.put('bronze/reviews/bad.parquet', new TextEncoder().encode('no Parquet, and no rows'))
    await world.run()
    await world.addCustomers('d', [{ customer_id: '2', customer_name: 'two' }])
    await world.run()
    await world.addReviews('new', [review('fresh', '1')])
  })

  /** The status that is told of a review. */
  async function status(id: string): Promise<string> {
    const [story, ...more] = await explainReview({ store: world.store, layout: world.layout, id, column: 'review_id' })
    assert.deepEqual(more, [])
    return story?.find(([name]) => name === 'status')?.[1] ?? 'no story'
  }

  const cases: [string, RegExp][] = [
    ['kept', /^in silver: silver\/reviews\/ingest_date=.*part-00000\.parquet$/],
    ['few', /^filtered: r\.stars > 1 is false for it$/],
    ['nobody', /^left out: its join key is NULL/],
    ['late', /^parked at first, taken into silver by batch \d{8}T\d{6}Z-/],
    ['waits', /^parked since 2026-11-24T07:16:00.000Z: its customer is not known yet/],
    ['fresh', /^not seen yet: no commit has its file/],
    ['unheard', /^no story$/],
  ]
  for (const [id, expected] of cases) {
    it(`tells of a review that is ${id}`, async () => assert.match(await status(id), expected))
  }

  it('tells the batch, the attempt and the customers that a review went through', async () => {
    const [story = []] = await explainReview({
      store: world.store,
      layout: world.layout,
      id: 'kept',
      column: 'review_id',
    })
    assert.deepEqual(
      story.map(([name]) => name),
      ['bronze', 'batch', 'attempt', 'customers', 'status'],
    )
  })

  it('tells of a file that is quarantined now', async () => {
    const other = new World()
    await other.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    await other.addReviews('a', [review('a1', '1')])
    await other.addReviews('b', [review('b1', '1')])
    const good = await other.store.get('bronze/reviews/b.parquet')
    await other.store.put('bronze/reviews/b.parquet', good.slice(0, -1))
    await other.run()
    await other.store.put('bronze/reviews/b.parquet', good) // repaired, and not taken yet
    const [story = []] = await explainReview({
      store: other.store,
      layout: other.layout,
      id: 'b1',
      column: 'review_id',
    })
    assert.match(story.find(([name]) => name === 'status')?.[1] ?? '', /^quarantined/)
  })
})
