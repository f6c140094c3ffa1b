import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Json } from '../../functions/adapters/step-functions/distributed-map.ts'
import { findRubbish, removeRubbish } from '../../functions/maintain/vacuum.ts'
import { Crash, crashAt, faultyStore } from '../support/faulty-store.ts'
import { commitKeys, type Harm, harmAny, lose, loseHints, loseLog, loseSink, rebuild } from '../support/loss.ts'
import { runAndMend, settle } from '../support/mend.ts'
import { BROKEN, MORE_NAMES, Model, NAMES } from '../support/model.ts'
import { command, label, looked, type Real, write } from '../support/model-command.ts'
import { compact } from '../support/packable-lake.ts'
import { SQL, World } from '../support/world.ts'

const DAY = 86_400_000
const ALL = { reprocess: { all: true } } as const
let crashes = 0
let harmed = 0
let rebuilds = 0
let packed = 0
let merged = 0

/** Runs until it dies, if it comes so far, and once more. */
async function runTwice(world: World, input: Json, k: number, before: boolean): Promise<void> {
  const faults = crashAt(k + 1, before ? 'before' : 'after')
  await world.run(input, { faults }).catch(error => {
    assert(error instanceof Crash, error)
    crashes++
  })
  await world.run(input)
}

const rows = fc.array(fc.tuple(fc.constantFrom('1', '2', '3', null), fc.constantFrom(1, 5)), {
  minLength: 1,
  maxLength: 4,
})
const never = { isRunning: async () => false }
const names = fc.constantFrom(...NAMES)
const crash = fc.tuple(fc.nat(120), fc.boolean())

const harm = fc.record({
  how: fc.constantFrom('delete', 'flip', 'cut'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
}) satisfies fc.Arbitrary<Harm>

/** How batches are packed: each by itself or, with `merge`, those of a day together; in their order or sorted. */
const ways = fc.record({ merge: fc.boolean(), sort: fc.constantFrom(undefined, 'stars') })
const inWords = ({ merge, sort }: { readonly merge: boolean; readonly sort: string | undefined }) =>
  `compact${merge ? ' days' : ''}${sort === undefined ? '' : ` by ${sort}`}`

/** Packs all batches. */
const packing = (way: Parameters<typeof inWords>[0]) =>
  command(inWords(way), async (_, { world }) => {
    world.now += DAY
    const done = await compact(world, { before: world.now, factor: 1, ...way })
    packed += done.length
    merged += done.filter(({ absorbs, outcome }) => outcome === 'packed' && absorbs.length > 0).length
  })

const commands = [
  fc.tuple(names, rows).map(([name, content]) =>
    command(`put ${name} ${JSON.stringify(content)}`, async (model, real) => {
      await write(model, real, name, label(name, real.edits++, content))
    }),
  ),
  fc.tuple(names, fc.nat(3)).map(([name, back]) =>
    command(`put ${name} as it was`, async (model, real) => {
      const old = real.contents.get(name)?.at(-1 - back)
      if (old) await write(model, real, name, old)
    }),
  ),
  names.map(name =>
    command(
      `break ${name}`,
      async (model, { world }) => {
        if (model.taken.has(name)) return
        model.bronze.set(name, BROKEN)
        await world.store.put(`bronze/reviews/${name}.parquet`, new TextEncoder().encode('no Parquet'))
      },
      model => model.taken.size > 0,
    ),
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
    }),
  ),
  crash.map(([k, before]) =>
    command(`crash at ${k} ${before ? 'before' : 'after'}, run`, async (model, { world }) => {
      await runTwice(world, {}, k, before)
      model.run()
    }),
  ),
  fc.constantFrom('x/', 'y/').map(folder =>
    command(`backfill ${folder}`, async (model, { world }) => {
      await world.run({ prefix: `bronze/reviews/${folder}` })
      model.run(folder)
    }),
  ),
  fc.tuple(crash, fc.constantFrom(1, 2)).map(([[k, before], least]) =>
    command(`reprocess all with stars >= ${least}, crash at ${k}, again`, async (model, { world }) => {
      if (model.changed().length > 0) {
        // the batches of unchanged files are written again all the same, with the query that they had
        await assert.rejects(world.run(ALL), { name: 'ReplaceRefused' })
        return
      }
      world.sql = SQL.replace('r.stars > 1', `r.stars >= ${least}`)
      model.least = least
      await runTwice(world, ALL, k, before)
      model.reprocess()
    }),
  ),
  crash.map(([k, before]) =>
    command(`reprocess changed, crash at ${k}, again`, async (model, { world }) => {
      await runTwice(world, { reprocess: { changed: true } }, k, before)
      model.takeChanged()
    }),
  ),
  fc.constant(
    command('vacuum', async (model, { world }) => {
      world.now += 2 * DAY
      const { store, layout, now } = world
      const options = { store, layout, now, olderThan: DAY, executions: never }
      model.horizon = Math.max(model.horizon, now - DAY)
      for (const found of await findRubbish(options)) await removeRubbish(found, options)
    }),
  ),
  ways.map(packing),
  fc.tuple(crash, ways).map(([[k, before], way]) =>
    command(`${inWords(way)}, crash at ${k} ${before ? 'before' : 'after'}`, async (_, { world }) => {
      world.now += DAY
      const store = faultyStore(world.store, crashAt(k + 1, before ? 'before' : 'after'))
      const packing = compact(world, { before: world.now, factor: 1, ...way, store })
      await packing.catch(error => {
        assert(error instanceof Crash, error)
        crashes++
      })
    }),
  ),
  fc.constant(
    command('the clock goes back', async (_, { world }) => {
      world.now -= 1.5 * DAY
    }),
  ),
  fc.boolean().map(catalogToo =>
    command(
      `lose the log${catalogToo ? ' and the catalog' : ''}, run, rebuild`,
      async (model, { world }) => {
        await loseLog(world)
        await assert.rejects(world.run(), { name: 'BrokenLog' })
        if (catalogToo) world.catalog.partitions.clear()
        await rebuild(world)
        // the next run looks at all that waits, and tells the catalog
        for (const row of model.parked.keys()) model.parked.set(row, -1)
        await world.run()
        model.run()
      },
      model => model.taken.size > 0,
    ),
  ),
  fc.constant(
    command('lose the catalog, run days later', async (model, { world }) => {
      world.catalog.partitions.clear()
      world.now += 20 * DAY
      await world.run()
      model.run()
    }),
  ),
  fc
    .constantFrom('claim.json', 'customers/')
    .map(name =>
      command(`lose ${name}`, (_, { world }) => lose(world, key => key.startsWith(world.layout.hidden + name))),
    ),
]

/** Losses and damages, and what is done about them. */
const harms = [
  fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), harm).map(([which, harm]) =>
    command(`${harm.how} at ${harm.at} of object ${which}, run`, async (model, { world }) => {
      await harmOne(world, which, harm, model)
      await runMended(model, world, {})
      model.run()
    }),
  ),
  fc
    .tuple(fc.double({ min: 0, max: 1, noNaN: true }), harm, crash, fc.boolean())
    .map(([which, harm, [k, before], changed]) =>
      command(
        `${changed ? 'reprocess changed' : 'run'}, crash at ${k}, ${harm.how} at ${harm.at} of object ${which}, again`,
        async (model, { world }) => {
          const input = changed ? { reprocess: { changed: true } } : {}
          const faults = crashAt(k + 1, before ? 'before' : 'after')
          await world.run(input, { faults }).catch(error => {
            assert(error instanceof Crash, error)
            crashes++
          })
          await harmOne(world, which, harm, model)
          if (await runMended(model, world, input)) {
            // the run that mended took up what waits as well
            if (changed) await world.run(input)
          }
          if (changed) model.takeChanged()
          else model.run()
        },
      ),
    ),
  fc.tuple(fc.nat(255), fc.nat(7)).map(([mask, readers]) =>
    command(
      `lose commits ${mask.toString(2)} from the end and readers ${readers.toString(2)}, rebuild, run`,
      async (model, { world }) => {
        const keys = commitKeys(world)
        for (const [i, key] of keys.reverse().entries()) if (mask & (1 << (i % 8))) await world.store.delete(key)
        if (readers & 1) await loseSink(world)
        if (readers & 2) world.catalog.partitions.clear()
        if (readers & 4) await loseHints(world)
        const rebuilt = await rebuild(world).then(
          () => true,
          error => {
            assert.match(error.message, /the log is whole/)
            return false
          },
        )
        await settle(model, world, rebuilt)
      },
      model => model.taken.size > 0,
    ),
  ),
]

/** Loses or damages one object; an entry for Spark's readers that is gone may stay so until a list of all is due. */
async function harmOne(world: World, which: number, harm: Harm, model: Model): Promise<void> {
  const key = await harmAny(world, which, harm)
  if (key !== undefined) harmed++
  if (key?.includes('/_spark_metadata/')) model.sparkTold = false
  if (key?.includes('/_delta_log/')) model.deltaTold = false
}

/** Runs and mends; counts the rebuilds. */
async function runMended(model: Model, world: World, input: Json): Promise<boolean> {
  const rebuilt = await runAndMend(model, world, input)
  if (rebuilt) rebuilds++
  return rebuilt
}

/** Files that come one after another, each in a batch of its own, and the batches put together. */
const merges = [
  fc.tuple(fc.constantFrom(...NAMES, ...MORE_NAMES), rows).map(([name, content]) =>
    command(`put ${name} ${JSON.stringify(content)}, run`, async (model, real) => {
      await write(model, real, name, label(name, real.edits++, content))
      await real.world.run()
      model.run()
    }),
  ),
  fc.constantFrom(undefined, 'stars').map(sort => packing({ merge: true, sort })),
  fc.constantFrom('2', '3').map(id =>
    command(`customer ${id}, run`, async (model, { world }) => {
      model.customers.add(id)
      await world.addCustomers(id, [{ customer_id: id, customer_name: id }])
      await world.run()
      model.run()
    }),
  ),
] as const

/** Lets lakes live, and says what they have seen. */
async function live(events: readonly fc.Arbitrary<fc.AsyncCommand<Model, Real>>[]): Promise<void> {
  let lives = 0
  let seen = 0
  await fc.assert(
    fc.asyncProperty(fc.commands([...events], { maxCommands: 25, size: 'max' }), async sequence => {
      const world = new World({ maxFilesPerBatch: 2 })
      await world.addCustomers('1', [{ customer_id: '1', customer_name: '1' }])
      await fc.asyncModelRun(() => ({ model: new Model(), real: { world, contents: new Map(), edits: 0 } }), sequence)
      lives++
      seen += [...sequence].length
    }),
    { numRuns: Number(process.env.LIVES ?? 400), seed: Number(process.env.MODEL_SEED ?? 20_261_124) },
  )
  assert(crashes > 0 && rebuilds > 0 && looked.versions > 0 && packed > 0)
  console.log(
    `      ${lives} lives of ${seen} events, ${crashes} deaths, ${harmed} objects lost or damaged, ${packed} times batches ` +
      `packed, ${merged} of them several as one, and ${rebuilds} rebuilds among them`,
  )
}

describe('a lake', () => {
  it('holds what the model says, whatever happens to it', () => live([...commands, ...harms, ...harms]))

  it('holds it where batches become one now and then', async () => {
    const [put, pack, customer] = merges
    const often = Array.from({ length: 5 }, () => [put, put, put, pack, customer]).flat()
    await live([...commands, ...harms, ...often])
    assert(merged > 0)
  })
})
