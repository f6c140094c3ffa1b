import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../../functions/adapters/directory/directory-store.ts'
import { S3Store } from '../../../functions/adapters/s3/s3-store.ts'
import { MountedStore } from '../../../functions/lake/mounted-store.ts'
import type { ObjectInfo, Store } from '../../../functions/lake/store.ts'
import { MemoryStore } from '../../support/memory-store.ts'
import { type S3Server, startS3 } from '../../support/s3-server.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (data: Uint8Array) => new TextDecoder().decode(data)
const absent = { ifNoneMatch: '*' } as const

async function collect(listing: AsyncIterable<ObjectInfo>): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of listing) keys.push(key)
  return keys
}

/** Every byte differs from its neighbours, so that a shifted range shows. */
function pattern(length: number, seed: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) * 7 + seed) & 255)
}

/** What every store must do; `open` gives an empty one. */
function contract(name: string, open: () => Promise<Store>, hostileKeys: readonly string[]): void {
  describe(`${name} keeps the contract of a store`, () => {
    let store: Store
    beforeEach(async () => {
      store = await open()
    })

    it('get() returns what put() wrote, whole and by range', async () => {
      await store.put('a/b.txt', bytes('0123456789'))
      assert.equal(text(await store.get('a/b.txt')), '0123456789')
      assert.equal(text(await store.get('a/b.txt', { range: { start: 2, end: 5 } })), '234')
      assert.equal(text(await store.get('a/b.txt', { range: { start: 7, end: 99 } })), '789')
      assert.equal(text(await store.get('a/b.txt', { range: { start: 10, end: 12 } })), '')
      assert.equal(text(await store.get('a/b.txt', { range: { start: 3, end: 3 } })), '')
    })

    it('get() throws ObjectMissing for a key that is not there, also below an object', async () => {
      await assert.rejects(store.get('none'), { name: 'ObjectMissing' })
      await store.put('file', bytes('x'))
      await assert.rejects(store.get('file/below'), { name: 'ObjectMissing' })
      await assert.rejects(store.get('fil'), { name: 'ObjectMissing' })
    })

    it('get() with ifMatch throws ObjectChanged once the object is another version', async () => {
      const first = await store.put('k', bytes('one'))
      assert(first.written)
      assert.equal(text(await store.get('k', { ifMatch: first.etag })), 'one')
      await store.put('k', bytes('two'))
      await assert.rejects(store.get('k', { ifMatch: first.etag }), { name: 'ObjectChanged' })
      await assert.rejects(store.get('k', { ifMatch: first.etag, range: { start: 0, end: 1 } }), {
        name: 'ObjectChanged',
      })
    })

    it('head() describes the object as put() and list() do', async () => {
      assert.equal(await store.head('k'), undefined)
      const before = Date.now() - 2000
      const outcome = await store.put('k', bytes('12345'))
      const head = await store.head('k')
      assert(outcome.written && head)
      assert.equal(head.etag, outcome.etag)
      assert.equal(head.size, 5)
      assert(head.modified >= before && head.modified <= Date.now() + 2000)
      for await (const info of store.list('k')) assert.deepEqual(info, head)
    })

    it('put() with ifNoneMatch writes once', async () => {
      assert.equal((await store.put('k', bytes('first'), absent)).written, true)
      assert.equal((await store.put('k', bytes('second'), absent)).written, false)
      assert.equal(text(await store.get('k')), 'first')
    })

    it('put() with ifNoneMatch has one winner among 20 at once', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) => store.put('race', bytes(`writer ${i}`), absent)),
      )
      assert.equal(outcomes.filter(outcome => outcome.written).length, 1)
      const winner = outcomes.findIndex(outcome => outcome.written)
      assert.equal(text(await store.get('race')), `writer ${winner}`)
    })

    it('put() with ifMatch replaces that version only', async () => {
      assert.equal((await store.put('k', bytes('x'), { ifMatch: '"none"' })).written, false)
      assert.equal(await store.head('k'), undefined)
      const first = await store.put('k', bytes('one'))
      assert(first.written)
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, i) => store.put('k', bytes(`next ${i}`), { ifMatch: first.etag })),
      )
      assert.equal(outcomes.filter(outcome => outcome.written).length, 1)
    })

    it('list() gives the keys of a prefix in the order of their bytes, from after a key on', async () => {
      const keys = ['b/z', 'b/a', 'b.c', 'b', 'b-1/x', 'bb/1', 'c/ｚ', 'c/😀', 'c/z'] // 😀 is after ｚ in UTF-8 only
      for (const key of keys) if (key !== 'b' || !(store instanceof DirectoryStore)) await store.put(key, bytes(key))
      const expected = ['b', 'b-1/x', 'b.c', 'b/a', 'b/z', 'bb/1', 'c/z', 'c/ｚ', 'c/😀'].filter(
        key => key !== 'b' || !(store instanceof DirectoryStore), // a directory can't be a file as well
      )
      assert.deepEqual(await collect(store.list('')), expected)
      assert.deepEqual(await collect(store.list('b/')), ['b/a', 'b/z'])
      assert.deepEqual(await collect(store.list('b/z')), ['b/z'])
      assert.deepEqual(await collect(store.list('x')), [])
      for (const [i, after] of expected.entries()) {
        assert.deepEqual(await collect(store.list('', { startAfter: after })), expected.slice(i + 1))
      }
      assert.deepEqual(await collect(store.list('', { startAfter: 'b/m' })), expected.slice(expected.indexOf('b/z')))
      assert.deepEqual(await collect(store.list('b', { startAfter: 'a' })), expected.slice(0, -3))
    })

    it('list() goes beyond a page of 1,000 keys', async () => {
      const keys = Array.from({ length: 1003 }, (_, i) => `many/${String(i).padStart(5, '0')}`)
      await Promise.all(keys.map(key => store.put(key, bytes('x'))))
      assert.deepEqual(await collect(store.list('many/')), keys)
    })

    it('delete() removes, and does not mind a missing key', async () => {
      await store.put('k', bytes('x'))
      await store.delete('k')
      await store.delete('k')
      assert.equal(await store.head('k'), undefined)
    })

    it('keys with odd characters name exactly one object', async () => {
      for (const key of hostileKeys) {
        const outcome = await store.put(key, bytes(key))
        assert(outcome.written)
        const writer = store.writer(`copies/${key}`)
        await writer.copy({ key, etag: outcome.etag }, { start: 0, end: bytes(key).length })
        await writer.close()
      }
      for (const key of hostileKeys) {
        assert.equal(text(await store.get(key)), key)
        assert.equal(text(await store.get(`copies/${key}`)), key)
      }
      const listed = await collect(store.list(''))
      assert.deepEqual(listed.sort(), [...hostileKeys, ...hostileKeys.map(key => `copies/${key}`)].sort())
    })

    it('keys that S3 could not hold are refused', async () => {
      for (const key of ['', 'x'.repeat(1025), 'é'.repeat(513), 'half \ud800 pair']) {
        await assert.rejects(store.put(key, bytes('x')), { name: 'InvalidKey' })
      }
    })

    it('writer() shows nothing before close(), and all of it then', async () => {
      const writer = store.writer('w', absent)
      await writer.write(bytes('hello '))
      await writer.write(bytes('world'))
      assert.equal(writer.position, 11)
      assert.equal(await store.head('w'), undefined)
      assert.deepEqual(await collect(store.list('')), [])
      assert((await writer.close()).written)
      assert.equal(text(await store.get('w')), 'hello world')
    })

    it('writer() with ifNoneMatch leaves an object alone that came first', async () => {
      const [one, two] = [store.writer('w', absent), store.writer('w', absent)]
      await one.write(bytes('one'))
      await two.write(bytes('two'))
      assert.equal((await one.close()).written, true)
      assert.equal((await two.close()).written, false)
      assert.equal(text(await store.get('w')), 'one')
    })

    it('writer() can be dropped', async () => {
      const writer = store.writer('w')
      await writer.write(bytes('x'))
      await writer.abort()
      await store.writer('v').abort()
      assert.deepEqual(await collect(store.list('')), [])
    })

    it('writer() puts written and copied ranges together, small and large', async () => {
      const large = pattern(13 << 20, 1)
      const small = pattern(1000, 2)
      const outcomes = [await store.put('large', large), await store.put('small', small)]
      const [largeVersion, smallVersion] = ['large', 'small'].map((key, i) => {
        const outcome = outcomes[i]
        assert(outcome?.written)
        return { key, etag: outcome.etag }
      })
      assert(largeVersion && smallVersion)

      const body = store.writer('body', absent)
      await body.copy(largeVersion, { start: 0, end: 12 << 20 })
      await body.write(pattern(77, 3))
      assert((await body.close()).written)
      assert.deepEqual(await store.get('body'), concat([large.slice(0, 12 << 20), pattern(77, 3)]))

      const mixed = store.writer('mixed', absent)
      await mixed.write(pattern(4, 4))
      await mixed.copy(largeVersion, { start: 100, end: 11 << 20 })
      await mixed.copy(smallVersion, { start: 10, end: 900 })
      await mixed.write(pattern(6 << 20, 5))
      await mixed.copy(largeVersion, { start: 5, end: 6 })
      assert.equal(mixed.position, 4 + (11 << 20) - 100 + 890 + (6 << 20) + 1)
      assert((await mixed.close()).written)
      const expected = [pattern(4, 4), large.slice(100, 11 << 20), small.slice(10, 900), pattern(6 << 20, 5)]
      assert.deepEqual(await store.get('mixed'), concat([...expected, large.slice(5, 6)]))
    })

    it('writer() refuses to copy from another version or from nothing', async () => {
      for (const size of [100, 6 << 20]) {
        const old = await store.put('source', pattern(size, 1))
        assert(old.written)
        await store.put('source', pattern(size, 2))
        const attempt = async (key: string) => {
          const writer = store.writer('copy', absent)
          try {
            await writer.copy({ key, etag: old.etag }, { start: 0, end: size })
            await writer.close()
          } catch (error) {
            await writer.abort()
            throw error
          }
        }
        await assert.rejects(attempt('source'), { name: 'ObjectChanged' })
        await assert.rejects(attempt('nothing'), { name: 'ObjectMissing' })
        assert.equal(await store.head('copy'), undefined)
      }
    })
  })
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts))
}

const ODD = [
  'plain',
  'with space and+plus',
  'a%2Fb',
  'a/b',
  'quote\'and"double',
  'new\nline',
  'equals=sign/part=1',
  'ünï/ço/dé 日本 😀',
  '<&>;:@,!$*()[]{}|^~`?#',
  'tab\there',
  `${'long/'.repeat(200)}x`,
]

describe('stores', () => {
  const directories: string[] = []
  let server: S3Server
  let buckets = 0

  before(async () => {
    server = await startS3()
  })
  after(async () => {
    await server.close()
    for (const directory of directories) await rm(directory, { recursive: true })
  })

  contract('the directory store', openDirectory, ODD)
  contract('the S3 store', () => openBucket(), [...ODD, 'back\\slash', 'x'.repeat(1000)])
  contract('the S3 store below a prefix', openPrefix, [...ODD.slice(0, -1), 'back\\slash', 'x'.repeat(1000)])
  contract('a lake that is mounted from two buckets', openMounted, [...ODD, 'back\\slash'])
  contract('the memory store of the tests', async () => new MemoryStore(), [...ODD, 'back\\slash', 'x'.repeat(1000)])

  async function openDirectory(): Promise<Store> {
    const directory = await mkdtemp(join(tmpdir(), 'silversmith-'))
    directories.push(directory)
    return new DirectoryStore(directory)
  }

  async function openBucket(prefix = ''): Promise<S3Store> {
    const name = `lake-${++buckets}`
    server.bucket(name)
    return new S3Store(server.client(), name, prefix)
  }

  async function openPrefix(): Promise<Store> {
    const store = await openBucket('some/one/')
    // neighbours that a prefix without its slash would take in
    const bucket = server.bucket(`lake-${buckets}`)
    for (const key of ['some/one', 'some/one-more/k', 'some/k', 'k']) {
      bucket.put(key, Buffer.from('another'), { ifNoneMatch: undefined, ifMatch: undefined })
    }
    return store
  }

  /** Keys that begin with `a/` or `lar` lie in another bucket. */
  async function openMounted(): Promise<Store> {
    const mount = async (at: string) => ({ at, store: await openBucket('elsewhere/') })
    return new MountedStore(await openBucket(), [await mount('a/'), await mount('lar')])
  }

  it('copy between buckets inside S3, and from a directory by reading', async () => {
    const body = pattern((5 << 20) + 9, 1)
    const bronze = { at: 'bronze/', store: await openBucket('landing/') }
    const mounted = { at: 'local/', store: await openDirectory() }
    const lake = new MountedStore(await openBucket('lake/'), [bronze, mounted])
    const read: string[] = []
    server.inject = (method, url) => {
      if (method === 'GET') read.push(url.pathname)
      return undefined
    }
    for (const key of ['bronze/x', 'local/x']) {
      const outcome = await lake.put(key, body)
      assert(outcome.written)
      const writer = lake.writer(`silver/${key}`, absent)
      await writer.copy({ key, etag: outcome.etag }, { start: 0, end: body.length })
      await writer.write(bytes('end'))
      assert((await writer.close()).written)
      await assert.rejects(lake.writer('y').copy({ key, etag: '"another"' }, { start: 0, end: 10 }), {
        name: 'ObjectChanged',
      })
    }
    assert.equal(read.length, 1, "only the range that was refused is asked for: its condition is S3's")
    server.inject = () => undefined
    for (const key of ['bronze/x', 'local/x']) {
      assert.deepEqual(await lake.get(`silver/${key}`), concat([body, bytes('end')]))
    }
  })

  it('list what is mounted in the order of keys, and nothing that lies below it', async () => {
    const base = new MemoryStore()
    const far = new MemoryStore()
    for (const key of ['a', 'bronze/reviews/hidden', 'bronze/x', 'silver/1']) await base.put(key, bytes('x'))
    for (const key of ['1', '2/3']) await far.put(key, bytes('x'))
    const lake = new MountedStore(base, [{ at: 'bronze/reviews/', store: far }])
    const all = ['a', 'bronze/reviews/1', 'bronze/reviews/2/3', 'bronze/x', 'silver/1']
    assert.deepEqual(await collect(lake.list('')), all)
    assert.deepEqual(await collect(lake.list('bronze/')), all.slice(1, 4))
    assert.deepEqual(await collect(lake.list('bronze/reviews/')), all.slice(1, 3))
    for (const startAfter of ['', ...all, 'bronze/reviews/2/4', 'bronze/reviews0', 'z']) {
      const expected = all.filter(key => key > startAfter)
      assert.deepEqual(await collect(lake.list('', { startAfter })), expected, startAfter)
      const below = expected.filter(key => key.startsWith('bronze/reviews/'))
      assert.deepEqual(await collect(lake.list('bronze/reviews/', { startAfter })), below, startAfter)
    }
    assert.equal(await lake.head('bronze/reviews/hidden'), undefined)
    assert.equal((await lake.head('bronze/reviews/1'))?.key, 'bronze/reviews/1')
  })
})
