import assert from 'node:assert/strict'
import { readLog } from '../../functions/log/read.ts'
import { ids, lastCommit, rejected, review, SELECT, STARS, worldOf } from '../support/ruled-world.ts'

describe('rules', () => {
  it('that drop keep rows out of silver, with the rules that they break and where they come from', async () => {
    const world = await worldOf(`${STARS}, CONSTRAINT short EXPECT (length(review_id) < 3)`)
    await world.addReviews('a', [
      review('a0', 5),
      review('a1', 9),
      review('a2', 0),
      review('long', 7),
      review('lang', 1),
    ])
    await world.run()
    assert.deepEqual(await ids(world), ['a0', 'lang'])
    assert.deepEqual(await rejected(world), [
      ['a1', 'valid_stars', 'a.parquet 1'],
      ['a2', 'valid_stars', 'a.parquet 2'],
      ['long', 'valid_stars, short', 'a.parquet 3'],
    ])
    const { rows, rules, bronze } = await lastCommit(world)
    assert.deepEqual(rules, [
      { name: 'valid_stars', action: 'drop', violated: 3 },
      { name: 'short', action: 'warn', violated: 2 },
    ])
    assert.deepEqual(rows, { read: 5, filtered: 0, nullKey: 0, unmatched: 0, matched: 2, written: 2, rejected: 3 })
    assert.deepEqual(bronze[0]?.broken, [
      { name: 'valid_stars', violated: 3, rows: [1, 2, 3] },
      { name: 'short', violated: 2, rows: [3, 4] },
    ])
  })

  it('that only count leave silver as it is, and write nothing beside it', async () => {
    const world = await worldOf('CONSTRAINT valid_stars EXPECT (stars BETWEEN 1 AND 5)')
    await world.addReviews('a', [review('a0', 5), review('a1', 9)])
    await world.run()
    assert.deepEqual(await ids(world), ['a0', 'a1'])
    const { rows, rules, rejected } = await lastCommit(world)
    assert.deepEqual(rules, [{ name: 'valid_stars', action: 'warn', violated: 1 }])
    assert.equal(rejected, undefined)
    assert.equal('rejected' in rows, false)
    assert.deepEqual(
      [...world.store.objects.keys()].filter(key => key.includes('/rejected/')),
      [],
    )
  })

  it('that fail commit nothing, and name the rule, a file and rows of it, and no value', async () => {
    const world = await worldOf('CONSTRAINT known EXPECT (stars <> 77) ON VIOLATION FAIL UPDATE')
    await world.addReviews('a', [review('a0', 5)])
    await world.addReviews(
      'b',
      [5, 77, 77, 2, 77, 77].map((stars, i) => review(`secret${i}`, stars)),
    )
    await world.addReviews('c', [review('c0', 77)])
    await assert.rejects(world.run(), (error: Error) => {
      assert.equal(error.name, 'RuleViolated')
      assert.match(
        error.message,
        /^batch \S+ is not committed: 4 rows of bronze\/reviews\/b\.parquet, and 1 row of 1 other file break the rule known; see there rows 1, 2 and 4, counted from 0/,
      )
      assert.doesNotMatch(error.message, /secret|77/)
      return true
    })
    assert.deepEqual(await ids(world), [])
    assert.equal((await readLog(world.store, world.layout)).state.version, -1)
    world.sql = SELECT
    await world.run()
    assert.equal((await ids(world)).length, 8)
  })

  it('that fail leave a batch that is written again as it is, and the others are written', async () => {
    const world = await worldOf('')
    for (const [name, stars] of [
      ['a', 5],
      ['b', 77],
      ['c', 5],
    ] as const) {
      await world.addReviews(name, [review(`${name}0`, stars)])
      await world.run()
    }
    world.sql = `CONSTRAINT known EXPECT (stars <> 77) ON VIOLATION FAIL UPDATE ${SELECT}`
    const again = world.run({ reprocess: { from: '2000-01-01', to: '2100-01-01' } })
    await assert.rejects(again, {
      name: 'ReplaceRefused',
      message: /1 row of bronze\/reviews\/b\.parquet breaks the rule known/,
    })
    assert.deepEqual(await ids(world), ['a0', 'b0', 'c0'])
    const { state } = await readLog(world.store, world.layout)
    assert.deepEqual(
      [...state.batches.values()].map(({ rules }) => rules?.length),
      [1, undefined, 1],
    )
  })

  it('are in full in the silver file, and in short in what Join returns', async () => {
    const returned: unknown[] = []
    const world = await worldOf(STARS)
    await world.addReviews('a', [review('a0', 9)])
    const { workers, store } = world.workers(world.store)
    const join = async (event: unknown) => {
      const result = await workers.join(event)
      returned.push(result)
      return result
    }
    await world.runWith({ ...workers, join }, store)
    assert.doesNotMatch(JSON.stringify(returned), /"broken"/)
    assert.match(JSON.stringify(returned), /"name":"valid_stars","action":"drop","violated":1/)
    assert.equal((await lastCommit(world)).bronze[0]?.broken?.length, 1)
  })

  it('are broken by NULL, unless they say otherwise', async () => {
    const left = SELECT.replace('JOIN', 'LEFT JOIN')
    const drop = 'ON VIOLATION DROP ROW'
    const world = await worldOf(`CONSTRAINT named EXPECT (customer_name <> 'two') ${drop}`, left)
    await world.addReviews('a', [review('a0', 5), review('a1', 5, null), review('a2', 5, 'nobody')])
    await world.run()
    assert.deepEqual(await ids(world), ['a0'])
    const { rows } = await lastCommit(world)
    assert.deepEqual(rows, { read: 3, filtered: 0, nullKey: 0, unmatched: 0, matched: 1, written: 1, rejected: 2 })
    const lenient = await worldOf(
      `CONSTRAINT named EXPECT (customer_name IS NULL OR customer_name <> 'two') ${drop}`,
      left,
    )
    await lenient.addReviews('a', [review('a0', 5), review('a1', 5, null)])
    await lenient.run()
    assert.deepEqual(await ids(lenient), ['a0', 'a1'])
  })

  it('judge each row that a customer who is there twice makes; a review is rejected with the last of its rows', async () => {
    const world = await worldOf("CONSTRAINT no_deux EXPECT (customer_name <> 'deux') ON VIOLATION DROP ROW", SELECT)
    await world.addReviews('a', [review('a0', 5, '2'), review('a1', 5)])
    await world.run()
    assert.deepEqual(await ids(world), ['a0', 'a1'])
    assert.deepEqual(await rejected(world), [['a0', 'no_deux', 'a.parquet 0']])
    const { rows } = await lastCommit(world)
    assert.deepEqual(rows, { read: 2, filtered: 0, nullKey: 0, unmatched: 0, matched: 2, written: 2 })
    world.sql = `CONSTRAINT none EXPECT (stars < 5) ON VIOLATION DROP ROW ${SELECT} WHERE customer_name <> 'one'`
    await world.run({ reprocess: { from: '2000-01-01', to: '2100-01-01' } })
    const again = await lastCommit(world)
    assert.deepEqual(again.rows, {
      read: 2,
      filtered: 1,
      nullKey: 0,
      unmatched: 0,
      matched: 0,
      written: 0,
      rejected: 1,
    })
    assert.deepEqual(again.rules, [{ name: 'none', action: 'drop', violated: 2 }])
    assert.equal(again.rejected?.[0]?.rows, 2)
  })

  it('count per file where an item has several', async () => {
    const world = await worldOf(STARS)
    await world.addReviews('a', [review('a0', 9), review('a1', 1)])
    await world.addReviews('b', [review('b0', 2)])
    await world.addReviews('c', [review('c0', 2), review('c1', 8), review('c2', 8)])
    await world.run()
    const { bronze, silver, rows, rejected } = await lastCommit(world)
    assert.equal(silver.length, 1)
    assert.deepEqual(
      bronze.map(({ rows, broken }) => [rows.read, rows.rejected ?? 0, broken?.[0]?.violated ?? 0]),
      [
        [2, 1, 1],
        [1, 0, 0],
        [3, 2, 2],
      ],
    )
    assert.deepEqual([rows.rejected, rejected?.[0]?.rows], [3, 3])
  })
})
