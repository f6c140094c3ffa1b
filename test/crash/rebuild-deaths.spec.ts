import assert from 'node:assert/strict'
import { Crash, crashAt, Faults, faultyStore } from '../support/faulty-store.ts'
import { lived } from '../support/lived-lake.ts'
import { loseLog, meaning, rebuild } from '../support/loss.ts'

describe('rebuild', () => {
  it('can die at any point: runs refuse to work until it was repeated', async () => {
    const counter = new Faults(() => undefined)
    const counted = await lived()
    await loseLog(counted, key => key === counted.layout.commit(3))
    await rebuild(counted, { store: faultyStore(counted.store, counter) })
    for (let k = 1; k <= counter.count; k++) {
      const world = await lived()
      const before = await meaning(world)
      await loseLog(world, key => key === world.layout.commit(3))
      const faults = crashAt(k, k % 2 === 0 ? 'before' : 'after')
      await assert.rejects(rebuild(world, { store: faultyStore(world.store, faults) }), Crash)
      if (k < counter.count) await assert.rejects(world.run(), { name: 'BrokenLog' }, `operation ${k}`)
      await rebuild(world).catch(error => assert.match(error.message, /the log is whole/))
      await world.run()
      assert.deepEqual(await meaning(world), before, `operation ${k}`)
    }
  })
})
