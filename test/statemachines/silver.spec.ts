import assert from 'node:assert/strict'
import validate from 'asl-validator'
import { readDefinition } from '../../functions/adapters/step-functions/definition.ts'
import { runStateMachine } from '../../functions/adapters/step-functions/state-machine.ts'
import { DEATHS, RETRYABLE } from '../../functions/base/errors.ts'
import { MemoryStore } from '../support/memory-store.ts'

type State = Record<string, unknown>

/** Every state, those of the Map's children too. */
async function allStates(): Promise<[string, State][]> {
  const { States } = await readDefinition()
  const map = States.JoinFiles as { ItemProcessor: { States: Record<string, State> } }
  return [...Object.entries(States), ...Object.entries(map.ItemProcessor.States)]
}

describe('statemachines/silver.asl.yml', () => {
  it('is valid Amazon States Language', async () => {
    const { isValid, errors } = validate(await readDefinition())
    assert.deepEqual(errors, [])
    assert(isValid)
  })

  it('has a timeout and retries on every task, with backoff, full jitter and a cap', async () => {
    const tasks = (await allStates()).filter(([, state]) => state.Type === 'Task')
    assert.deepEqual(tasks.map(([name]) => name).sort(), [
      'Commit',
      'Join',
      'LeaveOut',
      'LoadDimensions',
      'Plan',
      'RefreshPartitions',
    ])
    for (const [name, { TimeoutSeconds, Retry }] of tasks) {
      assert(Number(TimeoutSeconds) <= 900, `${name} has no timeout that Lambda could keep`)
      const [retrier] = Retry as { ErrorEquals: string[]; [field: string]: unknown }[]
      assert(retrier)
      assert(
        Number(retrier.BackoffRate) > 1 && retrier.JitterStrategy === 'FULL' && Number(retrier.MaxDelaySeconds) > 0,
      )
      for (const error of [...RETRYABLE, 'Lambda.ServiceException', 'Lambda.TooManyRequestsException']) {
        assert(retrier.ErrorEquals.includes(error), `${name} does not try again after ${error}`)
      }
    }
  })

  it('lets uncaught errors end the execution where they happened, so that it can be redriven', async () => {
    const states = await allStates()
    assert.equal(
      states.find(([, { Type }]) => Type === 'Fail'),
      undefined,
    )
    const catching = states.filter(([, state]) => 'Catch' in state)
    assert.deepEqual(
      catching.map(([name]) => name),
      ['LoadDimensions', 'Join'],
    )
    for (const [name, state] of catching) {
      const [catcher] = state.Catch as { ErrorEquals: string[]; Next: string }[]
      const next = states.find(([other]) => other === catcher?.Next)?.[1]
      assert.equal(next?.Type, 'Task', `${name} goes on where an error was caught`)
    }
  })

  it('goes on without the files of an item when its worker has died three times, and after no other error', async () => {
    const { Join } = Object.fromEntries(await allStates())
    const [catcher] = Join?.Catch as { ErrorEquals: string[] }[]
    const [, retrier] = Join?.Retry as { ErrorEquals: string[]; MaxAttempts: number }[]
    assert.deepEqual([catcher?.ErrorEquals, retrier?.ErrorEquals, retrier?.MaxAttempts], [DEATHS, DEATHS, 2])
  })

  it('keeps to what real Step Functions and the local interpreter run alike', async () => {
    const states = await allStates()
    assert.equal(
      new Set(states.map(([name]) => name)).size,
      states.length,
      'state names are unique over the whole file',
    )
    for (const [, state] of states) {
      assert.notEqual(state.ResultPath, '$')
      assert(!('ItemBatcher' in state) && !('QueryLanguage' in state))
    }
    const { JoinFiles } = (await readDefinition()).States
    assert.equal(JoinFiles?.ResultPath, null)
  })
})

/** Workers that record what they were given. */
function recorder(answers: Record<string, (payload: never) => unknown>) {
  const calls: [string, unknown][] = []
  const workers = Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => [
      name,
      async (payload: unknown) => {
        calls.push([name, payload])
        return answer(payload as never)
      },
    ]),
  )
  return { calls, workers }
}

const working = {
  format: 1,
  hasWork: true,
  bucket: 'b',
  plan: 'plan.json',
  query: 'query.json',
  maxConcurrency: 2,
  more: false,
}
const execution = { id: 'arn:execution', startTime: '2026-11-24T07:15:00.000Z', input: { prefix: 'p/' } }

async function storeWithItems(count: number): Promise<MemoryStore> {
  const store = new MemoryStore()
  const items = Array.from({ length: count }, (_, item) => ({ item }))
  await store.put('plan.json', new TextEncoder().encode(JSON.stringify(items)))
  return store
}

describe('runStateMachine()', () => {
  const passThrough = ({ state }: { state: object }) => ({ ...state, refreshed: true, waitSeconds: 0 })

  it('takes a run from Plan to Done and gives each worker what it asks for', async () => {
    const { calls, workers } = recorder({
      plan: () => ({ ...working, pass: 0 }),
      loadDimensions: () => ({ loaded: [{ name: 'customers', rows: 5, reused: false }] }),
      join: () => ({ anything: true }),
      commit: passThrough,
      refresh: passThrough,
    })
    const output = await runStateMachine(execution, { workers, store: await storeWithItems(3) })
    const { id, startTime, input } = execution
    assert.deepEqual(calls[0], ['plan', { execution: id, startTime, input, state: input }])
    assert.deepEqual(calls[1], ['loadDimensions', { format: 1, query: 'query.json' }])
    const joins = calls.filter(([name]) => name === 'join').map(([, payload]) => payload)
    assert.deepEqual(
      joins,
      [0, 1, 2].map(item => ({ format: 1, query: 'query.json', item: { item } })),
    )
    assert.deepEqual(
      calls.slice(5).map(([name]) => name),
      ['commit', 'refresh'],
    )
    assert.deepEqual(output, {
      ...working,
      pass: 0,
      dimensions: { loaded: [{ name: 'customers', rows: 5, reused: false }] },
      refreshed: true,
      waitSeconds: 0,
    })
  })

  it('goes straight to RefreshPartitions when there is nothing to join', async () => {
    const { calls, workers } = recorder({ plan: () => ({ ...working, hasWork: false, pass: 0 }), refresh: passThrough })
    await runStateMachine(execution, { workers, store: new MemoryStore() })
    assert.deepEqual(
      calls.map(([name]) => name),
      ['plan', 'refresh'],
    )
  })

  it('plans again while there is more, at most 100 passes', async () => {
    const { calls, workers } = recorder({
      plan: ({ state }: { state: { pass?: number } }) => ({
        ...working,
        hasWork: false,
        more: true,
        pass: (state.pass ?? -1) + 1,
      }),
      refresh: passThrough,
    })
    await runStateMachine(execution, { workers, store: new MemoryStore() })
    assert.equal(calls.filter(([name]) => name === 'plan').length, 100)
  })

  it('refreshes slice by slice before it goes on', async () => {
    let slices = 3
    const { calls, workers } = recorder({
      plan: () => ({ ...working, hasWork: false, pass: 0 }),
      refresh: ({ state }: { state: object }) => ({ ...state, refreshed: --slices === 0, waitSeconds: 0 }),
    })
    await runStateMachine(execution, { workers, store: new MemoryStore() })
    assert.deepEqual(
      calls.map(([name]) => name),
      ['plan', 'refresh', 'refresh', 'refresh'],
    )
  })

  it('plans again when the customers have changed under it', async () => {
    let passes = 0
    const { calls, workers } = recorder({
      plan: () => ({ ...working, pass: passes++ }),
      loadDimensions: () => {
        if (passes === 1) throw Object.assign(new Error('changed'), { name: 'DimensionChanged' })
        return { loaded: [] }
      },
      join: () => ({}),
      commit: passThrough,
      refresh: passThrough,
    })
    await runStateMachine(execution, { workers, store: await storeWithItems(1) })
    assert.deepEqual(
      calls.map(([name]) => name),
      ['plan', 'loadDimensions', 'plan', 'loadDimensions', 'join', 'commit', 'refresh'],
    )
  })

  it('respects maxConcurrency', async () => {
    let running = 0
    let most = 0
    const { workers } = recorder({
      plan: () => ({ ...working, pass: 0, maxConcurrency: 3 }),
      loadDimensions: () => ({ loaded: [] }),
      join: async () => {
        most = Math.max(most, ++running)
        await new Promise(setImmediate)
        running--
      },
      commit: passThrough,
      refresh: passThrough,
    })
    await runStateMachine(execution, { workers, store: await storeWithItems(20) })
    assert.equal(most, 3)
  })

  it('tries a task again after a retryable error, and not after another', async () => {
    for (const [name, tries] of [
      ['StoreUnavailable', 3],
      ['ResultRefused', 1],
    ] as const) {
      let calls = 0
      const { workers } = recorder({
        plan: () => {
          if (++calls < 3) throw Object.assign(new Error('no'), { name })
          return { ...working, hasWork: false, pass: 0 }
        },
        refresh: passThrough,
      })
      const run = runStateMachine(execution, { workers, store: new MemoryStore(), retryInterval: 0 })
      if (tries === 1) await assert.rejects(run, { name, message: 'no' })
      else await run
      assert.equal(calls, tries)
    }
  })

  it('ends with the error of a child, once the others in flight have ended', async () => {
    let ended = 0
    const { workers } = recorder({
      plan: () => ({ ...working, pass: 0, maxConcurrency: 4 }),
      loadDimensions: () => ({ loaded: [] }),
      join: async ({ item }: { item: { item: number } }) => {
        if (item.item === 1) throw Object.assign(new Error('bad item'), { name: 'ResultRefused' })
        await new Promise(done => setTimeout(done, 20))
        ended++
      },
    })
    const run = runStateMachine(execution, { workers, store: await storeWithItems(50) })
    await assert.rejects(run, { name: 'ResultRefused', message: 'bad item' })
    assert.equal(ended, 3)
  })
})
