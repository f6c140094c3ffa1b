import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Store } from '../../functions/lake/s3-store.ts'
import type { Store } from '../../functions/lake/store.ts'
import type { BatchCommit } from '../../functions/log/commit.ts'
import { readCommit, readLog } from '../../functions/log/read.ts'
import { DirectoryStore } from '../../scripts/directory-store.ts'
import { type BadFile, goodFile, makeBadFiles } from '../support/bad-files.ts'
import { Duck } from '../support/duckdb.ts'
import { MemoryStore } from '../support/memory-store.ts'
import { type S3Server, startS3 } from '../support/s3-server.ts'
import { World } from '../support/world.ts'

const SQL = 'SELECT r.*, c.customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id'

async function lastCommits(world: World<Store>): Promise<BatchCommit[]> {
  const { state } = await readLog(world.store, world.layout)
  const commits: BatchCommit[] = []
  for (let version = 0; version <= state.version; version++) {
    const commit = await readCommit(world.store, world.layout, version)
    if (commit && commit.operation !== 'abandon') commits.push(commit)
  }
  return commits
}

describe('bad and odd bronze', () => {
  let duck: Duck
  let files: BadFile[]
  let server: S3Server
  const roots: string[] = []

  before(async () => {
    duck = await Duck.open()
    files = await makeBadFiles(duck)
    server = await startS3()
    server.bucket('lake')
  })
  after(async () => {
    duck.close()
    await server.close()
    for (const root of roots) await rm(root, { recursive: true })
  })

  const stores: [string, () => Promise<Store>][] = [
    ['in memory', async () => new MemoryStore()],
    [
      'in a directory',
      async () => {
        const root = await mkdtemp(join(tmpdir(), 'silversmith-'))
        roots.push(root)
        return new DirectoryStore(root)
      },
    ],
    ['on S3', async () => new S3Store(server.client(), 'lake')],
  ]
  for (const [where, open] of stores) {
    it(`is joined, or named with a reason, and never stops the good files (all at once, ${where})`, async () => {
      const world = new World<Store>({ sql: SQL, store: await open(), maxFilesPerBatch: 1000 })
      await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
      await world.store.put('bronze/reviews/00-good.parquet', goodFile())
      for (const [i, { bytes, name }] of files.entries()) {
        await world.store.put(`bronze/reviews/${name ?? `${String(i + 1).padStart(2, '0')}.parquet`}`, bytes)
      }
      await world.run()
      const [commit, ...others] = await lastCommits(world)
      assert(commit)
      assert.deepEqual(others, [])
      const reasons = new Map(commit.quarantined.map(({ key, reason }) => [key, reason]))
      const joined = new Set(commit.bronze.map(({ key }) => key))
      const wrong: string[] = []
      for (const [i, { what, name, told }] of files.entries()) {
        const key = `bronze/reviews/${name ?? `${String(i + 1).padStart(2, '0')}.parquet`}`
        const fate = reasons.get(key) ?? (joined.has(key) ? 'joined' : 'lost')
        const oneLine = !/[\n\r]/.test(fate) && fate.length < 300
        if (!oneLine || !(told ?? /^joined$/).test(fate)) wrong.push(`${what}: ${fate}`)
      }
      assert.deepEqual(wrong, [])
      assert.equal(joined.size + reasons.size, files.length + 1)
      assert.equal((await world.run()).reason, 'nothing new')
    })
  }

  it('has at least 40 kinds', () => {
    assert(files.length >= 40)
    console.log(`      ${files.length} kinds of bad and odd files`)
  })
})
