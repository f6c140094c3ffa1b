import assert from 'node:assert/strict'
import { S3Store } from '../../functions/adapters/s3/s3-store.ts'
import { inOrder } from '../../functions/lake/ordered.ts'
import type { ObjectInfo, Store } from '../../functions/lake/store.ts'
import { World } from '../support/world.ts'

async function* each(keys: readonly string[]) {
  for (const key of keys) yield { key }
}

async function collect(keys: readonly string[]): Promise<string[]> {
  const seen: string[] = []
  for await (const { key } of inOrder(each(keys))) seen.push(key)
  return seen
}

/** A client whose one page lists these keys. */
function listing(keys: readonly string[], encode: (key: string) => string = encodeURIComponent) {
  const page = { EncodingType: 'url', Contents: keys.map(key => ({ Key: encode(key), ETag: '"1"', Size: 1 })) }
  return { send: async () => page } as unknown as ConstructorParameters<typeof S3Store>[0] // all that list() asks for
}

async function drain(list: AsyncIterable<ObjectInfo>): Promise<void> {
  for await (const _ of list);
}

describe('the order of a listing', () => {
  it('is that of UTF-8, in which characters beyond U+FFFF come last', async () => {
    const keys = ['a', 'a!', 'b', 'ｚ', '😀']
    assert.deepEqual(await collect(keys), keys)
  })

  for (const [order, keys] of [
    ['of UTF-16', ['a', '😀', 'ｚ']],
    ['of no kind, as in S3’s directory buckets', ['b', 'a']],
    ['that ignores case', ['a', 'B']],
    ['with a key twice', ['a', 'a']],
  ] as const) {
    it(`${order} is refused, with the keys`, async () => {
      const message = new RegExp(`lists "${keys.at(-1)}" after "${keys.at(-2)}".*joined twice`)
      await assert.rejects(collect(keys), { name: 'StoreUnsuitable', message })
      await assert.rejects(drain(new S3Store(listing(keys), 'b').list('')), { name: 'StoreUnsuitable', message })
    })
  }

  it('is checked by Plan, whatever the store: nothing is joined twice', async () => {
    const world = new World()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    for (const name of ['a', 'b', 'c']) await world.addReviews(name, [{ review_id: name, customer_id: '1', stars: 5 }])
    await world.run()
    const before = await world.silver()
    const { store } = world
    const list = store.list.bind(store)
    store.list = async function* (prefix: string, options?: Parameters<Store['list']>[1]) {
      const all: ObjectInfo[] = []
      for await (const info of list(prefix, options)) all.push(info)
      yield* prefix.startsWith('bronze/reviews') ? all.reverse() : all
    }
    await assert.rejects(world.run(), { name: 'StoreUnsuitable' })
    assert.deepEqual(await world.silver(), before)
  })

  it('cannot start after, or contain, what is not Unicode', async () => {
    const s3 = new S3Store(listing(['a']), 'b')
    for (const call of [() => s3.list('x\ud800'), () => s3.list('', { startAfter: '\udc00' })]) {
      await assert.rejects(drain(call()), { name: 'InvalidKey' })
    }
    const broken = new S3Store(
      listing(['a%FF'], key => key),
      'b',
    )
    await assert.rejects(drain(broken.list('')), { name: 'InvalidKey', message: /"a%FF", which is not UTF-8: rename/ })
  })
})
