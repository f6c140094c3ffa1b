import assert from 'node:assert/strict'
import { readLog } from '../../functions/log/read.ts'
import { Meanwhile } from '../support/faulty-store.ts'
import { ids } from '../support/loss.ts'
import { World } from '../support/world.ts'

const customer = (id: string) => ({ customer_id: id, customer_name: id })

describe('many parked files', () => {
  let world: World
  const addFiles = async (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      await world.addReviews(`${i}`, [{ review_id: `r${i}`, customer_id: `nobody ${i}`, stars: 5 }])
      await world.run()
    }
  }
  const waiting = async () => (await readLog(world.store, world.layout)).state.parked.size
  beforeEach(async () => {
    world = new World()
    await world.addCustomers('a', [customer('1')])
  })

  it('are not read by runs that do not try them', async () => {
    await addFiles(0, 5)
    let reads = 0
    const faults = new Meanwhile(async ({ key }) => {
      if (key.includes('/parked/')) reads++
    })
    assert.equal((await world.run({}, { faults })).reason, 'nothing new')
    await world.addReviews('known', [{ review_id: 'known', customer_id: '1', stars: 5 }])
    await world.run({}, { faults })
    assert.deepEqual([reads, await waiting(), await ids(world)], [0, 5, ['known']])
  })

  it('become one, though no customer comes, so that their number does not grow forever', async () => {
    await addFiles(0, 99)
    await world.addCustomers('b', [customer('2')])
    await world.run()
    assert.equal(await waiting(), 99)
    await addFiles(99, 101)
    await world.addCustomers('c', [customer('3')])
    await world.run()
    assert.equal(await waiting(), 1)
    assert.equal((await world.parked()).length, 101)
    await world.addCustomers('d', [customer('nobody 0'), customer('nobody 100')])
    await world.run()
    const { state } = await readLog(world.store, world.layout)
    const takers = [...state.batches.values()].filter(({ unparked }) => unparked.length > 0)
    await world.run({ reprocess: { batches: takers.map(({ batch }) => batch) } })
    assert.deepEqual([await ids(world), await waiting()], [['r0', 'r100'], 1])
  }).timeout(60_000)
})
