import assert from 'node:assert/strict'
import fc from 'fast-check'
import { ExecutionsUnavailable, InvalidInput } from '../../../functions/base/errors.ts'
import { LEASE } from '../../../functions/lake/claim.ts'
import { parseWakeEvent, type WakeMessage, wake, wakeName } from '../../../functions/pipeline/wake/wake.ts'
import { createWake } from '../../../functions/pipeline/wake/worker.ts'
import { World } from '../../support/world.ts'

const ARN = 'arn:aws:states:local:0:execution:silver:'
const names = ({ batchItemFailures }: { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] }) =>
  batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)

describe('Wake', () => {
  let world: World
  let started: string[]
  beforeEach(() => {
    world = new World()
    started = []
  })
  const message = (messageId: string, sent = world.now): WakeMessage => ({ messageId, sent })
  const dependencies = () => ({
    store: world.store,
    layout: world.layout,
    executions: world.executions,
    clock: () => world.now,
    starter: {
      start: async (name: string) => {
        if (started.includes(name)) return false
        started.push(name)
        return true
      },
    },
  })
  const hold = (execution: string) =>
    world.store.put(world.layout.claim, new TextEncoder().encode(JSON.stringify({ execution, renewals: 1 })))

  it('starts one execution for all messages of a batch, by a name that says when', async () => {
    const { batchItemFailures, started: name } = await wake([message('a'), message('b')], dependencies())
    assert.deepEqual([batchItemFailures, started], [[], [name]])
    assert.equal(name, 'wake-20261124T071500000Z')
  })

  it('leaves all messages while an execution holds the claim, and starts one when that has ended', async () => {
    await hold(`${ARN}other`)
    world.running.add(`${ARN}other`)
    const first = await wake([message('a'), message('b')], dependencies())
    assert.deepEqual([names(first), first.holder, started], [['a', 'b'], `${ARN}other`, []])
    world.running.clear()
    assert.deepEqual(names(await wake([message('a'), message('b')], dependencies())), [])
    assert.equal(started.length, 1)
  })

  it('leaves the messages behind a run of which nothing is known for as long as a lease; then Plan watches that', async () => {
    await hold('somebody')
    world.unknown.add('somebody')
    const sent = world.now
    world.now += LEASE - 1
    assert.deepEqual(names(await wake([message('a', sent)], dependencies())), ['a'])
    world.now += 1
    assert.deepEqual(names(await wake([message('a', sent)], dependencies())), [])
  })

  it('leaves the messages where an execution of the name has been', async () => {
    started.push(wakeName(world.now))
    assert.deepEqual(names(await wake([message('a')], dependencies())), ['a'])
  })

  it('fails where Step Functions does, after which all messages come again', async () => {
    const failing = { start: () => Promise.reject(new ExecutionsUnavailable('ThrottlingException')) }
    const { handler } = createWake(() => ({ ...dependencies(), starter: failing }))
    const event = { Records: [{ messageId: 'a', attributes: { SentTimestamp: '1' }, body: 'not looked at' }] }
    await assert.rejects(handler(event), { name: 'ExecutionsUnavailable' })
  })

  it('does nothing without messages', async () => {
    assert.deepEqual(await wake([], dependencies()), { batchItemFailures: [], started: null, holder: null })
    assert.deepEqual(started, [])
  })

  it('takes what is not an event of a queue for an error, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), event => {
        try {
          assert(parseWakeEvent(event).every(({ sent }) => Number.isSafeInteger(sent)))
        } catch (error) {
          assert(error instanceof InvalidInput)
        }
      }),
    )
    assert.throws(() => parseWakeEvent({ Records: [{ messageId: 'a', attributes: {} }] }), InvalidInput)
  })
})
