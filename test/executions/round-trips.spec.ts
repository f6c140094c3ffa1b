import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { faultyStore, Meanwhile } from '../support/faulty-store.ts'
import { RoundTrips } from '../support/round-trips.ts'
import { World } from '../support/world.ts'

/** Calls in sequence of what is one call here: a statement of Athena is started, asked for, and its result read. */
const STEPS: Readonly<Record<string, number>> = { countRows: 3, locations: 3, write: 0, goByPartitions: 0 }
const BEFORE = 71

/** Calls by their kind, as the table in docs/scale.md names them. */
function kindOf(name: string): string {
  if (name === 'countRows') return 'Athena: count'
  if (/^(hasTable|ensureTable|setPartitions|listPartitions)$/.test(name)) return 'Glue'
  return name === 'isRunning' ? 'Step Functions' : 'S3'
}

describe('the critical path of a pass', () => {
  it('with one small file is half of what it was at most, and as docs/scale.md has it', async function () {
    this.timeout(60_000)
    const world = new World()
    world.claimsFirst = true
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    for (const name of ['a', 'b', 'c', 'd']) {
      await world.addReviews(name, [{ review_id: name, customer_id: '1', stars: 5 }])
      if (name !== 'd') await world.run()
    }
    const trips = new RoundTrips()
    class Network extends Meanwhile {
      override async around<T>(name: string, _: string, act: () => Promise<T>): Promise<T> {
        return trips.call(kindOf(name), act, STEPS[name])
      }
    }
    const network = new Network(async () => undefined)
    const { isRunning } = world.executions
    world.executions.isRunning = execution => trips.call(kindOf('isRunning'), () => isRunning(execution))
    const { workers, store } = world.workers(faultyStore(world.store, network), network)
    const rows: string[] = []
    for (const [name, work] of Object.entries(workers) as [keyof typeof workers, (typeof workers)['plan']][]) {
      workers[name] = async payload => {
        const from = trips.steps
        const output = await work(payload)
        const calls = trips.calls.slice(from, trips.steps)
        const kinds = calls.map(each => [...new Set(each)].sort().join(' ∥ '))
        rows.push(`| ${name} | ${calls.length} | ${grouped(kinds)} |`)
        return output
      }
    }
    const { committed } = await trips.of(() => world.runWith(workers, store))
    assert.equal(committed?.rows.written, 1)
    assert(trips.steps * 2 <= BEFORE, `${trips.steps} calls in sequence`)
    const documented = readFileSync('docs/scale.md', 'utf8')
    for (const row of rows) assert(documented.includes(row), `docs/scale.md lacks the line\n${rows.join('\n')}`)
    assert(documented.includes(`**${trips.steps} calls in sequence**`), `${trips.steps} calls in sequence`)
  })
})

/** `S3, S3, Glue` as `S3 × 2, Glue`. */
function grouped(kinds: readonly string[]): string {
  const runs: { kind: string; times: number }[] = []
  for (const kind of kinds) {
    const last = runs.at(-1)
    if (last?.kind === kind) last.times++
    else runs.push({ kind, times: 1 })
  }
  return runs.map(({ kind, times }) => (times === 1 ? kind : `${kind} × ${times}`)).join(', ')
}
