import assert from 'node:assert/strict'
import { AttemptWatch } from '../../../functions/maintain/console/attempt-watch.ts'
import { LogIndex } from '../../../functions/maintain/console/log-index.ts'
import { readPublished } from '../../../functions/readers/published.ts'
import { World } from '../../support/world.ts'

describe('AttemptWatch', () => {
  const review = (id: string) => ({ review_id: id, customer_id: '1', stars: 5 })
  const look = async ({ store, layout }: World, working: string | null) => {
    const index = new LogIndex(store, layout)
    await index.update()
    const run = await new AttemptWatch(store, layout).look(index, await readPublished(store, layout), {
      ...{ working, perhaps: false },
    })
    return [run.status, run.states.map(({ name, status }) => `${name} ${status}`).join(', '), run.items?.done ?? null]
  }

  it('knows a run by what it leaves: while it joins, when it has died, and at its end', async () => {
    const world = new World()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    await world.addReviews('a', [review('a1')])
    assert.deepEqual(await look(world, null), ['none', '', null])
    assert.deepEqual(await look(world, 'someone'), ['running', 'Plan running', null])

    const dies = world.workers(world.store)
    dies.workers.join = async () => {
      throw new Error('the worker dies')
    }
    await assert.rejects(world.runWith(dies.workers, dies.store, {}, 'first'))
    const joining = 'Plan done, LoadDimensions done, JoinFiles'
    const first = 'arn:aws:states:local:0:execution:silver:first'
    assert.deepEqual(await look(world, first), ['running', `${joining} running`, 0])
    assert.deepEqual(await look(world, null), ['failed', `${joining} failed`, 0])

    await world.run()
    const all = `${joining} done, Commit done, RefreshPartitions done`
    assert.deepEqual(await look(world, null), ['done', all, 1])

    const again = world.workers(world.store)
    again.workers.commit = async () => {
      throw new Error('the worker dies')
    }
    await assert.rejects(world.runWith(again.workers, again.store, { reprocess: { all: true } }, 'again'))
    const replacing = 'arn:aws:states:local:0:execution:silver:again'
    assert.deepEqual(await look(world, replacing), ['running', `${joining} done, Commit running`, 1])
  })
})
