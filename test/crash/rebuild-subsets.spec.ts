import assert from 'node:assert/strict'
import { readLog } from '../../functions/log/read.ts'
import { findRubbish, removeRubbish } from '../../functions/maintain/vacuum.ts'
import { dieBeforeCommit, lose, loseSink, meaning, rebuild } from '../support/loss.ts'
import { compact } from '../support/packable-lake.ts'
import { SQL, World } from '../support/world.ts'

const DAY = 86_400_000
const ALL = { reprocess: { all: true } }
const review = (id: string, customer = '1') => ({ review_id: id, customer_id: customer, stars: 5 })
const addCustomer = (world: World, id: string) =>
  world.addCustomers(id, [{ customer_id: id, customer_name: `of ${id}` }])

/** An append that parks, an append that takes that in, and the first written again by another query. */
async function parkedTakenReplaced(): Promise<World> {
  const world = new World()
  await addCustomer(world, '1')
  await world.addReviews('a', [review('a1'), review('a2', '2'), review('a3', '3')])
  await world.run()
  await addCustomer(world, '2')
  await world.addReviews('b', [review('b1')])
  await world.run()
  world.sql = SQL.replace('r.stars,', 'r.stars * 10 AS stars,')
  const [first = ''] = (await readLog(world.store, world.layout)).state.batches.keys()
  await world.run({ reprocess: { batches: [first] } })
  return world
}

/** The first written again because its file has changed, so that what was taken in of it is void. */
async function changed(): Promise<World> {
  const world = await parkedTakenReplaced()
  await world.addReviews('a', [review('a1'), review('a4', '4')])
  await world.run({ reprocess: { changed: true } })
  return world
}

/** A batch that parks, another that looks at these rows in vain, so that they wait on, and both written again. */
async function waitsOn(): Promise<World> {
  const world = new World()
  await addCustomer(world, '1')
  await world.addReviews('a', [review('a1'), review('a2', '2')])
  await world.run()
  await addCustomer(world, '3')
  await world.addReviews('b', [review('b1'), review('b2', '4')])
  await world.run()
  await world.run(ALL)
  return world
}

/** Two batches of a day put together, of which the second had taken in rows that the first parked; both parked others that wait. */
async function merged(): Promise<World> {
  const world = new World()
  await addCustomer(world, '1')
  await world.addReviews('a', [review('a1'), review('a2', '2'), review('a3', '3')])
  await world.run()
  await addCustomer(world, '2')
  await world.addReviews('b', [review('b1'), review('b4', '4')])
  await world.run()
  await mergeDays(world)
  return world
}

/** Puts the batches of a day together, and tells readers. */
async function mergeDays(world: World): Promise<void> {
  world.now += DAY
  const done = await compact(world, { before: world.now, merge: true })
  assert(done.some(({ absorbs }) => absorbs.length > 0))
  await world.run()
}

/** The batches that were put together written again, as one. */
async function mergedReplaced(): Promise<World> {
  const world = await merged()
  world.sql = SQL.replace('r.stars,', 'r.stars * 10 AS stars,')
  await world.run(ALL)
  return world
}

/** What was put together parked a row that a later batch took in, and one of its files has changed since. */
async function mergedTakenChanged(): Promise<World> {
  const world = await merged()
  await addCustomer(world, '4')
  await world.addReviews('c', [review('c1')])
  await world.run()
  await world.addReviews('a', [review('a1'), review('a5', '2')])
  await world.run({ reprocess: { changed: true } })
  return world
}

/** A batch has taken in what a younger one parked, because the batch that did was packed into it; then all were written again. */
async function olderTaker(): Promise<World> {
  const world = new World()
  await addCustomer(world, '1')
  await world.addReviews('a', [review('a1')])
  await world.run()
  await world.addReviews('b', [review('b2', '2'), review('b3', '3')])
  await world.run()
  await addCustomer(world, '2')
  await world.run()
  await mergeDays(world)
  world.sql = SQL.replace('r.stars,', 'r.stars * 10 AS stars,')
  await world.run(ALL)
  return world
}

/** An attempt that died before its commit, and another that was abandoned, among others. */
async function withOrphans(): Promise<World> {
  const world = await parkedTakenReplaced()
  await world.addReviews('c', [review('c1'), review('c2', '2')])
  await dieBeforeCommit(world)
  await vacuum(world)
  await dieBeforeCommit(world)
  await world.run()
  await world.run(ALL)
  return world
}

/** Removes the plans of settled attempts, locations that were replaced, and orphans. */
async function vacuum(world: World): Promise<void> {
  world.now += 2 * DAY
  const { store, layout, now } = world
  const options = { store, layout, now, olderThan: DAY, executions: { isRunning: async () => false } }
  for (const found of await findRubbish(options)) await removeRubbish(found, options)
}

async function vacuumed(make: () => Promise<World>): Promise<World> {
  const world = await make()
  await vacuum(world)
  return world
}

/** As an earlier version wrote it: without checksums, and without the end of the log in each silver file; plans are gone. */
async function ofEarlierVersion(make: () => Promise<World>): Promise<World> {
  const world = await make()
  const { store, layout } = world
  const [seen, unknown] = [Buffer.from('"seen":'), Buffer.from('"unkn":')]
  for (const key of [...store.objects.keys()]) {
    const bytes = Buffer.from(await store.get(key))
    if (key.includes('/part-')) {
      const at = bytes.lastIndexOf(seen)
      if (at >= 0) unknown.copy(bytes, at)
      await store.put(key, bytes)
    } else if (key.startsWith(layout.log) || [layout.published, layout.sparkMetadata].includes(key)) {
      const { previous: _, sha256: __, ...plain } = JSON.parse(bytes.toString())
      await store.put(key, Buffer.from(JSON.stringify({ ...plain, format: 1 })))
    }
  }
  await lose(world, key => key.includes('/runs/'))
  return world
}

/** Everything beside silver, its parked files and bronze that can be lost. */
function losses(world: World, versions: number): ((world: World) => unknown)[] {
  const { layout } = world
  const objects = [
    ...Array.from({ length: versions }, (_, version) => layout.commit(version)),
    layout.published,
    layout.sparkMetadata,
  ]
  return [
    ...objects.map(key => (each: World) => each.store.delete(key)),
    loseSink,
    ({ catalog }: World) => catalog.partitions.clear(),
  ]
}

const LIVES: [string, () => Promise<World>][] = [
  ['rows parked, taken in, and their batch written again', parkedTakenReplaced],
  ['the same after vacuum', () => vacuumed(parkedTakenReplaced)],
  ['a file that has changed since rows of it were taken in', changed],
  ['what changed, after vacuum', () => vacuumed(changed)],
  ['batches that were put together', merged],
  ['the same, after vacuum', () => vacuumed(merged)],
  ['batches that were put together, and written again', mergedReplaced],
  ['the same, after vacuum', () => vacuumed(mergedReplaced)],
  ['batches that were put together, and a file of which has changed', mergedTakenChanged],
  ['the same, after vacuum', () => vacuumed(mergedTakenChanged)],
  ['rows that an older batch has taken in', olderTaker],
  ['the same, after vacuum', () => vacuumed(olderTaker)],
  ['rows that another batch lets wait on, after both were written again and vacuum', () => vacuumed(waitsOn)],
  ['rows parked and taken in, as earlier versions wrote them', () => ofEarlierVersion(parkedTakenReplaced)],
  ['what changed, after vacuum, as earlier versions wrote it', () => ofEarlierVersion(() => vacuumed(changed))],
]

describe('rebuild after the loss of any of the commits, hints, catalog and entries for Spark', () => {
  for (const [name, make] of LIVES) {
    it(`restores ${name}`, async () => {
      const made = await make()
      const before = await meaning(made)
      const { state } = await readLog(made.store, made.layout)
      const lost = losses(made, state.version + 1)
      for (let subset = 1; subset < 2 ** lost.length; subset++) {
        const world = made.clone()
        for (const [i, lose] of lost.entries()) if (subset & (2 ** i)) await lose(world)
        const said = `subset ${subset.toString(2).padStart(lost.length, '0')}`
        const done = await rebuild(world).then(
          ({ commits, notes }) => [...commits.map(each => `${each.operation} ${each.attempt}`), ...notes].join('\n'),
          error => {
            assert.match(error.message, /the log is whole/, said)
            return error.message
          },
        )
        world.now += 2 * DAY // a run without news asks the catalog once a day
        await world.run().catch(error => assert.fail(`${said}: ${done}: ${error}`))
        assert.deepEqual(await meaning(world), before, `${said}: ${done}`)
        assert.deepEqual(await world.spark(), before.silver, `${said}: ${done}`)
        await world.run({ reprocess: { changed: true } })
        assert.deepEqual((await meaning(world)).parked, before.parked, said)
      }
    }).timeout(600_000)
  }

  it('restores, though attempts died before and were abandoned, and loses each commit alone', async () => {
    const made = await withOrphans()
    const before = await meaning(made)
    const { state } = await readLog(made.store, made.layout)
    for (let version = 0; version <= state.version; version++) {
      for (const alone of [true, false]) {
        const world = made.clone()
        await world.store.delete(world.layout.commit(version))
        if (!alone) await lose(world, key => key.startsWith(world.layout.commit(version).slice(0, -6)))
        await rebuild(world)
        await world.run()
        assert.deepEqual(await meaning(world), before, `version ${version}`)
      }
    }
  })
})
