import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { S3Store } from '../../functions/adapters/s3/s3-store.ts'
import type { Json } from '../../functions/adapters/step-functions/distributed-map.ts'
import type { Store } from '../../functions/lake/store.ts'
import { readCommit, readLog } from '../../functions/log/read.ts'
import { startS3 } from '../support/s3-server.ts'
import { World } from '../support/world.ts'

const EXECUTIONS = 8
const ROUNDS = 20

/** Eight executions at once, round after round, on one lake: some overlap wholly, some in part. */
async function race(store: Store): Promise<void> {
  const world = new World<Store>({ store, maxFilesPerBatch: 3 })
  const expected: string[] = []
  await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
  for (let round = 0; round < ROUNDS; round++) {
    for (const folder of ['x', 'y']) {
      for (let file = 0; file < 2; file++) {
        const id = `${folder}-${round}-${file}`
        await world.addReviews(`${folder}/${round}-${file}`, [
          { review_id: id, customer_id: '1', stars: 5 },
          { review_id: `${id}-late`, customer_id: `late-${round}`, stars: 5 },
        ])
        expected.push(id)
      }
    }
    if (round > 0) {
      // the customers of the round before come: every execution wants to take the same parked rows
      const late = Array.from({ length: round }, (_, i) => ({ customer_id: `late-${i}`, customer_name: `late ${i}` }))
      await world.addCustomers('late', late)
      for (const folder of ['x', 'y']) for (const file of [0, 1]) expected.push(`${folder}-${round - 1}-${file}-late`)
    }
    const inputs: Json[] = [
      { prefix: 'bronze/reviews/' },
      { prefix: 'bronze/reviews/x/' },
      {},
      { prefix: 'bronze/reviews/y/' },
    ]
    const runs = Array.from({ length: EXECUTIONS }, (_, i) =>
      world.run(inputs[i % inputs.length], { name: `${round}-${i}` }),
    )
    const outcomes = await Promise.allSettled(runs)
    const failed = outcomes.find(outcome => outcome.status === 'rejected')
    assert.equal(failed?.reason, undefined, `round ${round}`)
    await world.run() // what all of them left to somebody else
  }
  const ids = (await world.silver()).map(row => JSON.parse(row).review_id)
  assert.deepEqual(ids.sort(), expected.sort())
  const { state } = await readLog(store, world.layout)
  for (let version = 0; version <= state.version; version++) {
    assert.equal((await readCommit(store, world.layout, version))?.version, version)
  }
  assert.equal(await readCommit(store, world.layout, state.version + 1), undefined)
  console.log(
    `      ${ROUNDS} rounds of ${EXECUTIONS} executions made ${state.version + 1} commits of ${ids.length} rows`,
  )
}

describe('executions at once on one lake', () => {
  it('join every row once, in a directory', async () => {
    const root = await mkdtemp(join(tmpdir(), 'silversmith-'))
    try {
      await race(new DirectoryStore(root))
    } finally {
      await rm(root, { recursive: true })
    }
  })

  it('join every row once, on S3', async () => {
    const server = await startS3()
    try {
      server.bucket('lake')
      await race(new S3Store(server.client(), 'lake'))
    } finally {
      await server.close()
    }
  })
})
