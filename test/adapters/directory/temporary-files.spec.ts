import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../../functions/adapters/directory/directory-store.ts'
import { owner } from '../../../functions/adapters/directory/process.ts'
import { findRubbish, removeRubbish } from '../../../functions/maintain/vacuum.ts'
import { World } from '../../support/world.ts'

describe('files under construction', () => {
  let root: string
  let store: DirectoryStore
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'silversmith-'))
    store = new DirectoryStore(root)
  })
  afterEach(() => rmSync(root, { recursive: true }))

  const temporary = () => readdirSync(join(root, 'silver/reviews/.tmp'))

  /** Lets a process die while it writes a megabyte. */
  async function killed(): Promise<void> {
    const script = `import { DirectoryStore } from ${JSON.stringify(new URL('../../../functions/adapters/directory/directory-store.ts', import.meta.url).href)}
      const writer = new DirectoryStore(${JSON.stringify(root)}).writer('silver/reviews/a/b.parquet')
      await writer.write(new Uint8Array(1 << 20))
      process.kill(process.pid, 'SIGKILL')`
    await new Promise(done =>
      spawn(process.execPath, ['--input-type=module-typescript', '-e', script]).on('exit', done),
    )
    assert.equal(temporary().length, 1)
  }

  it('that a killed process left are seen by vacuum, also in a dry run, and removed by it', async () => {
    const world = new World({ store })
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    await world.addReviews('a', [{ review_id: 'a1', customer_id: '1', stars: 5 }])
    await world.run()
    await killed()
    const { layout, now } = world
    const options = { store, layout, now, olderThan: 86_400_000, executions: { isRunning: async () => false } }
    const writer = store.writer('silver/reviews/live')
    await writer.write(new Uint8Array(1 << 20))
    const found = await findRubbish(options)
    assert.deepEqual(
      found.map(({ kind, keys, bytes }) => [kind, keys.length, bytes]),
      [['temporary', 1, 1 << 20]],
    )
    for (const each of found) assert(await removeRubbish(each, options))
    assert.deepEqual(await findRubbish(options), [])
    assert((await writer.close()).written, 'a file that a live process writes stays')
  })

  it('that a killed process left are removed by the next run that writes', async () => {
    await killed()
    await store.put('silver/reviews/k', new Uint8Array(1))
    assert.deepEqual(temporary(), [])
  })

  it('that an earlier version or another machine left are removed after a day, by the file system’s clock', async () => {
    for (const folder of ['.tmp', 'silver/reviews/.tmp']) {
      mkdirSync(join(root, folder), { recursive: true })
      for (const name of ['3f9a12cd-plain-uuid', `${'0'.repeat(16)}-1-1.x`]) {
        for (const [age, hours] of [
          ['old', 25],
          ['new', 23],
        ] as const) {
          const path = join(root, folder, `${name}-${age}`)
          writeFileSync(path, 'x')
          const time = new Date(Date.now() - hours * 3_600_000)
          utimesSync(path, time, time)
        }
      }
    }
    const clock = Date.now
    Date.now = () => clock() + 5 * 365 * 86_400_000 // this machine is years ahead
    try {
      const keys = (await store.abandoned()).map(({ key }) => key.replace(/.*-/, ''))
      assert.deepEqual(keys, ['old', 'old', 'old', 'old'])
    } finally {
      Date.now = clock
    }
  })

  it('of this process are not rubbish', async () => {
    await store.put('silver/reviews/k', new Uint8Array(1))
    writeFileSync(join(root, 'silver/reviews/.tmp', `${owner()}.x`), 'x')
    assert.deepEqual(await store.abandoned(), [])
  })
})
