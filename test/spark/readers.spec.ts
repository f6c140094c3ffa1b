import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { DirectoryStore } from '../../scripts/directory-store.ts'
import { Crash, Faults } from '../support/faulty-store.ts'
import { World } from '../support/world.ts'

/** A Python with PySpark 3.5, such as `venv/bin/python` after `pip install pyspark==3.5.*`; Spark needs a Java of 8 to 17. */
const PYTHON = process.env.PYSPARK_PYTHON
const SCRIPT = fileURLToPath(new URL('read_silver.py', import.meta.url))
const REPROCESS = { reprocess: { from: '2000-01-01', to: '2100-01-01' } }

describe("Spark's readers by path", () => {
  let root: string
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'silversmith-'))
  })
  after(() => rm(root, { recursive: true, force: true }))

  it('see committed files only, each row once; a stream gets a replaced batch as new rows', async function () {
    if (PYTHON === undefined) {
      console.log('      skipped: set PYSPARK_PYTHON to a Python with PySpark 3.5')
      return this.skip()
    }
    this.timeout(300_000)
    const store = new DirectoryStore(root)
    const world = new World<DirectoryStore>({ store, sparkUri: `${pathToFileURL(root)}/` })
    const read = () => {
      const silver = join(root, world.layout.roots.silver)
      const output = execFileSync(PYTHON, [SCRIPT, silver, join(root, 'checkpoint')], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      return JSON.parse(output.toString().trim().split('\n').at(-1) ?? '')
    }
    const review = (id: string) => ({ review_id: id, customer_id: '1', stars: 5 })
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    await world.addReviews('a', [review('a1'), review('a2')])
    await world.run()
    assert.deepEqual(read(), { batch: ['a1', 'a2'], stream: ['a1', 'a2'] })

    // an attempt that is left behind, then one that is committed, then everything written again
    await world.addReviews('b', [review('b1')])
    const faults = new Faults(({ name, key }) =>
      name === 'put' && key.startsWith(world.layout.log) ? { when: 'before', error: new Crash('died') } : undefined,
    )
    await assert.rejects(world.run({}, { faults }), Crash)
    assert.deepEqual(read(), { batch: ['a1', 'a2'], stream: [] })
    await world.run()
    assert.deepEqual(read(), { batch: ['a1', 'a2', 'b1'], stream: ['b1'] })
    await world.run(REPROCESS)
    assert.deepEqual(read(), { batch: ['a1', 'a2', 'b1'], stream: ['a1', 'a2', 'b1'] })
    await world.addReviews('c', [review('c1')])
    await world.run()
    assert.deepEqual(read(), { batch: ['a1', 'a2', 'b1', 'c1'], stream: ['c1'] })
  })
})
