import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cp, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { Layout } from '../../functions/lake/layout.ts'
import { SPARK_METADATA, sinkName } from '../../functions/lake/spark-sink.ts'
import { Crash, Faults } from '../support/faulty-store.ts'
import { World } from '../support/world.ts'

/** A Python with PySpark 3.5, such as `venv/bin/python` after `pip install pyspark==3.5.*`; Spark needs a Java of 8 to 17. */
const PYTHON = process.env.PYSPARK_PYTHON
const SCRIPT = fileURLToPath(new URL('read_silver.py', import.meta.url))
const REPROCESS = { reprocess: { from: '2000-01-01', to: '2100-01-01' } }

/** What a reader of the lake's silver directory sees. */
function read(lake: string, checkpoint: string): { readonly batch: string[]; readonly stream: string[] } {
  const silver = join(lake, new Layout().roots.silver)
  const output = execFileSync(PYTHON ?? '', [SCRIPT, silver, join(lake, checkpoint)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return JSON.parse(output.toString().trim().split('\n').at(-1) ?? '')
}

describe("Spark's readers by path", () => {
  let root: string
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'silversmith-'))
  })
  after(() => rm(root, { recursive: true, force: true }))

  it('see each row once of a lake that was copied, is reached by a link, or had entries damaged', async function () {
    if (PYTHON === undefined) {
      console.log('      skipped: set PYSPARK_PYTHON to a Python with PySpark 3.5')
      return this.skip()
    }
    this.timeout(300_000)
    const original = join(root, 'original')
    const make = (directory: string, uri = directory) =>
      new World<DirectoryStore>({ store: new DirectoryStore(directory), sparkUri: `${pathToFileURL(uri)}/` })
    const world = make(original)
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    const names = ['a', 'b', 'c']
    for (const name of names) {
      await world.addReviews(name, [{ review_id: name, customer_id: '1', stars: 5 }])
      await world.run()
    }
    const [batch = ''] = world.catalog.partitions.keys()

    const linked = join(root, 'linked')
    await symlink(original, linked)
    const byLink = make(original, linked)
    byLink.now += 3_600_000
    world.now += 5_400_000
    await byLink.run({ reprocess: { batches: [batch] } }, { name: 'by-the-link' })
    assert.deepEqual(read(linked, 'linked').batch, names)
    // by another path than that of its entries Spark refuses to stream: "Wrong basePath"
    await world.run({ reprocess: { batches: [batch] } }, { name: 'by-the-path' })
    assert.deepEqual(read(original, 'original').batch, names)

    const copied = join(root, 'copied')
    await cp(original, copied, { recursive: true })
    await rm(original, { recursive: true })
    const copy = make(copied)
    copy.now += 7_200_000
    await copy.run({ reprocess: { changed: true } }, { name: 'in-the-copy' }) // a copy has times of its own
    assert.deepEqual(read(copied, 'copied').batch, names)

    // what is lost or damaged among the entries that readers take
    const sink = join(copied, copy.layout.roots.silver, SPARK_METADATA)
    const harms = [(entry: string) => rm(entry), (entry: string) => writeFile(entry, 'v1\n{"path":"file:/no')]
    for (const [i, harm] of harms.entries()) {
      const newest = Math.max(...(await readdir(sink)).map(name => Number.parseInt(name, 10)))
      await harm(join(sink, sinkName(newest)))
      await copy.addReviews(`d${i}`, [{ review_id: `d${i}`, customer_id: '1', stars: 5 }])
      await copy.run()
      names.push(`d${i}`)
      assert.deepEqual(read(copied, 'copied').batch, [...names].sort())
    }
  })

  it('see committed files only, each row once; a stream gets a replaced batch as new rows', async function () {
    if (PYTHON === undefined) {
      console.log('      skipped: set PYSPARK_PYTHON to a Python with PySpark 3.5')
      return this.skip()
    }
    this.timeout(300_000)
    const store = new DirectoryStore(root)
    const world = new World<DirectoryStore>({ store, sparkUri: `${pathToFileURL(root)}/` })
    const see = () => read(root, 'checkpoint')
    const review = (id: string) => ({ review_id: id, customer_id: '1', stars: 5 })
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    await world.addReviews('a', [review('a1'), review('a2')])
    await world.run()
    assert.deepEqual(see(), { batch: ['a1', 'a2'], stream: ['a1', 'a2'] })

    // an attempt that is left behind, then one that is committed, then everything written again
    await world.addReviews('b', [review('b1')])
    const faults = new Faults(({ name, key }) =>
      name === 'put' && key.startsWith(world.layout.log) ? { when: 'before', error: new Crash('died') } : undefined,
    )
    await assert.rejects(world.run({}, { faults }), Crash)
    assert.deepEqual(see(), { batch: ['a1', 'a2'], stream: [] })
    await world.run()
    assert.deepEqual(see(), { batch: ['a1', 'a2', 'b1'], stream: ['b1'] })
    await world.run(REPROCESS)
    assert.deepEqual(see(), { batch: ['a1', 'a2', 'b1'], stream: ['a1', 'a2', 'b1'] })
    await world.addReviews('c', [review('c1')])
    await world.run()
    assert.deepEqual(see(), { batch: ['a1', 'a2', 'b1', 'c1'], stream: ['c1'] })
  })
})
