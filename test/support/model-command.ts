import assert from 'node:assert/strict'
import type fc from 'fast-check'
import { assertVersions, deltaRows, readDelta, rowsInLog } from './delta-reader.ts'
import { hasAllEntries } from './mend.ts'
import type { Model, Name, Row } from './model.ts'
import type { World } from './world.ts'

/** The lake that a model is held against. */
export interface Real {
  readonly world: World
  /** What each file once held. */
  readonly contents: Map<Name, (readonly string[])[]>
  edits: number
}

/** Versions of the Delta log that were looked at. */
export const looked = { versions: 0 }

type Command = fc.AsyncCommand<Model, Real>

async function check(model: Model, { world }: Real): Promise<void> {
  const ids = (rows: Iterable<string>) => [...rows].map(row => JSON.parse(row).id).sort()
  const silver = (await world.silver()).map(row => JSON.parse(row).review_id)
  assert.deepEqual(silver.sort(), ids(model.silver), 'silver')
  assert.deepEqual(await world.parked(), ids(model.parked.keys()), 'parked')
  model.sparkTold ||= await hasAllEntries(world)
  if (model.sparkTold && model.taken.size > 0) assert.deepEqual(await world.spark(), await world.silver(), 'Spark')
  await checkDelta(model, world)
}

/** At its newest version the Delta table has the rows of the log at that version, and at each other one the files. */
async function checkDelta(model: Model, { store, layout }: World): Promise<void> {
  const snapshot = await readDelta(store, layout).catch(error => {
    if (model.deltaTold || error.name !== 'ObjectMissing') throw error
  })
  if (!snapshot) return
  looked.versions++
  model.deltaTold = true
  assert.deepEqual(await deltaRows(store, layout, snapshot), await rowsInLog(store, layout, snapshot.version), 'Delta')
  await assertVersions(store, layout, model.horizon)
}

/** A command after which the lake must hold what the model says. */
export function command(
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

/** Puts a review file of labelled rows into the model and the world. */
export async function write(
  model: Model,
  { world, contents }: Real,
  name: Name,
  labelled: readonly string[],
): Promise<void> {
  model.bronze.set(name, labelled)
  contents.set(name, [...(contents.get(name) ?? []), labelled])
  const rows = labelled.map(each => JSON.parse(each))
  await world.addReviews(
    name,
    rows.map(({ id, row: [customer, stars] }) => ({ review_id: id, customer_id: customer, stars })),
  )
}

/** The rows of a file as texts, each with an id of its own. */
export function label(name: Name, edit: number, rows: readonly Row[]): string[] {
  return rows.map((row, i) => JSON.stringify({ id: `${name}-${edit}-${i}`, row }))
}
