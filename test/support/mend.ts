import assert from 'node:assert/strict'
import type { Json } from '../../functions/adapters/step-functions/distributed-map.ts'
import { checkLog } from '../../functions/log/check.ts'
import { rebuild } from './loss.ts'
import type { Model } from './model.ts'
import type { World } from './world.ts'

const DAY = 86_400_000

/** Runs; where the log is refused, or has a fault that no run sees, it is rebuilt before. Returns whether it was. */
export async function runAndMend(model: Model, world: World, input: Json): Promise<boolean> {
  const refused = await world.run(input).then(
    () => false,
    error => {
      assert.equal(error.name, 'BrokenLog', error.stack)
      return true
    },
  )
  const faults = await checkLog(world.store, world.layout)
  if (!refused && faults.length === 0) return false
  await rebuild(world)
  assert.deepEqual(await checkLog(world.store, world.layout), [])
  await settle(model, world, true)
  return true
}

/**
 * Lets a run after a rebuild look at all that waits: what commits that are left know of it, it may know of as well, so a
 * customer comes. Days later it asks the catalog too.
 */
export async function settle(model: Model, world: World, rebuilt: boolean): Promise<void> {
  if (rebuilt) {
    const id = `new ${model.customers.size}`
    model.customers.add(id)
    await world.addCustomers(id, [{ customer_id: id, customer_name: id }])
  }
  world.now += 20 * DAY
  await world.run()
  model.run()
}

/** Whether no entry for Spark's readers is missing since the last list of all. */
export async function hasAllEntries(world: World): Promise<boolean> {
  return world.spark().then(
    () => true,
    () => false,
  )
}
