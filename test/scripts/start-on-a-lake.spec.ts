import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { Layout } from '../../functions/lake/layout.ts'
import { findNewestId, readTold } from '../../functions/readers/spark-sink/spark-told.ts'
import { makeLake } from '../../scripts/demo/make-lake.ts'
import { Duck } from '../support/duckdb.ts'
import { runCommand, SILVERSMITH } from './run-command.ts'

/** How many rows silver has, and how many of them or of the join over bronze, as DuckDB computes it, the other lacks. */
async function compare(lake: string, silver: readonly string[]) {
  const files = silver.map(key => `'${join(lake, key)}'`).join(', ')
  const bronze = (name: string) => `read_parquet('${lake}/bronze/${name}/**/*.parquet', hive_partitioning = false)`
  const mine = `SELECT * FROM read_parquet([${files}], hive_partitioning = false)`
  const theirs = `SELECT r.*, c.customer_name, c.gender, c.date_of_birth, c.city, c.state
    FROM ${bronze('reviews')} r JOIN ${bronze('customers')} c ON r.customer_id = c.customer_id`
  const duck = await Duck.open()
  const [row] = await duck.rows(`SELECT (SELECT COUNT(*) FROM (${mine})) AS rows,
    (SELECT COUNT(*) FROM (${mine} EXCEPT ALL (${theirs}))) AS more,
    (SELECT COUNT(*) FROM (${theirs} EXCEPT ALL (${mine}))) AS less`)
  return { rows: Number(row?.rows), more: Number(row?.more), less: Number(row?.less) }
}

/** Every file of a folder, with its size and when it was written. */
function contents(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => ({ name, ...statSync(join(folder, name)) }))
    .map(({ name, size, mtimeMs, mode }) => `${name} ${mode} ${size} ${mtimeMs}`)
    .sort()
}

/** The paths that Spark's readers are told. */
async function toldIn(lake: string): Promise<string[]> {
  const [store, layout] = [new DirectoryStore(lake), new Layout()]
  const { files } = await readTold(store, layout, await findNewestId(store, layout, 0))
  return files.map(({ path }) => path).sort()
}

/** Starts one run and gives its exit status when it ends. */
function start(folder: string): Promise<number | null> {
  const child = spawn(process.execPath, [SILVERSMITH, 'run'], { cwd: folder, stdio: 'ignore' })
  return new Promise(resolve => child.on('close', resolve))
}

describe('npm start on a lake', () => {
  let folder: string
  let lake: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'silversmith-'))
    lake = join(folder, 'lake')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const silver = () => runCommand(folder, ['files']).stdout.split('\n').filter(Boolean)

  async function joinAll(): Promise<number> {
    assert.equal(runCommand(folder, ['run']).status, 0)
    const claim = JSON.parse(readFileSync(join(lake, 'silver/reviews/_silversmith/claim.json'), 'utf8'))
    assert.deepEqual([claim.execution, /^local:/.test(claim.released)], [undefined, true])
    const { rows, more, less } = await compare(lake, silver())
    assert.deepEqual([more, less], [0, 0])
    const before = contents(lake)
    assert.match(runCommand(folder, ['run']).stdout, /nothing was written/)
    assert.deepEqual(contents(lake), before)
    return rows
  }

  it('gives what DuckDB computes for the join over bronze, in every column; a second run writes nothing', async () => {
    await makeLake(lake)
    assert((await joinAll()) > 19_000)
  })

  it('does so on a lake of yours, which SILVERSMITH_LAKE names', async function () {
    const yours = process.env.SILVERSMITH_LAKE
    if (yours === undefined) {
      console.log('      skipped: set SILVERSMITH_LAKE to a lake that has bronze/reviews and bronze/customers')
      return this.skip()
    }
    cpSync(join(yours, 'bronze'), join(lake, 'bronze'), { recursive: true })
    assert((await joinAll()) > 0)
  })

  it('joins every row once when two start at the same time, and both end well', async () => {
    await makeLake(lake)
    assert.deepEqual(await Promise.all([start(folder), start(folder)]), [0, 0])
    const { rows, more, less } = await compare(lake, silver())
    assert.deepEqual([rows > 19_000, more, less], [true, 0, 0])
  })

  it("tells Spark's readers each file once, by whatever path the lake is reached, and in a copy of it", async () => {
    await makeLake(lake)
    const link = join(folder, 'link')
    const copy = join(folder, 'copy')
    symlinkSync(lake, link)
    const all = ['--input', '{"reprocess": {"all": true}}']
    assert.equal(runCommand(folder, ['run']).status, 0)
    assert.equal(runCommand(folder, ['run', '--lake', 'link', ...all]).status, 0)
    assert.deepEqual(
      await toldIn(lake),
      silver().map(key => `file://${realpathSync(lake)}/${key}`),
    )
    cpSync(lake, copy, { recursive: true, preserveTimestamps: true })
    assert.equal(runCommand(folder, ['run', '--lake', 'copy']).status, 0)
    const files = runCommand(folder, ['files', '--lake', 'copy']).stdout.split('\n').filter(Boolean)
    assert.deepEqual(
      await toldIn(copy),
      files.map(key => `file://${realpathSync(copy)}/${key}`),
    )
  }).timeout(60_000)
})
