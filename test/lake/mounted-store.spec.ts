import assert from 'node:assert/strict'
import { MountedStore } from '../../functions/lake/mounted-store.ts'
import { MemoryStore } from '../support/memory-store.ts'
import { absent, bytes, collect, concat, openStores, pattern } from '../support/stores.ts'

describe('stores that are mounted into another', () => {
  const stores = openStores()

  it('copy between buckets inside S3, and from a directory by reading', async () => {
    const body = pattern((5 << 20) + 9, 1)
    const bronze = { at: 'bronze/', store: stores().bucket('landing/') }
    const mounted = { at: 'local/', store: await stores().directory() }
    const lake = new MountedStore(stores().bucket('lake/'), [bronze, mounted])
    const { server } = stores()
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

  it('list what is mounted in the order of keys, and nothing that it hides', async () => {
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
