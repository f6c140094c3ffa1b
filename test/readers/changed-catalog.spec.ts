import assert from 'node:assert/strict'
import type { Partition } from '../../functions/readers/athena/catalog.ts'
import { athenaPartitions } from '../../functions/readers/athena/partitions.ts'
import { NO_REPAIRS } from '../../functions/readers/athena/repairs.ts'
import { refreshReaders } from '../../functions/readers/refresh.ts'
import { dieBeforeCommit } from '../support/loss.ts'
import { addReview, countSlices, lakeOfReviews } from '../support/review-lake.ts'
import type { World } from '../support/world.ts'

const HOUR = 3_600_000

describe('a catalog that others have changed', () => {
  /** Everything that a stranger may do to a lake of three batches, one of which was written again and one never committed. */
  const STRANGERS: Readonly<Record<string, (world: World, old: Partition) => Promise<unknown> | unknown>> = {
    'an attempt that was never committed': async world => {
      await addReview(world, 'never')
      await dieBeforeCommit(world)
      const key = [...world.store.objects.keys()].filter(each => each.includes('batch=')).at(-1) ?? ''
      const location = key.slice(world.layout.roots.silver.length, key.lastIndexOf('/') + 1)
      const [, ingestDate = '', batch = ''] = /^ingest_date=([^/]+)\/batch=([^/]+)/.exec(location) ?? []
      world.catalog.partitions.set(batch, { ingestDate, batch, location, replaced: false, absorbs: [] })
      await world.store.delete('bronze/reviews/never.parquet')
    },
    'a batch under another date': (world, old) =>
      world.catalog.partitions.set('twice', { ...old, ingestDate: '2020-01-01' }),
    'values that nobody would give': (world, old) =>
      world.catalog.partitions.set('odd', { ...old, batch: "__HIVE_DEFAULT_PARTITION__/'; --\n" }),
    'the location of a replaced batch': (world, old) => world.catalog.partitions.set(old.batch, old),
    'the location of another batch': (world, old) => {
      const [other] = [...world.catalog.partitions.values()].filter(({ batch }) => batch !== old.batch)
      world.catalog.partitions.set(old.batch, { ...old, location: other?.location ?? '' })
    },
    'a location elsewhere': (world, old) =>
      world.catalog.partitions.set(old.batch, { ...old, location: 's3://elsewhere/rows/' }),
    'a partition less': (world, old) => world.catalog.partitions.delete(old.batch),
    'all at once': async (world, old) => {
      for (const [name, act] of Object.entries(STRANGERS)) if (name !== 'all at once') await act(world, old)
    },
  }

  for (const [name, act] of Object.entries(STRANGERS)) {
    it(`is repaired: ${name}`, async () => {
      for (const when of ['news', 'an hour later', 'slice by slice']) {
        const world = await lakeOfReviews(3)
        await world.run()
        const [old] = world.catalog.partitions.values()
        assert(old)
        await world.run({ reprocess: { batches: [old.batch] } })
        world.now += 25 * HOUR
        await world.run()
        const right = new Map([...world.catalog.partitions].map(([key, { location }]) => [key, location]))
        const silver = await world.silver()
        await act(world, { ...old, replaced: true, absorbs: [] })
        world.now += when === 'news' ? 0 : HOUR
        if (when === 'news') {
          await addReview(world, 'b')
          const { repairs } = await world.run()
          assert((repairs?.dropped ?? 0) + (repairs?.moved ?? 0) + (repairs?.restored ?? 0) > 0)
          assert.equal((await world.silver()).length, silver.length + 1)
          continue
        }
        if (when === 'slice by slice') await countSlices(world, 1)
        else await world.run()
        const there = new Map([...world.catalog.partitions].map(([key, { location }]) => [key, location]))
        assert.deepEqual(there, right, when)
        assert.deepEqual(await world.silver(), silver, when)
        assert.equal((await world.run()).repairs?.dropped, 0)
      }
    })
  }

  it('says what was repaired, once, in the log, as a metric and in the state', async () => {
    const world = await lakeOfReviews(2)
    await world.run()
    const [old, other] = world.catalog.partitions.values()
    assert(old && other)
    world.catalog.partitions.set('strange', { ...old, batch: 'strange' })
    world.catalog.partitions.set(old.batch, { ...old, location: other.location })
    world.catalog.partitions.delete(other.batch)
    const lines: object[] = []
    let repaired = 0
    world.log = (level, fields, metrics = {}) => {
      if (level === 'warn') lines.push(fields)
      repaired += metrics.PartitionsRepaired ?? 0
    }
    world.now += HOUR
    await countSlices(world, 1)
    assert.equal(repaired, 3)
    assert.equal(lines.length, 3)
    assert.match(
      JSON.stringify(lines.at(-1)),
      /repaired: 1 dropped that no commit has, 1 moved to where the log has them, 1 registered again that were gone \(dropped /,
    )
  })

  it('keeps what another run has committed and registered while this one compared', async () => {
    const world = await lakeOfReviews(1)
    await world.run()
    await addReview(world, 'late')
    const { listPartitions } = world.catalog
    let others = 1
    world.catalog.listPartitions = async () => {
      if (others-- > 0) await world.run()
      return listPartitions.call(world.catalog)
    }
    world.now += HOUR
    const { store, layout, catalog } = world
    const reader = athenaPartitions({ store, layout, catalog, clock: () => world.now })
    const { repairs } = await refreshReaders([reader], { store, layout }, true)
    assert.deepEqual(repairs, NO_REPAIRS)
    assert.equal((await world.silver()).length, 2)
  })
})
