import assert from 'node:assert/strict'
import { absent, bytes, collect, concat, describeStores, pattern } from '../support/stores.ts'

const text = (data: Uint8Array) => new TextDecoder().decode(data)

describeStores('keeps the contract of a writer', open => {
  it('writer() shows nothing before close(), and all of it then', async () => {
    const store = open()
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
    const store = open()
    const [one, two] = [store.writer('w', absent), store.writer('w', absent)]
    await one.write(bytes('one'))
    await two.write(bytes('two'))
    assert.equal((await one.close()).written, true)
    assert.equal((await two.close()).written, false)
    assert.equal(text(await store.get('w')), 'one')
  })

  it('writer() can be dropped', async () => {
    const store = open()
    const writer = store.writer('w')
    await writer.write(bytes('x'))
    await writer.abort()
    await store.writer('v').abort()
    assert.deepEqual(await collect(store.list('')), [])
  })

  it('writer() joins written and copied ranges, small and large', async () => {
    const store = open()
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
    const store = open()
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
