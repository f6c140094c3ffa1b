import assert from 'node:assert/strict'
import { StoreUnavailable } from '../../../functions/base/errors.ts'
import { readLog } from '../../../functions/log/read.ts'
import { ParquetError } from '../../../functions/parquet/metadata/parquet-error.ts'
import type { ParkedFile } from '../../../functions/protocol/commit.ts'
import { aroundFirstCommit } from '../../support/first-commit.ts'
import { ids } from '../../support/loss.ts'
import { lastCommit } from '../../support/ruled-world.ts'
import { World } from '../../support/world.ts'

const waiting = (id: string) => ({ review_id: id, customer_id: '9', stars: 5 })

/** A lake whose customer 9 is late for the reviews of each file, which wait in a parked file of its own. */
async function lakeOfParked(...names: string[]): Promise<World> {
  const world = new World()
  await addCustomer(world, '1')
  for (const name of names) {
    await world.addReviews(name, [waiting(`${name}1`)])
    await world.run()
  }
  return world
}

const addCustomer = (world: World, id: string) => world.addCustomers(id, [{ customer_id: id, customer_name: id }])

async function parkedOf({ store, layout }: World): Promise<ParkedFile[]> {
  const { state } = await readLog(store, layout)
  return [...state.parked.values()].map(({ key, etag, size, rows, snapshot, join, since, bronze, fault }) => ({
    ...{ key, etag, size, rows, snapshot, join, since, bronze },
    ...(fault !== undefined && { fault }),
  }))
}

describe('rows that wait', () => {
  /** Runs with two files whose reviews wait, after something has happened to the first parked file. */
  async function afterParking(harm: (world: World, key: string, other: string) => Promise<unknown>): Promise<World> {
    const world = new World({ maxFilesPerBatch: 1 })
    await addCustomer(world, '1')
    await world.addReviews('a', [waiting('a1'), waiting('a2')])
    await world.run()
    await world.addReviews('b', [waiting('b1')])
    await aroundFirstCommit(world, async (commit, { work }) => {
      const parked = [...world.store.objects.keys()].filter(key => key.includes('/parked/'))
      const mine = parked.find(key => key.includes(`/${work?.attempt}/`)) ?? ''
      await harm(world, mine, parked.find(key => key !== mine) ?? '')
      return commit()
    })
    return world
  }
  const harms: [string, (world: World, key: string, other: string) => Promise<unknown>, RegExp][] = [
    [
      'is missing',
      (world, key) => world.store.delete(key),
      /^\S+\/parked\/\S+\.parquet is missing: start a new execution/,
    ],
    [
      'can not be read',
      (world, key) => world.store.put(key, new Uint8Array(7)),
      /^\S+\/parked\/\S+\.parquet: not a Parquet file: it has 7 bytes: start a new execution/,
    ],
    [
      'holds other rows',
      async (world, key, other) => world.store.put(key, await world.store.get(other)),
      /^\S+\/parked\/\S+\.parquet holds 2 rows, its result says 1/,
    ],
  ]
  for (const [what, harm, message] of harms) {
    it(`are not taken for safe when their file ${what}`, async () => {
      await assert.rejects(afterParking(harm), { name: 'ResultRefused', message })
    })
  }

  it('are not taken for safe because of what another version of their file holds', async () => {
    const changed = afterParking(async (world, key, other) => {
      const { head } = world.store
      world.store.head = async asked => {
        const before = await head.call(world.store, asked)
        if (asked === key) await world.store.put(key, await world.store.get(other))
        return before
      }
    })
    await assert.rejects(changed, { name: 'ObjectChanged' })
  })

  it('give what is wrong with their file as the cause', async () => {
    const broken = afterParking((world, key) => world.store.put(key, new Uint8Array(7)))
    await assert.rejects(broken, (error: Error) => error.cause instanceof ParquetError)
  })

  it('fail no result because the store is away', async () => {
    const away = afterParking(async (world, key) => {
      const { get } = world.store
      world.store.get = async (...call) => {
        if (call[0] === key) throw new StoreUnavailable('503')
        return get.apply(world.store, call)
      }
    })
    await assert.rejects(away, { name: 'StoreUnavailable' })
  })
})

describe('a parked file', () => {
  it('keeps waiting as it is, with what it was tried against last', async () => {
    const world = await lakeOfParked('a', 'b')
    const before = await parkedOf(world)
    await addCustomer(world, 'nobody of them')
    await world.run()
    const { parked, customers, unparked } = await lastCommit(world)
    const snapshot = customers?.snapshot ?? ''
    assert.notEqual(snapshot, before[0]?.snapshot)
    assert.deepEqual([parked, unparked], [before.map(file => ({ ...file, snapshot })), []])
  })

  it('that is gone keeps waiting while others are taken in, and says why', async () => {
    const world = await lakeOfParked('a', 'b')
    const [gone, there] = await parkedOf(world)
    assert(gone && there)
    await world.store.delete(gone.key)
    await addCustomer(world, '9')
    await world.run()
    const { parked, unparked, deferred, customers } = await lastCommit(world)
    const fault = deferred[0]?.reason ?? ''
    assert.match(fault, /removed since it was planned/)
    assert.deepEqual(parked, [{ ...gone, snapshot: customers?.snapshot, fault }])
    assert.deepEqual(
      unparked.map(({ key }) => key),
      [there.key],
    )
  })

  it('whose worker died is tried again, whatever it was tried against', async () => {
    const world = await lakeOfParked('a', 'b')
    const before = await parkedOf(world)
    await addCustomer(world, '9')
    const { workers, store } = world.workers(world.store)
    const { join } = workers
    workers.join = async payload => {
      const { item, died } = payload as { item: { parked: object[] }; died?: unknown } // the state machine's
      if (item.parked.length > 1 && !died) throw Object.assign(new Error(), { name: 'Runtime.ExitError' })
      return join(payload)
    }
    const passes: (readonly ParkedFile[])[] = []
    const { commit } = workers
    workers.commit = async payload => {
      const state = await commit(payload)
      passes.push((await lastCommit(world)).parked)
      return state
    }
    await world.runWith(workers, store)
    const [first, last] = passes
    assert.match(first?.[0]?.fault ?? '', /the worker that had it among 2 files ended/)
    assert.deepEqual(
      first,
      before.map(file => ({ ...file, snapshot: '', join: '', fault: first?.[0]?.fault })),
    )
    assert.deepEqual([last, passes.length, await ids(world)], [[], 2, ['a1', 'b1']])
  })

  it('that its batch takes back is named, and no longer waits', async () => {
    const world = await lakeOfParked('a')
    const [gone] = await parkedOf(world)
    assert(gone)
    await world.store.delete(gone.key)
    await world.run({ reprocess: { all: true } })
    const { operation, reclaimed, parked } = await lastCommit(world)
    assert.deepEqual([operation, reclaimed, parked.length], ['replace', [gone.key], 1])
    assert.notEqual(parked[0]?.key, gone.key)
    assert.deepEqual(
      (await parkedOf(world)).map(({ key }) => key),
      parked.map(({ key }) => key),
    )
  })

  it('that the plan does not have is not taken in', async () => {
    const world = await lakeOfParked('a')
    await addCustomer(world, '9')
    const refused = aroundFirstCommit(world, async (commit, { query }) => {
      const plan = JSON.parse(new TextDecoder().decode(await world.store.get(query)))
      await world.store.put(query, new TextEncoder().encode(JSON.stringify({ ...plan, parked: [] })))
      return commit()
    })
    await assert.rejects(refused, { name: 'ResultRefused', message: /^parked file \S+ is not in the plan/ })
  })
})
