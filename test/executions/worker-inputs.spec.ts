import assert from 'node:assert/strict'
import { World } from '../support/world.ts'

type Name = keyof ReturnType<World['workers']>['workers']

/** A lake before each worker's call in a run, and what the call was given. */
async function calls(): Promise<{ name: Name; world: World; input: unknown }[]> {
  const world = new World()
  await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
  await world.addReviews('a', [{ review_id: 'a1', customer_id: '1', stars: 5 }])
  const { workers, store } = world.workers(world.store)
  const seen: { name: Name; world: World; input: unknown }[] = []
  for (const name of Object.keys(workers) as Name[]) {
    const work = workers[name]
    workers[name] = async input => {
      seen.push({ name, world: world.clone(), input })
      return work(input)
    }
  }
  await world.runWith(workers, store)
  return seen
}

/** The input with something else at each of its places, or without it. */
function* variants(value: unknown, path = ''): Generator<[string, unknown]> {
  for (const other of [null, 'x', '', -1, 0.5, 1e300, true, false, [], {}, [null]])
    if (JSON.stringify(other) !== JSON.stringify(value)) yield [`${path}=${JSON.stringify(other)}`, other]
  if (typeof value !== 'object' || value === null) return
  const isList = Array.isArray(value)
  for (const [key, inner] of Object.entries(value)) {
    const put = (each: unknown) =>
      isList ? value.map((old, i) => (String(i) === key ? each : old)) : { ...value, [key]: each }
    for (const [where, each] of variants(inner, `${path}.${key}`)) yield [where, put(each)]
    const rest = Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
    if (!isList) yield [`${path}.${key} missing`, rest]
  }
}

describe('a worker', () => {
  it('takes an input of any shape, or refuses it by name', async () => {
    const seen = await calls()
    assert.deepEqual(
      seen.map(({ name }) => name),
      ['plan', 'loadDimensions', 'join', 'commit', 'refresh'],
    )
    let refused = 0
    for (const { name, world, input } of seen) {
      for (const [where, variant] of variants(input)) {
        const other = world.clone()
        const { workers } = other.workers(other.store)
        const error = await workers[name](variant).then(
          () => undefined,
          (thrown: Error) => thrown,
        )
        if (!error) continue
        assert.match(error.name, /^(InvalidInput|FormatMismatch|ResultRefused)$/, `${name} ${where}: ${error.stack}`)
        refused++
      }
    }
    assert(refused > 500, `${refused}`)
  })

  it('says which field is wrong', async () => {
    const seen = await calls()
    const call = async (worker: Name, change: (input: never) => unknown) => {
      const { world, input } = seen.find(({ name }) => name === worker) ?? assert.fail(worker)
      const { workers } = world.workers(world.store)
      return workers[worker](change(structuredClone(input) as never))
    }
    const withState = (change: object) => (input: { state: object }) => ({ state: { ...input.state, ...change } })
    for (const [worker, change, message] of [
      ['commit', withState({ hasWork: false }), /hasWork is false/],
      ['commit', withState({ work: null }), /has work, but does not say which/],
      ['commit', withState({ done: 'x' }), /state\.done must be Array/],
      ['refresh', withState({ parked: { rows: -1 } }), /state\.parked\.rows must be >=0/],
      ['refresh', () => ({}), /\{"state"\} as Plan made it: state is missing/],
      ['plan', (input: object) => ({ ...input, startTime: 'now' }), /startTime must be iso timestamp/],
      ['loadDimensions', () => null, /\{"format", "query"\}: it must be Object/],
      ['join', (input: object) => ({ ...input, item: { item: 0 } }), /item\.bronze is missing/],
    ] as [Name, (input: never) => unknown, RegExp][]) {
      await assert.rejects(call(worker, change), { name: 'InvalidInput', message })
    }
  })
})
