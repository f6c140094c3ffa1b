import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { S3Store } from '../../functions/adapters/s3/s3-store.ts'
import type { Store } from '../../functions/lake/store.ts'
import { readCommit, readLog } from '../../functions/log/read.ts'
import type { BatchCommit } from '../../functions/protocol/commit.ts'
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
      const keyOf = (i: number) => `bronze/reviews/${files[i]?.name ?? `${String(i + 1).padStart(2, '0')}.parquet`}`
      for (const [i, { bytes }] of files.entries()) await world.store.put(keyOf(i), bytes)
      await world.run()
      const [commit, ...others] = await lastCommits(world)
      assert(commit)
      assert.deepEqual(others, [])
      const reasons = new Map(commit.quarantined.map(({ key, reason }) => [key, reason]))
      const joined = new Set(commit.bronze.map(({ key }) => key))
      const wrong: string[] = []
      for (const [i, { what, told }] of files.entries()) {
        const fate = reasons.get(keyOf(i)) ?? (joined.has(keyOf(i)) ? 'joined' : 'lost')
        const oneLine = !/[\n\r]/.test(fate) && fate.length < 300
        if (!oneLine || !(told ?? /^joined$/).test(fate)) wrong.push(`${what}: ${fate}`)
      }
      assert.deepEqual(wrong, [])
      if (where === 'in memory')
        checkDocs(files.map(({ what, told }, i) => [what, told ? (reasons.get(keyOf(i)) ?? '') : null]))
      assert.equal(joined.size + reasons.size, files.length + 1)
      assert.equal((await world.run()).reason, 'nothing new')
    })
  }

  it('has at least 40 kinds', () => {
    assert(files.length >= 40)
    console.log(`      ${files.length} kinds of bad and odd files`)
  })
})

const DOCS = 'docs/bad-inputs.md'
/** The table's head; what stands before it and after it is written by hand. */
const HEAD = '| the file is | what is said |\n|---|---|\n'
const AFTER = '\n## Files of other projects\n'

/** Holds the table in the docs against what was really said. */
function checkDocs(rows: readonly (readonly [what: string, reason: string | null])[]): void {
  const cell = (text: string) => text.replaceAll('|', '\\|')
  const lines = rows.map(
    ([what, reason]) => `| ${cell(what)} | ${reason === null ? '*its rows are joined*' : cell(reason)} |\n`,
  )
  const table = HEAD + lines.join('')
  const found = readFileSync(DOCS, 'utf8')
  const [start, end] = [found.indexOf(HEAD), found.indexOf(AFTER)]
  assert(start > 0 && end > start, `${DOCS} has no table before ${AFTER}`)
  if (process.env.UPDATE_DOCS) writeFileSync(DOCS, found.slice(0, start) + table + found.slice(end))
  else assert.equal(found.slice(start, end), table)
}
