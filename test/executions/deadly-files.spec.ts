import assert from 'node:assert/strict'
import type { Json } from '../../functions/adapters/step-functions/distributed-map.ts'
import { DEATHS } from '../../functions/base/errors.ts'
import { readCommit, readLog } from '../../functions/log/read.ts'
import { writeLogSnapshot } from '../../functions/log/snapshot.ts'
import type { Item } from '../../functions/protocol/plan.ts'
import { World } from '../support/world.ts'

const POISON = 'bronze/reviews/b.parquet'

/** A worker that dies, as Step Functions tells of it. */
function death(name: string, message = ''): Error {
  return Object.assign(new Error(message), { name })
}

/** What Join is given. */
type Payload = { readonly item: Item; readonly died?: unknown }

describe('a file that kills its worker', () => {
  let world: World
  /** The files of each item that Join was called with, one entry a call. */
  let calls: string[][]
  let left: number
  beforeEach(startAfresh)

  async function startAfresh() {
    world = new World()
    calls = []
    left = 0
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    for (const name of ['a', 'b', 'c']) await world.addReviews(name, [review(name)])
  }

  /** Runs with a Join that fails as `fail` says: for whatever payload it returns an error. */
  async function run(fail: (payload: Payload) => Error | undefined, input: Json = {}) {
    const { workers, store } = world.workers(world.store)
    const join = async (event: unknown) => {
      const payload = event as Payload // the state machine's
      if (payload.died) left++
      else calls.push([...payload.item.bronze, ...payload.item.parked].map(({ key }) => key))
      const error = fail(payload)
      if (error) throw error
      return workers.join(event)
    }
    return world.runWith({ ...workers, join }, store, input)
  }
  const holding = (key: string, error: Error) => (payload: Payload) =>
    [...payload.item.bronze, ...payload.item.parked].some(file => file.key === key) ? error : undefined

  const ids = async () => (await world.silver()).map(row => JSON.parse(row).review_id)
  const reasons = async () => (await world.settled()).filter(line => line.startsWith(`${POISON} `))

  it('is quarantined alone, and the others go through, however Step Functions names its end', async () => {
    for (const name of DEATHS) {
      await startAfresh()
      const state = await run(holding(POISON, death(name, 'Error: Runtime exited with error: signal: killed')))
      assert.deepEqual(await ids(), ['a', 'c'])
      const [reason = ''] = await reasons()
      assert(reason.includes(`${name}, signal: killed`), reason)
      assert.match(reason, /without an error of its own.*\{"quarantined": true\} tries it again/)
      assert.deepEqual([state.done.length, state.more, left], [2, false, 2])
      const tries = calls.map(keys => keys.length)
      assert.deepEqual(tries, [3, 3, 3, 1, 1, 1, 1, 1], 'three tries together, then each file alone')
      assert.equal((await run(() => undefined)).reason, 'nothing new')
    }
  })

  it('is tried again when asked to, and joined once it does no harm', async () => {
    await run(holding(POISON, death('Runtime.ExitError')))
    await run(() => undefined, { quarantined: true })
    assert.deepEqual(await ids(), ['a', 'b', 'c'])
  })

  it('is quarantined at once when it was alone from the start', async () => {
    world.maxFilesPerBatch = 1
    await run(holding(POISON, death('Runtime.ExitError')))
    assert.deepEqual(await ids(), ['a', 'c'])
    assert.deepEqual([calls.length, left, (await reasons()).length], [5, 1, 1])
  })

  it('is told from the others by a later execution, when the first one ends in between', async () => {
    const { workers, store } = world.workers(world.store)
    let passes = 0
    const plan = async (event: unknown) => {
      if (++passes > 1) throw death('AccessDenied')
      return workers.plan(event)
    }
    const join = async (event: unknown) => {
      if ((event as Payload).item.bronze.length > 0) throw death('Sandbox.Timedout') // the state machine's
      return workers.join(event)
    }
    await assert.rejects(world.runWith({ ...workers, plan, join }, store), { name: 'AccessDenied' })
    await writeLogSnapshot(world.store, world.layout, await readLog(world.store, world.layout))
    await run(holding(POISON, death('Sandbox.Timedout')))
    assert.deepEqual(
      calls.map(keys => keys.length),
      [1, 1, 1, 1, 1],
      'nothing is tried together again',
    )
    assert.deepEqual(await ids(), ['a', 'c'])
    const { state } = await readLog(world.store, world.layout)
    assert.equal(state.suspects.size, 0)
  })

  it('shares an item with others again when it is another file', async () => {
    await run(holding(POISON, death('Runtime.ExitError')))
    calls = []
    for (const name of ['b', 'd']) await world.addReviews(name, [review(name), review(`${name}2`)])
    await run(() => undefined)
    assert.deepEqual(calls, [[POISON, 'bronze/reviews/d.parquet']])
    assert.deepEqual(await ids(), ['a', 'b', 'b2', 'c', 'd', 'd2'])
  })

  it('is none when together they were too much, and alone they are not', async () => {
    await run(({ item }) => (item.bronze.length > 1 ? death('Runtime.OutOfMemory') : undefined))
    assert.deepEqual(await ids(), ['a', 'b', 'c'])
    assert(
      (await world.settled()).every(line => line.endsWith(' ')),
      'nothing is in quarantine',
    )
  })

  it('is not blamed when the worker dies without it as well: the execution fails, and a later one takes it', async () => {
    world.maxFilesPerBatch = 1
    await assert.rejects(
      run(() => death('Runtime.ExitError', 'no memory for the customers')),
      {
        name: 'Runtime.ExitError',
      },
    )
    assert.deepEqual(await world.settled(), [])
    await run(() => undefined)
    assert.deepEqual(await ids(), ['a', 'b', 'c'])
  })

  it('is not seen in a store that fails, however often', async () => {
    let tries = 0
    await assert.rejects(
      run(payload => {
        if (!holding(POISON, death(''))(payload)) return undefined
        return ++tries % 2 === 0 ? death('StoreUnavailable') : death('Lambda.TooManyRequestsException')
      }),
      { name: 'Lambda.TooManyRequestsException' },
    )
    assert.deepEqual([tries, left, await world.settled()], [7, 0, []])
  })

  it('is joined when a worker that was thought dead writes its silver file after all', async () => {
    const { workers, store } = world.workers(world.store)
    const join = async (event: unknown) => {
      const result = await workers.join(event)
      if (!(event as Payload).died) throw death('States.Timeout') // the state machine's
      return result
    }
    await world.runWith({ ...workers, join }, store)
    assert.deepEqual(await ids(), ['a', 'b', 'c'])
  })

  it('leaves its batch as it is when that is written again, and is named', async () => {
    await run(() => undefined)
    const { state } = await readLog(world.store, world.layout)
    const before = await world.settled()
    await assert.rejects(
      run(holding(POISON, death('Runtime.ExitError')), { reprocess: { batches: [...state.batches.keys()] } }),
      {
        name: 'ReplaceRefused',
        message:
          /stays as it is: 3 of its files can't be joined.*without an error of its own \(Runtime.ExitError\) each time\)/,
      },
    )
    assert.deepEqual([await ids(), await world.settled()], [['a', 'b', 'c'], before])
  })

  it('holds up no other parked file when it is one', async () => {
    for (const name of ['p', 'q']) {
      await world.addReviews(name, [{ ...review(name), customer_id: name }])
      await run(() => undefined)
    }
    const [poison = ''] = (await readLog(world.store, world.layout)).state.parked.keys()
    await world.addCustomers(
      'late',
      ['p', 'q'].map(id => ({ customer_id: id, customer_name: id })),
    )
    await run(holding(poison, death('Runtime.ExitError')))
    assert.deepEqual([await ids(), await world.parked()], [['a', 'b', 'c', 'q'], ['p']])
    assert.equal((await run(() => undefined)).reason, 'nothing new', 'it waits for other customers')
    const { state } = await readLog(world.store, world.layout)
    assert.match(state.parked.get(poison)?.fault ?? '', /each time: restore it, or reprocess the batch that parked it$/)
    await world.addCustomers('later', [{ customer_id: 'x', customer_name: 'x' }])
    await run(() => undefined)
    assert.deepEqual([await ids(), await world.parked()], [['a', 'b', 'c', 'p', 'q'], []])
  })

  it('is named in the commit, also where the commit has nothing else', async () => {
    await run(holding(POISON, death('Runtime.ExitError')))
    const first = await readCommit(world.store, world.layout, 0)
    assert(first && first.operation === 'append')
    assert.deepEqual(
      first.deferred.map(({ died }) => died),
      [true, true, true],
    )
    assert.match(
      first.deferred[0]?.reason ?? '',
      /the worker that had it among 3 files ended .*: each is tried alone next/,
    )
  })
})

function review(review_id: string) {
  return { review_id, customer_id: '1', stars: 5 }
}
