import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../../functions/adapters/directory/directory-store.ts'
import type { ObjectInfo, ObjectVersion } from '../../../functions/lake/store.ts'
import { readLog } from '../../../functions/log/read.ts'
import { World } from '../../support/world.ts'

const review = (id: string, stars: number, customer = '1') => ({ review_id: id, customer_id: customer, stars })
const customer = (id: string, name: string) => ({ customer_id: id, customer_name: name })

/** The store of earlier versions: an etag was the time and the size. */
class EarlierStore extends DirectoryStore {
  override async head(key: string) {
    const info = await super.head(key)
    return info && shortened(info)
  }

  override async *list(prefix: string, options?: { startAfter?: string }) {
    for await (const info of super.list(prefix, options)) yield shortened(info)
  }

  override async pin({ etag }: ObjectVersion) {
    return etag
  }
}

function shortened(info: ObjectInfo): ObjectInfo {
  return { ...info, etag: info.etag.split('-').slice(0, 2).join('-') }
}

describe('a bronze file of a directory', () => {
  let base: string
  let root: string
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'silversmith-'))
    root = join(base, 'lake')
  })
  afterEach(() => rmSync(base, { recursive: true }))

  /** A lake with a review that is joined and one that waits. */
  async function lived(store = new DirectoryStore(root)): Promise<World<DirectoryStore>> {
    const world = new World({ store })
    await world.addCustomers('c', [customer('1', 'one')])
    await world.addReviews('a', [review('a1', 5), review('a2', 4, '2')])
    await world.run()
    return world
  }

  /** Does something to a file and gives it its times back. */
  async function inSilence(path: string, change: () => Promise<unknown>): Promise<void> {
    const { atime, mtime, size } = statSync(path)
    utimesSync(path, atime, mtime) // whole milliseconds, which can be given back
    await change()
    utimesSync(path, atime, mtime)
    assert.equal(statSync(path).size, size)
  }

  it('that gets another content of the same size and time is noticed, and taken where that is asked for', async () => {
    const world = await lived()
    const path = join(root, 'bronze/reviews/a.parquet')
    await inSilence(path, async () => undefined)
    await inSilence(path, async () => {
      const bytes = readFileSync(path)
      await world.addReviews('a', [review('a1', 3), review('a2', 4, '2')])
      assert.equal(readFileSync(path).length, bytes.length)
    })
    assert.equal((await world.run()).changed, 1)
    await world.run({ reprocess: { changed: true } })
    assert.match((await world.silver()).join(), /3/)
    assert.equal((await world.run()).changed, 0)
  })

  for (const [what, copy] of [
    ['in a lake that was copied with its times', () => execFileSync('cp', ['-a', root, join(base, 'copy')])],
    ['in a lake of hard links', () => execFileSync('cp', ['-al', root, join(base, 'copy')])],
    [
      'in a lake that was packed and unpacked',
      () => {
        execFileSync('sh', [
          '-c',
          `mkdir ${base}/copy && tar -C ${root} --format=posix -cf - . | tar -C ${base}/copy -xf -`,
        ])
      },
    ],
  ] as const) {
    it(`${what} is the version of before: nothing is new, changed or tried again`, async () => {
      await lived()
      copy()
      const world = new World({ store: new DirectoryStore(join(base, 'copy')) })
      const { reason, changed } = await world.run()
      assert.deepEqual([reason, changed], ['nothing new', 0])
    })
  }

  it('that changes in place in a copied lake is noticed there', async () => {
    await lived()
    execFileSync('cp', ['-a', root, join(base, 'copy')])
    const world = new World({ store: new DirectoryStore(join(base, 'copy')) })
    await inSilence(join(base, 'copy/bronze/reviews/a.parquet'), async () => {
      await world.addReviews('a', [review('a1', 3), review('a2', 4, '2')])
    })
    assert.equal((await world.run()).changed, 1)
  })

  it('that gets another mode or owner is the same', async () => {
    const world = await lived()
    for (const name of ['reviews/a', 'customers/c']) chmodSync(join(root, `bronze/${name}.parquet`), 0o600)
    const { reason, changed } = await world.run()
    assert.deepEqual([reason, changed], ['nothing new', 0])
  })

  it('that an earlier version has joined is the same, and its customers are too', async () => {
    await lived(new EarlierStore(root))
    const world = new World({ store: new DirectoryStore(root) })
    const { reason, changed } = await world.run()
    assert.deepEqual([reason, changed], ['nothing new', 0])
    for await (const { etag } of (await readLog(world.store, world.layout)).bronze())
      assert.match(etag, /^[0-9a-f]+-[0-9a-f]+$/)
    await world.run({ reprocess: { all: true } })
    assert.equal((await world.silver()).length, 1)
    assert.equal((await world.run()).changed, 0)
  })

  it('of customers that changes in silence is loaded, and the reviews that waited for it come out', async () => {
    const world = await lived()
    await inSilence(join(root, 'bronze/customers/c.parquet'), () => world.addCustomers('c', [customer('2', 'two')]))
    await world.run()
    assert.equal((await world.silver()).length, 2)
  })
})
