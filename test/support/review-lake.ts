import { World } from './world.ts'

/** A lake with one customer and some files of one review each, r0, r1 and so on. */
export async function lakeOfReviews(files: number, maxFilesPerBatch = 1): Promise<World> {
  const world = new World({ maxFilesPerBatch })
  await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
  for (let i = 0; i < files; i++) await addReview(world, `r${i}`)
  return world
}

/** Puts a file of one review with the file's name. */
export async function addReview(world: World, id: string): Promise<void> {
  await world.addReviews(id, [{ review_id: id, customer_id: '1', stars: 5 }])
}

/** How many calls of Refresh a run takes with slices of this size. */
export async function countSlices(world: World, slice: number): Promise<number> {
  let slices = 0
  const { workers, store } = world.workers(world.store, undefined, { slice })
  const { refresh } = workers
  workers.refresh = async payload => {
    slices++
    return refresh(payload)
  }
  await world.runWith(workers, store)
  return slices
}
