import assert from 'node:assert/strict'
import { OverlayStore } from '../../functions/lake/overlay-store.ts'
import { MemoryStore } from '../support/memory-store.ts'
import { absent, bytes, collect, pattern } from '../support/stores.ts'

const text = async (store: OverlayStore, key: string) => new TextDecoder().decode(await store.get(key))

describe('a store over a lake', () => {
  let lake: MemoryStore
  let store: OverlayStore
  beforeEach(async () => {
    lake = new MemoryStore()
    for (const key of ['a', 'c', 'hidden']) await lake.put(key, bytes(`lake's ${key}`))
    store = new OverlayStore(lake, new MemoryStore(), key => key === 'hidden')
  })

  it('reads what the lake has, except what is hidden, and writes nothing to it', async () => {
    const before = [...lake.objects]
    assert.equal(await text(store, 'a'), "lake's a")
    assert.equal(await store.head('hidden'), undefined)
    await assert.rejects(text(store, 'hidden'), { name: 'ObjectMissing' })
    for (const key of ['a', 'b', 'd', 'hidden']) assert((await store.put(key, bytes(`new ${key}`))).written)
    assert.equal(await text(store, 'a'), 'new a')
    assert.equal(await text(store, 'hidden'), 'new hidden')
    assert.equal(await text(store, 'c'), "lake's c")
    assert.deepEqual(await collect(store.list('')), ['a', 'b', 'c', 'd', 'hidden'])
    assert.deepEqual(await collect(store.list('', { startAfter: 'b' })), ['c', 'd', 'hidden'])
    await store.delete('b')
    await assert.rejects(store.delete('c'), TypeError)
    assert.deepEqual(await collect(store.list('')), ['a', 'c', 'd', 'hidden'])
    assert.deepEqual([...lake.objects], before)
  })

  it('checks conditions against both', async () => {
    assert.deepEqual(await store.put('a', bytes('x'), absent), { written: false })
    assert((await store.put('hidden', bytes('x'), absent)).written)
    assert.deepEqual(await store.put('hidden', bytes('y'), absent), { written: false })
    const { etag = '' } = (await store.head('a')) ?? {}
    assert((await store.put('a', bytes('x'), { ifMatch: etag })).written)
    assert.deepEqual(await store.put('a', bytes('y'), { ifMatch: etag }), { written: false })
    const writer = store.writer('c', absent)
    await writer.write(bytes('x'))
    assert.deepEqual(await writer.close(), { written: false })
    assert.equal(await text(store, 'c'), "lake's c")
  })

  it('copies from the one that has the source', async () => {
    const body = pattern(100_000, 1)
    await lake.put('body', body.slice())
    const first = store.writer('first', absent)
    await first.copy({ key: 'body', etag: (await store.head('body'))?.etag ?? '' }, { start: 10, end: 90_000 })
    await first.write(bytes('end'))
    assert.equal(first.position, 89_993)
    assert((await first.close()).written)
    const second = store.writer('second')
    await second.copy({ key: 'first', etag: (await store.head('first'))?.etag ?? '' }, { start: 0, end: 5 })
    await second.close()
    assert.deepEqual(await store.get('second'), body.slice(10, 15))
    await assert.rejects(store.writer('third').copy({ key: 'body', etag: 'other' }, { start: 0, end: 1 }), {
      name: 'ObjectChanged',
    })
  })
})
