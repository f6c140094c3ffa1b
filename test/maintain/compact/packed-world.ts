import assert from 'node:assert/strict'
import { readLog } from '../../../functions/log/read.ts'
import { findRubbish, removeRubbish } from '../../../functions/maintain/vacuum.ts'
import { explainReview } from '../../../functions/maintain/why/explain-review.ts'
import { deltaRows, readDelta } from '../../support/delta-reader.ts'
import { codecs } from '../../support/joining.ts'
import { loseLog, loseReaders, meaning, rebuild } from '../../support/loss.ts'
import type { World } from '../../support/world.ts'

export const DAY = 86_400_000
export const ALL = { reprocess: { all: true } } as const

/** The rows that each kind of reader sees, which must be the same. */
export async function seen(world: World): Promise<string[]> {
  const rows = await world.silver()
  assert.deepEqual(await world.spark(), rows, 'Spark')
  const { store, layout } = world
  const snapshot = await readDelta(store, layout)
  assert(snapshot)
  assert.deepEqual(await deltaRows(store, layout, snapshot), rows, 'Delta')
  return rows
}

export async function batches({ store, layout }: World) {
  return [...(await readLog(store, layout)).state.batches.values()]
}

export async function vacuum({ store, layout, now, executions }: World, olderThan = 0): Promise<void> {
  const options = { store, layout, now, olderThan, executions }
  for (const found of await findRubbish(options)) await removeRubbish(found, options)
}

export async function status({ store, layout }: World, id: string): Promise<string> {
  const { stories } = await explainReview({ codecs, store, layout, id, column: 'review_id' })
  return stories.flatMap(story => story.flatMap(([name, text]) => (name === 'status' ? [text] : []))).join()
}

/**
 * Tests that a lake is the same again when its log is rebuilt after `pack`, and that a late customer then brings `waiting` rows.
 */
export function itComesBack(
  name: string,
  lake: () => { readonly world: World; readonly rows: readonly string[] },
  pack: () => Promise<unknown>,
  waiting: number,
): void {
  for (const vacuumed of [false, true]) {
    for (const readersToo of [false, true]) {
      const how = `${vacuumed ? ', vacuumed' : ''}${readersToo ? ', all readers lost too' : ''}`
      it(`${name}${how}`, async () => {
        const { world, rows } = lake()
        await pack()
        await world.run()
        world.now += 10 * DAY
        if (vacuumed) await vacuum(world, DAY)
        const before = await meaning(world)
        await loseLog(world)
        if (readersToo) await loseReaders(world)
        await rebuild(world)
        await world.run()
        assert.deepEqual(await seen(world), rows)
        assert.deepEqual(await meaning(world), before)
        await world.addCustomers('e', [{ customer_id: '3', customer_name: 'three' }])
        await world.run()
        await world.run(ALL)
        assert.equal((await seen(world)).length, rows.length + waiting)
      })
    }
  }
}
