import assert from 'node:assert/strict'
import { readLog } from '../../../functions/log/read.ts'
import { findRubbish, removeRubbish } from '../../../functions/maintain/vacuum.ts'
import { explainReview } from '../../../functions/maintain/why/explain-review.ts'
import { deltaRows, readDelta } from '../../support/delta-reader.ts'
import { codecs } from '../../support/joining.ts'
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
