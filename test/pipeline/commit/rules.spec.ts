import assert from 'node:assert/strict'
import { readLog } from '../../../functions/log/read.ts'
import { aroundFirstCommit } from '../../support/first-commit.ts'
import { lastCommit, review, SELECT, STARS, worldOf } from '../../support/ruled-world.ts'
import type { World } from '../../support/world.ts'

const SHORT = 'CONSTRAINT short EXPECT (length(review_id) < 4)'
const FAIL = 'CONSTRAINT known EXPECT (stars <> 77) ON VIOLATION FAIL UPDATE'

const rejectedKeys = (world: World) => [...world.store.objects.keys()].filter(key => key.includes('/rejected/'))

describe('the commit of a batch with rules', () => {
  it('counts them over the files that break them, those of rows that waited too', async () => {
    const world = await worldOf(`${STARS}, ${SHORT}`)
    await world.addReviews('a', [review('late', 9, '9'), review('due', 5, '9')])
    await world.run()
    const waits = await lastCommit(world)
    assert.deepEqual(
      waits.rules?.map(({ violated }) => violated),
      [0, 0],
    )
    assert.equal('rejected' in waits, false)
    await world.addCustomers('d', [{ customer_id: '9', customer_name: 'nine' }])
    await world.addReviews('b', [review('b0', 5), review('b1', 0), review('long', 5)])
    await world.addReviews('c', [review('c0', 5)])
    await world.run()
    const { bronze, unparked, rules } = await lastCommit(world)
    assert.deepEqual(rules, [
      { name: 'valid_stars', action: 'drop', violated: 2 },
      { name: 'short', action: 'warn', violated: 2 },
    ])
    assert.deepEqual(
      [...bronze, ...unparked].map(({ broken, rows }) => [broken, rows.read]),
      [
        [
          [
            { name: 'valid_stars', violated: 1, rows: [1] },
            { name: 'short', violated: 1, rows: [2] },
          ],
          3,
        ],
        [undefined, 1],
        [
          [
            { name: 'valid_stars', violated: 1, rows: [0] },
            { name: 'short', violated: 1, rows: [0] },
          ],
          2,
        ],
      ],
    )
  })

  it('names the files of the rejected rows by their versions', async () => {
    const world = await worldOf(STARS)
    await world.addReviews('a', [review('a0', 9), review('a1', 5), review('a2', 0)])
    await world.run()
    const { rejected } = await lastCommit(world)
    const [key = '', ...others] = rejectedKeys(world)
    const { etag, size } = (await world.store.head(key)) ?? {}
    assert.deepEqual([rejected, others], [[{ key, etag, size, rows: 2 }], []])
  })

  it('is refused where a file does not hold the rows that it rejected', async () => {
    for (const [harm, message] of [
      [(world: World, key: string) => world.store.delete(key), /\/rejected\/\S+ is missing: start a new execution/],
      [
        async (world: World, key: string) => world.store.put(key, await world.store.get('bronze/customers/c.parquet')),
        /\/rejected\/\S+ holds 3 rows, its result says 1/,
      ],
    ] as const) {
      const world = await worldOf(STARS)
      await world.addReviews('a', [review('a0', 9)])
      const refused = aroundFirstCommit(world, async commit => {
        const [key = ''] = rejectedKeys(world)
        await harm(world, key)
        return commit()
      })
      await assert.rejects(refused, { name: 'ResultRefused', message })
    }
  })

  it('is not made where a rule is broken that fails', async () => {
    const world = await worldOf(FAIL)
    await world.addReviews('a', [review('a0', 5), review('a1', 77)])
    const failed = aroundFirstCommit(world, async commit => {
      await assert.rejects(commit(), {
        name: 'RuleViolated',
        message: /1 row of \S+\/a\.parquet breaks the rule known/,
      })
      return commit()
    })
    await assert.rejects(failed, { name: 'RuleViolated' })
    assert.equal((await readLog(world.store, world.layout)).state.version, -1)
  })

  it('is made where nothing breaks it, also in place of one before', async () => {
    const world = await worldOf(FAIL)
    await world.addReviews('a', [review('a0', 5)])
    await world.run()
    world.sql = `CONSTRAINT high EXPECT (stars > 5) ${SELECT}`
    await world.run({ reprocess: { all: true } })
    const { operation, rules } = await lastCommit(world)
    assert.deepEqual([operation, rules], ['replace', [{ name: 'high', action: 'warn', violated: 1 }]])
  })
})
