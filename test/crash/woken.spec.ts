import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type WakeMessage, wake } from '../../functions/pipeline/wake/wake.ts'
import { Meanwhile } from '../support/faulty-store.ts'
import { World } from '../support/world.ts'

const ARN = 'arn:aws:states:local:0:execution:silver:'
/** Deliveries after which a message that is still there is given up; a pass ends before the second. */
const DELIVERIES = 5

/** A lake that files wake: S3's events, the queue, the worker and the executions that it starts. */
class WokenLake {
  readonly world = new World()
  /** Messages that wait for their next delivery. */
  readonly queue: WakeMessage[] = []
  readonly landed: string[] = []
  readonly outcomes: string[] = []
  readonly #started = new Set<Promise<void>>()
  #messages = 0
  #executions = 0

  constructor() {
    this.world.claimsFirst = true
  }

  get executions(): number {
    return this.#executions
  }

  /** A bronze file lands; S3 sends `events` messages for it. */
  async land(name: string, events = 1): Promise<void> {
    await this.world.addReviews(name, [{ review_id: name, customer_id: '1', stars: 5 }])
    this.landed.push(name)
    for (let i = 0; i < events; i++) this.queue.push({ messageId: `m${this.#messages++}`, sent: this.world.now })
  }

  /**
   * Hands messages to Wake, which may start an execution. `ends`: Lambda hears how it went, and deletes those that Wake is done
   * with. `start` runs an execution, at once or later.
   */
  async deliver(start: () => Promise<void>, ends = true): Promise<void> {
    const messages = this.queue.splice(0)
    const { store, layout, executions } = this.world
    let started = false
    const { batchItemFailures } = await wake(messages, {
      ...{ store, layout, executions },
      clock: () => this.world.now,
      starter: {
        start: async () => {
          started = true
          return true
        },
      },
    })
    const left = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
    this.queue.push(...messages.filter(({ messageId }) => !ends || left.has(messageId)))
    if (started) await start()
  }

  /** Runs an execution to its end; `meanwhile` acts right before each of its operations on the store. */
  async execute(meanwhile: (operation: number) => Promise<unknown> = async () => undefined): Promise<void> {
    const execution = this.#run(meanwhile)
    this.#started.add(execution)
    await execution
    this.#started.delete(execution)
  }

  async #run(meanwhile: (operation: number) => Promise<unknown>): Promise<void> {
    const name = `woken-${++this.#executions}`
    this.world.running.add(`${ARN}${name}`)
    let operation = 0
    const { reason } = await this.world.run({}, { name, faults: new Meanwhile(() => meanwhile(operation++)) })
    this.outcomes.push(reason)
    this.world.running.delete(`${ARN}${name}`)
  }

  /** Waits for all executions, and delivers until the queue is empty. */
  async settle(): Promise<void> {
    // one that begins beside an operation which nobody waits for goes on when that execution has ended
    while (this.#started.size > 0) await Promise.all(this.#started)
    for (let i = 0; i < DELIVERIES && this.queue.length > 0; i++) await this.deliver(() => this.execute())
    assert.deepEqual(this.queue, [], 'messages that nobody is done with')
  }

  /** Asserts that each file that has landed is in silver, once. */
  async check(where: string): Promise<void> {
    const ids = (await this.world.silver()).map(row => JSON.parse(row).review_id)
    assert.deepEqual(ids, this.landed.toSorted(), where)
  }
}

async function lake(): Promise<WokenLake> {
  const woken = new WokenLake()
  await woken.world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
  await woken.land('a')
  await woken.settle()
  return woken
}

describe('a lake that files wake', function () {
  this.timeout(60_000)

  /** What was woken begins at once, or some operations of the other execution later. */
  const DELAYS = [0, 6]
  for (const hasWork of [true, false]) {
    const what = hasWork ? 'has work of its own' : 'has nothing to do'
    it(`loses and doubles nothing when a file lands before any operation of an execution that ${what}`, async () => {
      for (const delay of DELAYS) {
        let operations = 1
        for (let at = 0; at < operations; at++) {
          const woken = await lake()
          if (hasWork) await woken.land('b', 0)
          const before = woken.executions
          let waiting: (() => Promise<void>) | undefined
          const begin = async () => {
            const start = waiting
            waiting = undefined
            await start?.()
          }
          await woken.execute(async operation => {
            operations = Math.max(operations, operation + 1)
            if (operation === at) {
              await woken.land('c')
              await woken.deliver(async () => {
                waiting = () => woken.execute()
              })
            }
            if (operation === at + delay) await begin()
          })
          await begin()
          await woken.settle()
          await woken.check(`at operation ${at}, ${delay} later`)
          assert(woken.executions - before <= 2, `${woken.executions - before} executions at operation ${at}`)
        }
        assert(operations > 10, `only ${operations} operations`)
      }
    })
  }

  it('starts no second execution while one holds the claim, whatever lands meanwhile', async () => {
    const woken = await lake()
    await woken.land('b', 0)
    const before = woken.executions
    await woken.execute(async operation => {
      if (operation < 8 || operation > 30) return // before, it takes the claim
      await woken.land(`c${operation}`)
      await woken.deliver(() => woken.execute())
    })
    assert.equal(woken.executions - before, 1)
    await woken.settle()
    await woken.check('all')
    assert.equal(woken.executions - before, 2)
  })

  it('loses and doubles nothing when events come twice, late, in another order or not at all, and workers die', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('land' as const), events: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ kind: fc.constant('deliver' as const), ends: fc.boolean(), shuffle: fc.boolean() }),
      fc.record({ kind: fc.constant('sweep' as const), landAt: fc.integer({ min: 0, max: 40 }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async steps => {
        const woken = await lake()
        let files = 0
        let deliveries = 0
        let sweeps = 0
        for (const each of steps) {
          if (each.kind === 'land') await woken.land(`f${files++}`, each.events)
          else if (each.kind === 'deliver') {
            if (each.shuffle) woken.queue.reverse()
            deliveries++
            await woken.deliver(() => woken.execute(), each.ends)
          } else {
            sweeps++
            await woken.execute(async operation => {
              if (operation !== each.landAt) return
              await woken.land(`f${files++}`)
              deliveries++
              await woken.deliver(() => woken.execute())
            })
          }
        }
        const before = woken.executions
        await woken.settle()
        const settled = woken.executions - before
        await woken.execute() // the sweep, for files of which no event came
        await woken.check(JSON.stringify(steps))
        // a delivery starts at most one execution
        assert(before <= 1 + deliveries + sweeps && settled <= DELIVERIES)
      }),
      { numRuns: 30 },
    )
  })

  it('takes a burst of 10,000 events with one execution', async () => {
    const woken = await lake()
    const before = woken.executions
    await woken.land('b', 10_000)
    await woken.settle()
    await woken.check('burst')
    assert.equal(woken.executions - before, 1)
  })
})
