import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DirectoryStore } from '../../../functions/adapters/directory/directory-store.ts'
import { World } from '../../support/world.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const absent = { ifNoneMatch: '*' } as const
const MODULE = JSON.stringify(new URL('../../../functions/adapters/directory/directory-store.ts', import.meta.url).href)

describe('a lake in a directory, when the system refuses', () => {
  let base: string
  let root: string
  let mounted: string[]
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'silversmith-'))
    root = join(base, 'lake')
    mkdirSync(root)
    mounted = []
  })
  afterEach(() => {
    for (const path of mounted) execFileSync('umount', [path])
    rmSync(base, { recursive: true })
  })

  /** Mounts a file system of its own in memory; false where that is not allowed. */
  function mount(path: string, options: string): boolean {
    mkdirSync(path, { recursive: true })
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path])
    if (status === 0) mounted.push(path)
    else console.log('      skipped: mounting a file system needs root')
    return status === 0
  }

  /** Runs a script with a store in a shell with limits. */
  function limited(limits: string, script: string): string {
    const code = `import { DirectoryStore } from ${MODULE}
      const store = new DirectoryStore(${JSON.stringify(root)})
      try { ${script} } catch (error) { console.log(error.name + ': ' + error.message) }`
    const args = ['-c', `${limits}; exec "$0" "$@"`, process.execPath, '--input-type=module-typescript', '-e', code]
    return spawnSync('sh', args, { encoding: 'utf8' }).stdout
  }

  it('says that the disk is full, at once, for an object and for one that is written in parts', async function () {
    if (!mount(root, 'size=1m')) return this.skip()
    const store = new DirectoryStore(root)
    const full = { name: 'StoreFull', message: /^the directory failed at "k": the disk is full: free some space/ }
    await assert.rejects(store.put('k', new Uint8Array(2 << 20)), full)
    const writer = store.writer('k', absent)
    await assert.rejects(writer.write(new Uint8Array(2 << 20)), full)
    await writer.abort()
    assert.equal((await store.put('k', bytes('small'), absent)).written, true)
    assert.deepEqual(readdirSync(join(root, '.tmp')), [])
  })

  it('works where silver is a volume of its own, or its reviews', async function () {
    for (const volume of ['silver', 'silver/reviews']) {
      const lake = join(base, volume.replace('/', '-'))
      if (!mount(join(lake, volume), 'size=4m')) return this.skip()
      const world = await lived(new DirectoryStore(lake))
      assert.deepEqual((await world.run()).reason, 'nothing new')
    }
  })

  it('says that a lake is on two volumes where that cannot be', async function () {
    if (!mount(join(root, 'silver/reviews/_silversmith'), 'size=4m')) return this.skip()
    const put = new DirectoryStore(root).put('silver/reviews/_silversmith/log/1.json', bytes('{}'), absent)
    await assert.rejects(put, {
      name: 'StoreUnsuitable',
      message: /two volumes: keep the whole of silver\/reviews\/ on one/,
    })
  })

  it('says that the file system is read-only', async function () {
    if (!mount(root, 'size=1m,ro')) return this.skip()
    await assert.rejects(new DirectoryStore(root).put('k', bytes('x')), { name: 'AccessDenied', message: /read-only/ })
  })

  it('names the limit of open files', () => {
    const script = `await Promise.all(Array.from({ length: 200 }, (_, i) => store.put('k' + i, new Uint8Array(1000))))`
    assert.match(
      limited('ulimit -n 40', script),
      /^StoreLimit: .*may not open more files: raise the limit \(ulimit -n\)/,
    )
  })

  it('names the limit of a file’s size', () => {
    const script = `await store.put('k', new Uint8Array(1 << 20))`
    assert.match(limited('ulimit -f 100', script), /^StoreLimit: .*larger file: raise the limit \(ulimit -f\)/)
  })

  for (const [what, make] of [
    ['a directory', (path: string) => mkdirSync(path)],
    ['a link that leads nowhere', (path: string) => symlinkSync('/nowhere/at/all', path)],
    ['a link to itself', (path: string) => symlinkSync(path, path)],
  ] as const) {
    it(`names ${what} in the place of a commit or the claim, and goes on once it is gone`, async () => {
      const world = await lived(new DirectoryStore(root))
      for (const key of [world.layout.commit(1), world.layout.claim]) {
        await world.addReviews(`new-${key.length}`, [{ review_id: key, customer_id: '1', stars: 5 }])
        const path = join(root, key)
        rmSync(path, { force: true })
        mkdirSync(dirname(path), { recursive: true })
        make(path)
        await assert.rejects(world.run(), { name: 'NameTaken', message: /move it away|remove them/ }, key)
        rmSync(path, { recursive: true })
        await world.run()
        if (key === world.layout.commit(1)) assert.equal((await world.silver()).length, 2)
      }
    })
  }

  it('names a link that leads nowhere where a directory has to be', async () => {
    symlinkSync('/nowhere/at/all', join(root, 'silver'))
    const put = new DirectoryStore(root).put('silver/reviews/k', bytes('x'), absent)
    await assert.rejects(put, { name: 'NameTaken', message: /leads nowhere.*remove it/ })
  })

  it('names a file where a directory has to be', async () => {
    writeFileSync(join(root, 'silver'), 'a file')
    const put = new DirectoryStore(root).put('silver/reviews/k', bytes('x'), absent)
    await assert.rejects(put, { name: 'NameTaken', message: /move it away/ })
  })

  it('takes a link that answers EEXIST for its own success, as over NFS, for the success it is', async () => {
    const store = new DirectoryStore(root)
    const { link } = fs
    fs.link = async (from, to) => {
      await link(from, to)
      throw Object.assign(new Error('EEXIST: file already exists, link'), { code: 'EEXIST', syscall: 'link' })
    }
    syncBuiltinESMExports()
    try {
      assert.equal((await store.put('k', bytes('mine'), absent)).written, true)
      const head = await store.head('k')
      assert.equal((await store.put('k', bytes('next'), { ifMatch: head?.etag ?? '' })).written, true, 'also a lock')
    } finally {
      fs.link = link
      syncBuiltinESMExports()
    }
    assert.equal((await store.put('k', bytes('other'), absent)).written, false)
  })

  it('makes the directory durable after each link and rename, and those that it had to make', async () => {
    const store = new DirectoryStore(root)
    const synced: string[] = []
    const { open } = fs
    fs.open = async (path, ...more) => {
      const file = await open(path, ...more)
      const { sync } = file
      file.sync = () => {
        synced.push(String(path).slice(base.length))
        return sync.call(file)
      }
      return file
    }
    syncBuiltinESMExports()
    try {
      await store.put('a/b/k', bytes('x'), absent)
      assert.deepEqual([...new Set(synced)].sort(), ['/lake', '/lake/a', '/lake/a/b'])
      for (const replace of [
        () => store.put('a/b/k', bytes('y')),
        async () => store.put('a/b/k', bytes('z'), { ifMatch: (await store.head('a/b/k'))?.etag ?? '' }),
      ]) {
        synced.length = 0
        assert((await replace()).written)
        assert.deepEqual(synced, ['/lake/a/b'])
      }
    } finally {
      fs.open = open
      syncBuiltinESMExports()
    }
  })
})

/** A lake with one review that is joined. */
async function lived(store: DirectoryStore): Promise<World<DirectoryStore>> {
  const world = new World({ store })
  await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
  await world.addReviews('a', [{ review_id: 'a1', customer_id: '1', stars: 5 }])
  await world.run()
  return world
}
