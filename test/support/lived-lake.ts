import { World } from './world.ts'

const REPROCESS = { reprocess: { from: '2000-01-01', to: '2100-01-01' } }

/** A lake that has seen everything: several batches, rows that were parked, taken in, and written again. */
export async function lived(): Promise<World> {
  const world = new World({ maxFilesPerBatch: 1 })
  const review = (id: string, customer: string) => ({ review_id: id, customer_id: customer, stars: 5 })
  await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
  await world.addReviews('a', [review('a1', '1'), review('a2', '2'), review('a3', '3')])
  await world.addReviews('b', [review('b1', '1'), review('b2', '3')])
  await world.store.put('bronze/reviews/bad.parquet', new TextEncoder().encode('no Parquet, and no rows'))
  await world.run()
  await world.addCustomers('d', [{ customer_id: '2', customer_name: 'two' }])
  await world.run()
  await world.run(REPROCESS)
  return world
}
