import assert from 'node:assert/strict'
import { DirectoryStore } from '../../../functions/adapters/directory/directory-store.ts'
import { absent, bytes, collect, describeStores } from '../../support/stores.ts'

const text = (data: Uint8Array) => new TextDecoder().decode(data)

describeStores('keeps the contract of a store', (open, hostileKeys) => {
  it('get() returns what put() wrote, whole and by range', async () => {
    const store = open()
    await store.put('a/b.txt', bytes('0123456789'))
    assert.equal(text(await store.get('a/b.txt')), '0123456789')
    assert.equal(text(await store.get('a/b.txt', { range: { start: 2, end: 5 } })), '234')
    assert.equal(text(await store.get('a/b.txt', { range: { start: 7, end: 99 } })), '789')
    assert.equal(text(await store.get('a/b.txt', { range: { start: 10, end: 12 } })), '')
    assert.equal(text(await store.get('a/b.txt', { range: { start: 3, end: 3 } })), '')
  })

  it('get() throws ObjectMissing for a key that is not there, also below an object', async () => {
    const store = open()
    await assert.rejects(store.get('none'), { name: 'ObjectMissing' })
    await store.put('file', bytes('x'))
    await assert.rejects(store.get('file/below'), { name: 'ObjectMissing' })
    await assert.rejects(store.get('fil'), { name: 'ObjectMissing' })
  })

  it('get() with ifMatch throws ObjectChanged once the object is another version', async () => {
    const store = open()
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
    const store = open()
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
    const store = open()
    assert.equal((await store.put('k', bytes('first'), absent)).written, true)
    assert.equal((await store.put('k', bytes('second'), absent)).written, false)
    assert.equal(text(await store.get('k')), 'first')
  })

  it('put() with ifNoneMatch has one winner among 20 at once', async () => {
    const store = open()
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) => store.put('race', bytes(`writer ${i}`), absent)),
    )
    assert.equal(outcomes.filter(outcome => outcome.written).length, 1)
    const winner = outcomes.findIndex(outcome => outcome.written)
    assert.equal(text(await store.get('race')), `writer ${winner}`)
  })

  it('put() with ifMatch replaces that version only', async () => {
    const store = open()
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
    const store = open()
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
    const store = open()
    const keys = Array.from({ length: 1003 }, (_, i) => `many/${String(i).padStart(5, '0')}`)
    await Promise.all(keys.map(key => store.put(key, bytes('x'))))
    assert.deepEqual(await collect(store.list('many/')), keys)
  })

  it('delete() removes, and does not mind a missing key', async () => {
    const store = open()
    await store.put('k', bytes('x'))
    await store.delete('k')
    await store.delete('k')
    assert.equal(await store.head('k'), undefined)
  })

  it('keys with odd characters name exactly one object', async () => {
    const store = open()
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
    const store = open()
    for (const key of ['', 'x'.repeat(1025), 'é'.repeat(513), 'half \ud800 pair']) {
      await assert.rejects(store.put(key, bytes('x')), { name: 'InvalidKey' })
    }
  })
})
