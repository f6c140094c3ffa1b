import assert from 'node:assert/strict'
import type { Fields } from '../../functions/base/logger.ts'
import type { Metrics } from '../../functions/base/metrics.ts'
import { World } from '../support/world.ts'

interface Line extends Fields {
  readonly level: string
}

function observe(world: World) {
  const lines: Line[] = []
  const metrics: Record<string, number> = {}
  world.log = (level, fields, measured: Metrics = {}) => {
    lines.push({ level, ...fields })
    Object.assign(metrics, measured)
  }
  return { lines, metrics, of: (worker: string) => lines.filter(line => line.worker === worker) }
}

describe('what an execution reports', () => {
  let world: World
  beforeEach(async () => {
    world = new World()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'Mallory Secret' }])
  })

  it('is every worker, with batch, attempt and item', async () => {
    const { lines, of } = observe(world)
    await world.addReviews('a', [{ review_id: 'r1', customer_id: '1', stars: 5 }])
    const { work } = await world.run()
    assert.deepEqual(
      lines.map(({ worker, message }) => [worker, message]),
      ['plan', 'load-dimensions', 'join', 'commit', 'refresh'].map(worker => [worker, 'done']),
    )
    for (const line of lines) assert.deepEqual([line.batch, line.attempt], [work?.batch, work?.attempt])
    assert.equal(of('join')[0]?.item, 0)
  })

  it('is measured: rows, bytes, what waits and for how long', async () => {
    const { metrics } = observe(world)
    const rows = ['1', '9', '9', null].map((customer_id, i) => ({ review_id: `r${i}`, customer_id, stars: 5 }))
    await world.addReviews('a', [...rows, { review_id: 'r5', customer_id: '1', stars: 1 }])
    const size = (await world.store.head('bronze/reviews/a.parquet'))?.size
    world.now += 600_000
    await world.run()
    const { BytesWritten = 0, BatchSeconds = 0, BacklogAge = 0, VisibleAfter = 0, ...counts } = metrics
    assert.deepEqual(counts, {
      BacklogFiles: 1,
      BacklogBytes: size,
      ChangedFiles: 0,
      ParkedRows: 0,
      ParkedAge: 0,
      Files: 1,
      FilesQuarantined: 0,
      BytesRead: size,
      RowsRead: 5,
      RowsFiltered: 1,
      RowsUnmatched: 2,
      RowsParked: 2,
      RowsWritten: 1,
      CountMismatches: 0,
      PartitionsRepaired: 0,
    })
    assert(BytesWritten > 0 && BatchSeconds >= 0 && BatchSeconds < 60)
    assert(VisibleAfter >= 600 && VisibleAfter < 700, `${VisibleAfter}`)
    assert(BacklogAge >= 600 && BacklogAge < 700, `${BacklogAge}`)
    world.now += 3_600_000
    await world.run()
    assert.equal(metrics.ParkedRows, 2)
    assert(Number(metrics.ParkedAge) >= 3600)
  })

  it('knows nothing of the backlog when it looked at a part of it, or gave way', async () => {
    const { metrics } = observe(world)
    await world.addReviews('2024/a', [{ review_id: 'r1', customer_id: '1', stars: 5 }])
    await world.run({ prefix: 'bronze/reviews/2024/' })
    await world.store.put(world.layout.claim, new TextEncoder().encode('{"execution": "other"}'))
    world.running.add('other')
    await world.run()
    assert.equal(metrics.BacklogFiles, undefined)
    assert.equal(metrics.RowsWritten, 1)
  })

  it('names a quarantined file and the reason, and no value of any row', async () => {
    const { lines, of } = observe(world)
    await world.addReviews('a', [{ review_id: 'a review like no other', customer_id: '1', stars: 5 }])
    await world.store.put('bronze/reviews/bad.parquet', new TextEncoder().encode('Mallory Secret wrote no rows here'))
    await world.run()
    const warning = of('join').find(({ level }) => level === 'warn')
    assert.deepEqual([warning?.message, warning?.key], ['quarantined', 'bronze/reviews/bad.parquet'])
    assert.match(String(warning?.reason), /not a (whole )?Parquet file/)
    for (const line of lines) assert.doesNotMatch(JSON.stringify(line), /Mallory|like no other/)
  })
})
