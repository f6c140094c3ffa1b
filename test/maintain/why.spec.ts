import assert from 'node:assert/strict'
import { AccessDenied } from '../../functions/base/errors.ts'
import { explainReview } from '../../functions/maintain/why/explain-review.ts'
import { codecs } from '../support/joining.ts'
import { World } from '../support/world.ts'

const review = (id: string, customer: string | null, stars = 5) => ({ review_id: id, customer_id: customer, stars })
const customer = (id: string, name: string) => ({ customer_id: id, customer_name: name })

/** The statuses that are told of a review, in the order of the places where it stands. */
async function statuses({ store, layout }: World, id: string): Promise<string[]> {
  const { stories } = await explainReview({ codecs, store, layout, id, column: 'review_id' })
  return stories.map(story => story.find(([name]) => name === 'status')?.[1] ?? 'no status')
}

async function status(world: World, id: string): Promise<string> {
  const [found = 'no story', ...more] = await statuses(world, id)
  assert.deepEqual(more, [])
  return found
}

describe('explainReview()', () => {
  let world: World
  before(async () => {
    world = new World()
    await world.addCustomers('c', [customer('1', 'one')])
    await world.addReviews('a', [
      review('kept', '1'),
      review('few', '1', 1),
      review('nobody', null),
      review('late', '2'),
      review('waits', '3'),
    ])
    await world.store.put('bronze/reviews/bad.parquet', new TextEncoder().encode('no Parquet, and no rows'))
    await world.run()
    await world.addCustomers('d', [customer('2', 'two')])
    await world.run()
    await world.addReviews('new', [review('fresh', '1')])
  })

  for (const [id, expected] of [
    ['kept', /^in silver: silver\/reviews\/ingest_date=.*part-00000\.parquet$/],
    ['few', /^filtered: r\.stars > 1 is false for it$/],
    ['nobody', /^left out: its join key is NULL/],
    ['late', /^parked at first; then by batch \d{8}T\d{6}Z-[0-9a-f]{8} in silver: silver\/reviews\/.*\.parquet$/],
    ['waits', /^parked since 2026-11-24T07:16:00.000Z: its customer 3 is not known yet \(/],
    ['fresh', /^not seen yet: no commit has its file/],
    ['unheard', /^no story$/],
  ] as const) {
    it(`explains a review that is ${id}`, async () => assert.match(await status(world, id), expected))
  }

  it('names the batch, the attempt and the customers that a review went through', async () => {
    const { stories } = await explainReview({ codecs, ...world, id: 'kept', column: 'review_id' })
    const names = stories.map(story => story.map(([name]) => name))
    assert.deepEqual(names, [['bronze', 'batch', 'attempt', 'customers', 'status']])
  })

  it('names the files that could not be searched, and why', async () => {
    const { unsearched } = await explainReview({ codecs, ...world, id: 'kept', column: 'review_id' })
    assert.deepEqual(unsearched, [
      {
        key: 'bronze/reviews/bad.parquet',
        reason: 'not a Parquet file: it does not end in PAR1, and looks like text, such as CSV',
      },
    ])
  })

  it('explains each row separately where an id occurs several times', async () => {
    const other = new World()
    await other.addCustomers('c', [customer('1', 'one'), customer('2', 'two'), customer('2', 'twice')])
    await other.addReviews('a', [review('x', '1', 1), review('x', '1'), review('x', '9'), review('x', '2')])
    await other.run()
    const told = await statuses(other, 'x')
    assert.match(told[0] ?? '', /^filtered: r\.stars > 1 is false/)
    assert.match(told[1] ?? '', /^in silver: \S+$/)
    assert.match(told[2] ?? '', /^parked since /)
    assert.match(told[3] ?? '', /^in silver: \S+, 2 rows, as many as customers have its key$/)
  })

  it('says that no customer has a key where unmatched reviews are dropped', async () => {
    const other = new World({ unmatched: 'drop' })
    await other.addCustomers('c', [customer('1', 'one')])
    await other.addReviews('a', [review('x', '9')])
    await other.run()
    assert.equal(await status(other, 'x'), 'left out: no customer has its key 9')
  })

  it('looks at what the batch made of it that took a parked review', async () => {
    const other = new World()
    await other.addCustomers('c', [customer('1', 'one')])
    await other.addReviews('a', [review('x', '2', 3), review('y', '2')])
    await other.run()
    other.sql = other.sql.replace('> 1', '> 4')
    await other.addCustomers('d', [customer('2', 'two')])
    await other.run()
    assert.match(
      await status(other, 'x'),
      /^parked at first; then by batch \S+ filtered: r\.stars > 4 is false for it$/,
    )
    assert.match(await status(other, 'y'), /^parked at first; then by batch \S+ in silver: /)
  })

  it('follows a review that was parked again, with another query', async () => {
    const other = new World()
    await other.addCustomers('c', [customer('1', 'one')])
    await other.addReviews('a', [review('x', '2')])
    await other.run()
    await other.addCustomers('d', [customer('3', 'three')])
    await other.run()
    assert.match(await status(other, 'x'), /^parked since 2026-11-24T07:16/)
    await other.addCustomers('e', [customer('2', 'two')])
    const { done } = await other.run()
    assert.match(await status(other, 'x'), new RegExp(`^parked at first; then by batch ${done[0]} in silver: `))
  })

  it('takes no row of a changed file for one of the version that was joined', async () => {
    const other = new World()
    await other.addCustomers('c', [customer('1', 'one')])
    await other.addReviews('a', [review('x', '1'), review('y', '9')])
    await other.run()
    await other.addReviews('a', [review('x', '1', 1), review('y', '9', 1)])
    for (const id of ['x', 'y']) {
      assert.match(await status(other, id), /^not taken: its file has changed since/)
    }
    await other.run({ reprocess: { changed: true } })
    for (const id of ['x', 'y']) assert.match(await status(other, id), /^filtered: r\.stars > 1 is false/)
  })

  it('finds the column in whatever case it is asked for', async () => {
    const { stories } = await explainReview({ codecs, ...world, id: 'kept', column: 'Review_ID' })
    assert.equal(stories.length, 1)
  })

  it('finds what silver and the parked rows have of a bronze file that is gone or has changed', async () => {
    const other = new World()
    await other.addCustomers('c', [customer('1', 'one')])
    const ids = [review('x', '1'), review('w', '3'), review('l', '2'), review('f', '1', 1)]
    const gone = await other.addReviews('a', ids)
    await other.run()
    await other.addCustomers('d', [customer('2', 'two')])
    await other.run()
    const tell = async (id: string) => {
      const { stories, lost } = await explainReview({ codecs, ...other, id, column: 'review_id' })
      const [story = [], ...more] = stories.map(each => new Map(each))
      assert.deepEqual(more, [])
      return { bronze: new Map(story).get('bronze'), status: new Map(story).get('status') ?? '', lost }
    }
    for (const [change, what] of [
      [() => other.addReviews('a', [review('new', '1')]), `${gone}, which has changed since`],
      [() => other.store.delete(gone), `${gone}, which is gone`],
    ] as const) {
      await change()
      for (const [id, expected] of [
        ['x', /^in silver, as far as its id says: silver\/reviews\/\S+\.parquet$/],
        ['l', /^in silver, as far as its id says: silver\/reviews\/\S+\.parquet$/],
        ['w', /^parked since 2026-11-24T07:16:00.000Z: its customer 3 is not known yet \(/],
      ] as const) {
        const { bronze, status } = await tell(id)
        assert.equal(bronze, what)
        assert.match(status, expected)
      }
      assert.deepEqual(await tell('f'), { bronze: undefined, status: '', lost: 1 })
    }
    assert.equal(
      (await explainReview({ codecs, ...other, id: 'x', column: 'review_id', prefix: 'bronze/reviews/b' })).lost,
      0,
    )
  })

  it('refuses a column that no review has, with the one that may be meant', async () => {
    await assert.rejects(explainReview({ codecs, ...world, id: 'x', column: 'reviewid' }), {
      name: 'UsageError',
      message: '--column reviewid: the reviews have no such column; did you mean review_id?',
    })
    await assert.rejects(explainReview({ codecs, ...world, id: 'x', column: 'nope' }), {
      message: '--column nope: the reviews have no such column; there are review_id, customer_id and stars',
    })
  })

  it('goes by the id when the plan of the batch has gone', async () => {
    const other = new World()
    await other.addCustomers('c', [customer('1', 'one')])
    await other.addReviews('a', [review('x', '1'), review('y', '1', 1)])
    await other.run()
    for await (const { key } of other.store.list(`${other.layout.hidden}runs/`)) await other.store.delete(key)
    assert.match(await status(other, 'x'), /^in silver, as far as its id says: silver\/.*; the batch's plan or/)
    assert.match(await status(other, 'y'), /^left out by a condition, or because no customer has its key/)
  })

  it('explains a review whose parked file is gone, with the plan of its batch and without', async () => {
    const other = new World()
    await other.addCustomers('c', [customer('1', 'one')])
    await other.addReviews('a', [review('x', '2'), review('y', '1'), review('z', null), review('f', '1', 1)])
    await other.run()
    const remove = async (folder: string) => {
      for await (const { key } of other.store.list(`${other.layout.hidden}${folder}/`)) await other.store.delete(key)
    }
    await remove('parked')
    const expected =
      /^parked, as far as can be told, in silver\/\S+, which is gone: restore it, or write batch \S+ again$/
    assert.match(await status(other, 'x'), expected)
    assert.match(await status(other, 'y'), /^in silver/)
    assert.match(await status(other, 'z'), /^left out: its join key is NULL/)
    assert.match(await status(other, 'f'), /^filtered/)
    await remove('runs')
    assert.match(await status(other, 'x'), expected)
  })

  it('explains a file that is quarantined now', async () => {
    const other = new World()
    await other.addCustomers('c', [customer('1', 'one')])
    await other.addReviews('a', [review('a1', '1')])
    const good = await other.store.get(await other.addReviews('b', [review('b1', '1')]))
    await other.store.put('bronze/reviews/b.parquet', good.slice(0, -1))
    await other.run()
    await other.store.put('bronze/reviews/b.parquet', good) // repaired, and not taken yet
    assert.match(await status(other, 'b1'), /^quarantined: .* the next run tries it$/)
  })

  it('does not take a store that fails for one that has nothing', async () => {
    const store = Object.create(world.store, {
      get: {
        value: async () => {
          throw new AccessDenied('not allowed')
        },
      },
    })
    await assert.rejects(
      explainReview({ codecs, store, layout: world.layout, id: 'kept', column: 'review_id' }),
      AccessDenied,
    )
  })
})
