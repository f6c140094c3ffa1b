import assert from 'node:assert/strict'
import fc from 'fast-check'
import { MIN_COPY_BYTES } from '../../../functions/lake/store.ts'
import { packItems } from '../../../functions/pipeline/plan/pack.ts'
import type { BronzeInput } from '../../../functions/protocol/plan.ts'

const file = (key: string, size: number): BronzeInput => ({
  key,
  etag: `"${key}"`,
  size,
  modified: '2026-11-24T00:00:00.000Z',
})
const small = (count: number, size = 1000) => Array.from({ length: count }, (_, i) => file(`k${i}`, size))

describe('packItems()', () => {
  it('gives a file of 5 MiB an item of its own, and smaller ones a common one', () => {
    const items = packItems([file('a', 10), file('b', MIN_COPY_BYTES), file('c', MIN_COPY_BYTES - 1)], [])
    assert.deepEqual(
      items.map(item => [item.item, item.bronze.map(({ key }) => key)]),
      [
        [0, ['b']],
        [1, ['a', 'c']],
      ],
    )
  })

  it('closes an item at 128 MiB and at 500 files', () => {
    assert.deepEqual(
      packItems(small(64, 4 << 20), []).map(({ bronze }) => bronze.length),
      [32, 32],
    )
    assert.deepEqual(
      packItems(
        small(501, 1).map(({ key, size }) => ({ key, etag: '', size, modified: '' })),
        [],
      ).map(({ bronze }) => bronze.length),
      [500, 1],
    )
  })

  it('never mixes parked files with bronze files', () => {
    const items = packItems(small(2), [{ key: 'p', etag: '"p"', size: 5 }])
    assert.deepEqual(
      items.map(({ bronze, parked }) => [bronze.length, parked.length]),
      [
        [2, 0],
        [0, 1],
      ],
    )
  })

  it('holds every file once, in items of at most 500 files, 128 MiB and 64 KiB of JSON', () => {
    const sizes = fc.array(fc.record({ size: fc.nat(200 << 20), name: fc.string({ maxLength: 1000 }) }), {
      maxLength: 600,
    })
    fc.assert(
      fc.property(sizes, list => {
        const files = list.map(({ size, name }, i) => file(`${i}-${name}`, size))
        const items = packItems(files, [])
        assert.deepEqual(
          items.flatMap(({ bronze }) => bronze.map(({ key }) => key)).sort(),
          files.map(({ key }) => key).sort(),
        )
        for (const [i, item] of items.entries()) {
          assert.equal(item.item, i)
          assert(item.bronze.length >= 1 && item.bronze.length <= 500)
          assert(Buffer.byteLength(JSON.stringify(item)) <= 64 << 10)
          const bytes = item.bronze.reduce((sum, { size }) => sum + size, 0)
          assert(
            item.bronze.length === 1 || (bytes <= 128 << 20 && item.bronze.every(({ size }) => size < MIN_COPY_BYTES)),
          )
        }
      }),
      { numRuns: 50 },
    )
  })
})
