import assert from 'node:assert/strict'
import type { Level } from '../../../functions/base/logger.ts'
import { type CompactDependencies, createCompact } from '../../../functions/maintain/compact/worker.ts'
import { codecs } from '../../support/joining.ts'
import { mergeableLake, packableLake } from '../../support/packable-lake.ts'
import type { World } from '../../support/world.ts'
import { batches, seen } from './packed-world.ts'

const NIGHT = { execution: 'arn:aws:states:us-east-1:0:execution:silversmith-dev-compact:night', state: {} }

describe('the worker Compact', () => {
  let packable: World
  let mergeable: World
  before(async () => {
    packable = await packableLake()
    mergeable = await mergeableLake()
  })

  function workerOf(world: World, dependencies: Partial<CompactDependencies> = {}) {
    const lines: [Level, unknown][] = []
    const { store, layout } = world
    const clock = () => ++world.now
    const { handler } = createCompact(
      () => ({ store, layout, codecs, clock, targetBytes: 256 << 20, merge: false, sort: undefined, ...dependencies }),
      { log: (level, fields) => lines.push([level, fields.message]) },
    )
    return { handler, lines }
  }

  it('packs what is worth it and says how much', async () => {
    const world = mergeable.clone()
    const rows = await seen(world)
    const { handler } = workerOf(world, { merge: true })
    const files = { before: 5, after: 1 }
    assert.deepEqual(await handler(NIGHT), { packed: 4, into: 1, files, more: false })
    await world.run()
    assert.deepEqual(await seen(world), rows)
    assert.deepEqual(await handler(NIGHT), { packed: 0, into: 0, files: { before: 0, after: 0 }, more: false })
  })

  it('leaves what there is no time for to the next call, which adds to what the first has said', async () => {
    const world = packable.clone()
    const { objects } = world.store
    const before = objects.size
    // a new silver file and its commit
    const clock = () => ++world.now + (objects.size >= before + 2 ? 600_000 : 0)
    const first = await workerOf(world, { clock }).handler(NIGHT)
    assert.deepEqual(first, { packed: 1, into: 1, files: { before: 3, after: 1 }, more: true })
    const second = await workerOf(world).handler({ ...NIGHT, state: first })
    assert.deepEqual(second, { packed: 2, into: 2, files: { before: 5, after: 2 }, more: false })
  })

  it('ends where time was up before anything was packed: the next call would fare alike', async () => {
    const world = packable.clone()
    const clock = () => (world.now += 600_000)
    const state = await workerOf(world, { clock }).handler(NIGHT)
    assert.deepEqual(state, { packed: 0, into: 0, files: { before: 0, after: 0 }, more: false })
  })

  it('fails for a damaged file when all else is packed, and names it', async () => {
    const world = packable.clone()
    const [first, second] = await batches(world)
    const key = `${world.layout.roots.silver}${first?.location}part-00001.parquet`
    const bytes = await world.store.get(key)
    bytes.fill(0, 4, 60)
    await world.store.put(key, bytes)
    const { handler } = workerOf(world)
    await assert.rejects(handler(NIGHT), (error: Error) => {
      assert.equal(error.name, 'CompactRefused')
      assert(error.message.startsWith(`batch ${first?.batch} can't be packed: ${key}: `), error.message)
      return true
    })
    const silver = (await batches(world)).find(({ batch }) => batch === second?.batch)?.silver
    assert.equal(silver?.length, 1)
  })

  it('refuses an input that it would not heed, and a column that silver does not have', async () => {
    const world = packable.clone()
    await assert.rejects(workerOf(world).handler({ ...NIGHT, state: { before: '2026-01-01' } }), {
      name: 'InvalidInput',
    })
    await assert.rejects(workerOf(world, { sort: 'starz' }).handler(NIGHT), {
      name: 'InvalidInput',
      message: /^rows can't be sorted by starz: silver has no such column; did you mean stars\?/,
    })
  })
})
