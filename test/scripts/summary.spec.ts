import assert from 'node:assert/strict'
import type { Json } from '../../functions/adapters/step-functions/distributed-map.ts'
import { sha256 } from '../../functions/base/bytes.ts'
import { parkedIn } from '../../functions/log/fold.ts'
import { readLog } from '../../functions/log/read.ts'
import { parseInput } from '../../functions/protocol/input.ts'
import type { RunState } from '../../functions/protocol/state.ts'
import { findCopies } from '../../scripts/summary/copied-files.ts'
import { findDoubts } from '../../scripts/summary/doubts.ts'
import { duplicateKeys } from '../../scripts/summary/duplicate-keys.ts'
import { lookAround } from '../../scripts/summary/nothing-new.ts'
import { findOtherQuery } from '../../scripts/summary/other-query.ts'
import type { SkippedNames } from '../../scripts/summary/skipped-names.ts'
import { commitsOf, findReports, newColumns, summarize } from '../../scripts/summary/summary.ts'
import { batchCommit } from '../support/commits.ts'
import { World } from '../support/world.ts'

const NONE: SkippedNames = { link: [], 'not UTF-8': [], 'too long': [] }
const review = (id: string, customer: string | null, stars = 5) => ({ review_id: id, customer_id: customer, stars })

/** A run that has nothing to say of itself. */
const STATE = { changed: 0, ignored: 0, uncommitted: 0, more: false } as RunState // the summary asks for no more

/** Runs an execution and returns its summary. */
async function summary(world: World, input: Json = {}, skipped: SkippedNames = NONE): Promise<string> {
  const { store, layout } = world
  const before = await readLog(store, layout)
  const state = await world.run(input)
  const log = await readLog(store, layout)
  const commits = await commitsOf(store, layout, state)
  const nothing = commits.length === 0 && state.reason === 'nothing new'
  return summarize(state, commits, {
    ...{ root: 'lake', layout, milliseconds: 1, now: world.now, parkedWarning: 1000, skipped },
    ...{
      query: 'silver.sql',
      lake: ' --lake x',
      where: ' --lake x --sql y',
      otherQuery: findOtherQuery(log.state, await sha256(world.sql)),
    },
    doubts: commits.length > 0 ? await findDoubts(world, log.state) : null,
    gone: [],
    copies: await findCopies(world, log, commits),
    reports: await findReports(world, commits),
    parked: parkedIn(log.state),
    nothing: nothing ? await lookAround({ store, layout, uri: 'lake' }, log, parseInput(input, layout.roots)) : null,
    duplicateKeys: await duplicateKeys(world, commits),
    newColumns: newColumns(before.state.reviews, commits),
  }).join('\n')
}

describe('the summary of a run', () => {
  let world: World
  beforeEach(async () => {
    world = new World()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
  })

  it('says where it looked when bronze is empty', async () => {
    const expected = /^nothing new: there are no Parquet files under lake\/bronze\/reviews\/, and nothing was written$/m
    assert.match(await summary(world), expected)
  })

  it('says that every file is in silver, or why none was wanted', async () => {
    await world.addReviews('a', [review('a', '1')])
    await world.run()
    for (const [input, because] of [
      [{}, 'every bronze file is in silver'],
      [{ prefix: 'bronze/reviews/' }, 'every bronze file is in silver'],
      [{ prefix: 'bronze/reviews/a' }, 'every bronze file of that prefix is in silver'],
      [{ prefix: 'bronze/reviews/2024/' }, 'no Parquet file has the prefix bronze/reviews/2024/'],
      [{ modifiedFrom: '2020-01-01', modifiedTo: '2020-01-02' }, 'no new file was written in that time'],
      [{ quarantined: true }, 'no file is in quarantine'],
      [{ reprocess: { from: '2020-01-01', to: '2020-01-02' } }, 'no batch holds files of this kind'],
    ] as [Json, string][]) {
      assert.match(await summary(world, input), new RegExp(`^nothing new: ${because}, and nothing was written$`, 'm'))
    }
  })

  it('names the files in quarantine, and how to try them again, until they are gone', async () => {
    await world.addReviews('a', [review('a', '1')])
    await world.store.put('bronze/reviews/bad.parquet', new TextEncoder().encode('no rows'))
    await world.run()
    assert.match(
      await summary(world),
      /^nothing new: every other bronze file is in silver.*\n1 file in quarantine, which npx silversmith status --lake x names: .*: npx silversmith backfill --lake x --sql y --quarantined$/m,
    )
    await world.store.delete('bronze/reviews/bad.parquet')
    assert.doesNotMatch(await summary(world), /in quarantine/)
  })

  it('asks to run again for files that have changed or gone, not for those that it has tried one by one', () => {
    const key = 'bronze/reviews/a.parquet'
    const lines = (died: boolean) => {
      const deferred = [{ key, etag: '"a"', reason: 'why', ...(died && ({ died } as const)) }] as const
      return summarize(STATE, [batchCommit(0, [], { deferred })], {
        ...{ root: 'lake', layout: world.layout, milliseconds: 1, now: 0, parkedWarning: 1, nothing: null },
        ...{ parked: { rows: 0, oldest: null }, duplicateKeys: [], newColumns: [], skipped: NONE, copies: [] },
        ...{ query: 'silver.sql', lake: '', where: '', otherQuery: { batches: 0, of: 1 }, doubts: null, gone: [] },
        reports: new Set<string>(),
      })
    }
    assert(lines(false).includes('1 file changed or went during the run: run again to take what is there'))
    assert(!lines(true).some(line => line.includes('run again')))
    for (const died of [true, false]) assert(lines(died).includes(`deferred   ${key}: why`))
  })

  it('tells the reviews that still wait from those that a batch has parked', async () => {
    await world.addReviews('a', [review('a', '2'), review('b', '3')])
    assert.match(await summary(world), /written 0, parked until their customer comes 2$/m)
    await world.addReviews('b', [review('c', '4')])
    await world.addCustomers('d', [{ customer_id: '5', customer_name: 'five' }])
    assert.match(
      await summary(world),
      /written 0, parked until their customer comes 1, looked up again and still waiting 2$/m,
    )
  })

  it('names files that have changed, and how to take them', async () => {
    await world.addReviews('a', [review('a', '1')])
    await world.run()
    await world.addReviews('a', [review('a', '1'), review('b', '1')])
    assert.match(
      await summary(world),
      /^1 bronze file changed since being joined, .*: npx silversmith backfill --lake x --sql y --changed$/m,
    )
  })

  it('says what the next batch would be in a dry run', async () => {
    await world.addReviews('a', [review('a', '1'), review('b', '1')])
    assert.match(
      await summary(world, { dryRun: true }),
      /^dry run: the next batch would be of 1 file, .* 2 rows in 1 item;/m,
    )
  })

  it('remarks that keys of any dimension occur more than once', async () => {
    world.sql = `SELECT r.review_id, v.t FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id
      JOIN (VALUES ('1', 'a'), ('1', 'b'), ('2', 'c')) v(id, t) ON r.customer_id = v.id`
    await world.addReviews('a', [review('a', '1')])
    const expected = /^warning: 1 key of values occurs more than once, which multiplies reviews, as SQL has it$/m
    const told = await summary(world)
    assert.match(told, expected)
    assert.doesNotMatch(told, /customer key/)
  })

  it('remarks that customer keys occur more than once', async () => {
    const twice = ['x', 'y'].map(customer_name => ({ customer_id: '2', customer_name }))
    await world.addCustomers('d', twice)
    await world.addReviews('a', [review('a', '1')])
    assert.doesNotMatch(await summary(world), /more than once/, 'no row is there twice for it')
    await world.addReviews('b', [review('b', '2')])
    const expected = /^warning: 1 customer key occurs more than once, which multiplies reviews, as SQL has it$/m
    assert.match(await summary(world), expected)
  })

  it('names the symbolic links that are not followed', async () => {
    const expected = /^not followed: 1 symbolic link in bronze \(bronze\/reviews\/x\.parquet\); put the files there/m
    assert.match(await summary(world, {}, { ...NONE, link: ['bronze/reviews/x.parquet'] }), expected)
  })

  it('advises to run again only where that would do something', async () => {
    await world.addReviews('a', [review('a', '1')])
    assert.doesNotMatch(await summary(world), /run again/)
    assert.doesNotMatch(await summary(world), /run again/)
  })

  it('names columns that bronze has gained and the query does not name', () => {
    const column = (name: string) => ({ name, type: 'string' }) as const
    const commit = {
      reviews: [column('id'), column('stars'), column('Colour'), column('size')],
      schema: [column('id'), column('size')],
      query: { sql: 'SELECT r.* FROM bronze_reviews r WHERE STARS > 1', sha256: '', comment: '' },
    } as unknown as Parameters<typeof newColumns>[1][number] // as much of a commit as is looked at
    assert.deepEqual(newColumns([column('id')], [commit]), ['Colour'])
    assert.deepEqual(newColumns([], [commit]), [], 'nothing is new to a new lake')
  })
})
