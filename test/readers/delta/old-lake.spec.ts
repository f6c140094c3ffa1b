import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { deltaRows, readDelta, rowsInLog } from '../../support/delta-reader.ts'
import { World } from '../../support/world.ts'

const FIXTURES = join(import.meta.dirname, '../../fixtures')
/** The versions that it must get, for ever: another release that writes on must write the same. */
const EXPECTED = join(FIXTURES, 'lake-0.2.0.delta-log')

/** A lake that version 0.2.0 wrote: three appends, a parked row, a column more, three replaces, an abandon, an append. */
async function oldLake(): Promise<World> {
  const world = new World()
  world.now = Date.UTC(2026, 11, 1)
  const root = join(FIXTURES, 'lake-0.2.0')
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    await world.store.put(relative(root, path).replaceAll('\\', '/'), await readFile(path))
  }
  return world
}

describe('a lake of version 0.2.0', () => {
  it('gets its Delta table at the next run, from version 0 on, with nothing new', async () => {
    const world = await oldLake()
    const { store, layout } = world
    assert.equal((await world.run()).reason, 'nothing new')
    const newest = await readDelta(store, layout)
    assert.deepEqual([newest?.version, newest?.files.size], [7, 4])
    for (let version = 0; version <= 7; version++) {
      const snapshot = await readDelta(store, layout, version)
      assert.deepEqual(snapshot && (await deltaRows(store, layout, snapshot)), await rowsInLog(store, layout, version))
    }
    if (process.env.UPDATE_FIXTURES) await mkdir(EXPECTED, { recursive: true })
    for (let version = 0; version <= 7; version++) {
      const text = new TextDecoder().decode(await store.get(layout.deltaVersion(version)))
      const file = join(EXPECTED, `${version}.json`)
      if (process.env.UPDATE_FIXTURES) await writeFile(file, text)
      assert.equal(text, await readFile(file, 'utf8'))
    }
  })

  it('goes on with it', async () => {
    const world = await oldLake()
    await world.addReviews('new', [{ review_id: 'n1', customer_id: '1', stars: 5 }])
    await world.run()
    const newest = await readDelta(world.store, world.layout)
    assert.equal(newest?.version, 8)
    assert.deepEqual(await deltaRows(world.store, world.layout, newest), await rowsInLog(world.store, world.layout, 8))
    assert.equal((await world.silver()).length, 5)
  })
})
