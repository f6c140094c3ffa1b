import assert from 'node:assert/strict'
import fc from 'fast-check'
import { rebuildLog } from '../../scripts/upkeep/rebuild.ts'
import { findRubbish, removeRubbish } from '../../scripts/upkeep/vacuum.ts'
import { Crash, crashAt } from '../support/faulty-store.ts'
import { World } from '../support/world.ts'

const ALL = { reprocess: { from: '2000-01-01', to: '2100-01-01' } }
const NAMES = ['x/a', 'x/b', 'y/a', 'y/b'] as const
type Name = (typeof NAMES)[number]
/** A row's customer: '1' is there from the start, '2' and '3' may come, null is nobody. `stars` 1 is filtered. */
type Row = readonly [customer: string | null, stars: number]

/** What silver must hold, without a word about how. */
class Model {
  readonly bronze = new Map<Name, readonly string[]>()
  /** For each file that was taken: its rows as they were then. */
  readonly taken = new Map<Name, readonly string[]>()
  readonly customers = new Set(['1'])
  /** Rows whose customer was known when they, or what waited of them, were last looked at. */
  readonly silver = new Set<string>()
  readonly parked = new Set<string>()

  /** A run takes new files, and looks at what waits. */
  run(within = ''): void {
    for (const [name, rows] of this.bronze) if (name.startsWith(within) && !this.taken.has(name)) this.take(name, rows)
    if (within === '') for (const row of [...this.parked]) this.look(row)
  }

  /** Takes changed files as they are now: nothing of what they were before stays. */
  takeChanged(): void {
    for (const name of this.changed()) {
      for (const row of this.taken.get(name) ?? []) {
        this.silver.delete(row)
        this.parked.delete(row)
      }
      this.take(name, this.bronze.get(name) ?? [])
    }
  }

  changed(): Name[] {
    return [...this.taken].filter(([name, rows]) => this.bronze.get(name) !== rows).map(([name]) => name)
  }

  private take(name: Name, rows: readonly string[]): void {
    this.taken.set(name, rows)
    for (const row of rows) this.look(row)
  }

  private look(row: string): void {
    const [customer, stars] = JSON.parse(row).row
    if (stars === 1 || customer === null) return
    this.parked.delete(row)
    const set = this.customers.has(customer) ? this.silver : this.parked
    set.add(row)
  }
}

interface Real {
  readonly world: World
  edits: number
}

type Command = fc.AsyncCommand<Model, Real>

async function check(model: Model, { world }: Real): Promise<void> {
  const ids = (rows: Iterable<string>) => [...rows].map(row => JSON.parse(row).id).sort()
  const silver = (await world.silver()).map(row => JSON.parse(row).review_id)
  assert.deepEqual(silver.sort(), ids(model.silver), 'silver')
  assert.deepEqual(await world.parked(), ids(model.parked), 'parked')
}

function command(
  name: string,
  run: (model: Model, real: Real) => Promise<void>,
  check_ = (_: Readonly<Model>) => true,
): Command {
  return {
    check: check_,
    run: async (model, real) => {
      await run(model, real)
      await check(model, real)
    },
    toString: () => name,
  }
}

async function write(model: Model, real: Real, name: Name, rows: readonly Row[]): Promise<void> {
  const edit = real.edits++
  const labelled = rows.map((row, i) => ({ id: `${name}-${edit}-${i}`, row }))
  model.bronze.set(
    name,
    labelled.map(each => JSON.stringify(each)),
  )
  await real.world.addReviews(
    name,
    labelled.map(({ id, row: [customer, stars] }) => ({ review_id: id, customer_id: customer, stars })),
  )
}

const rows = fc.array(fc.tuple(fc.constantFrom('1', '2', '3', null), fc.constantFrom(1, 5)), {
  minLength: 1,
  maxLength: 4,
})
const never = { isRunning: async () => false }

const commands = [
  fc
    .tuple(fc.constantFrom(...NAMES), rows)
    .map(([name, content]) =>
      command(`put ${name} ${JSON.stringify(content)}`, (model, real) => write(model, real, name, content)),
    ),
  fc.constantFrom('2', '3').map(id =>
    command(`customer ${id}`, async (model, { world }) => {
      model.customers.add(id)
      await world.addCustomers(id, [{ customer_id: id, customer_name: id }])
    }),
  ),
  fc.constant(
    command('run', async (model, { world }) => {
      await world.run()
      model.run()
      if (model.taken.size > 0) assert.deepEqual(await world.spark(), await world.silver(), "Spark's readers")
    }),
  ),
  fc.tuple(fc.nat(120), fc.boolean()).map(([k, before]) =>
    command(`crash at ${k} ${before ? 'before' : 'after'}, run`, async (model, { world }) => {
      await world
        .run({}, { faults: crashAt(k + 1, before ? 'before' : 'after') })
        .catch(error => assert(error instanceof Crash, error))
      await world.run()
      model.run()
    }),
  ),
  fc.constantFrom('x/', 'y/').map(folder =>
    command(`backfill ${folder}`, async (model, { world }) => {
      await world.run({ prefix: `bronze/reviews/${folder}` })
      model.run(folder)
    }),
  ),
  fc.constant(
    command('reprocess all', async (model, { world }) => {
      if (model.changed().length > 0) await assert.rejects(world.run(ALL), { name: 'ReplaceRefused' })
      else await world.run(ALL)
    }),
  ),
  fc.tuple(fc.nat(120), fc.boolean()).map(([k, before]) =>
    command(`reprocess changed, crash at ${k}, again`, async (model, { world }) => {
      const input = { reprocess: { changed: true } }
      const faults = crashAt(k + 1, before ? 'before' : 'after')
      await world.run(input, { faults }).catch(error => assert(error instanceof Crash, error))
      await world.run(input)
      model.takeChanged()
    }),
  ),
  fc.constant(
    command('vacuum', async (_, { world }) => {
      world.now += 2 * 86_400_000
      const options = {
        store: world.store,
        layout: world.layout,
        now: world.now,
        olderThan: 86_400_000,
        executions: never,
      }
      for (const found of await findRubbish(options)) await removeRubbish(found, options)
    }),
  ),
  fc.constant(
    command(
      'lose the log, rebuild',
      async (_, { world }) => {
        await lose(world, world.layout.log)
        await rebuildLog({
          store: world.store,
          layout: world.layout,
          executions: never,
          catalog: world.catalog,
          dryRun: false,
        })
      },
      model => model.taken.size > 0,
    ),
  ),
  fc
    .constantFrom('published.json', 'spark-metadata.json', 'claim.json', 'customers/')
    .map(name => command(`lose ${name}`, (_, { world }) => lose(world, world.layout.hidden + name))),
]

async function lose(world: World, prefix: string): Promise<void> {
  for (const key of [...world.store.objects.keys()]) if (key.startsWith(prefix)) await world.store.delete(key)
}

describe('a lake', () => {
  it('holds what the model says, whatever happens to it', async () => {
    let lives = 0
    let events = 0
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { maxCommands: 25, size: 'max' }), async sequence => {
        const world = new World({ maxFilesPerBatch: 2 })
        await world.addCustomers('1', [{ customer_id: '1', customer_name: '1' }])
        await fc.asyncModelRun(() => ({ model: new Model(), real: { world, edits: 0 } }), sequence)
        lives++
        events += [...sequence].length
      }),
      { numRuns: Number(process.env.MODEL_RUNS ?? 200), seed: Number(process.env.MODEL_SEED ?? 20_261_124) },
    )
    console.log(`      ${lives} lives of ${events} events`)
  })
})
