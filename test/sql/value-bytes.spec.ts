import assert from 'node:assert/strict'
import fc from 'fast-check'
import { decodeLiteral, encodeLiteral } from '../../functions/sql/literal.ts'
import { parseType } from '../../functions/sql/type-text.ts'
import type { Value } from '../../functions/sql/types.ts'
import { valueCodec } from '../../functions/sql/value-bytes.ts'
import { anyOf, TYPE } from '../support/nested-values.ts'

const TYPED = TYPE.chain(type => anyOf(type).map(value => ({ type, value })))

describe('nested values as bytes', () => {
  it('decode() gives back what encode() was given', () => {
    fc.assert(
      fc.property(TYPED, ({ type, value }) => {
        const codec = valueCodec(type)
        assert.deepEqual(codec.decode(codec.encode(value)), value)
      }),
    )
  })

  it('two values have the same bytes exactly if they are the same', () => {
    const pairs = TYPE.chain(type => fc.tuple(fc.constant(type), anyOf(type), anyOf(type)))
    fc.assert(
      fc.property(pairs, ([type, a, b]) => {
        const { encode } = valueCodec(type)
        assert.equal(Buffer.compare(encode(a), encode(b)) === 0, same(a, b))
      }),
    )
  })

  it('a key takes -0.0 for 0.0 and every NaN for one, as Spark does', () => {
    const { key, encode } = valueCodec(parseType('array<struct<a:double,b:float>>'))
    assert.deepEqual(key([[-0, -0]]), key([[0, 0]]))
    assert.notDeepEqual(encode([[-0, 0]]), encode([[0, 0]]))
    const nan = new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer)[0] ?? 0
    assert.deepEqual(key([[nan, 1]]), key([[Number.NaN, 1]]))
  })

  it('NULL, an array of a NULL and an empty array differ', () => {
    const { key } = valueCodec(parseType('array<array<int>>'))
    const all = [null, [], [null], [[]], [[null]], [[], []]].map(value => Buffer.from(key(value)).toString('hex'))
    assert.equal(new Set(all).size, all.length)
  })

  it('bytes that encode() does not make are a RangeError, or another value', () => {
    const text = new TextDecoder()
    fc.assert(
      fc.property(TYPED, fc.uint8Array({ maxLength: 40 }), ({ type }, bytes) => {
        try {
          valueCodec(type).decode(bytes)
        } catch (error) {
          assert.ok(error instanceof RangeError, `${error} for ${text.decode(bytes)}`)
        }
      }),
    )
    assert.throws(() => valueCodec(parseType('array<int>')).decode(Uint8Array.of(1, 255, 255, 255, 127)), {
      name: 'RangeError',
      message: '2147483647 values in 0 bytes',
    })
  })

  it('a value of another type is a TypeError', () => {
    assert.throws(() => valueCodec(parseType('array<int>')).encode([1n]), /a value is not of type int/)
  })

  it('a literal of the compiled query holds them', () => {
    fc.assert(
      fc.property(TYPED, ({ type, value }) => {
        assert.deepEqual(decodeLiteral(JSON.parse(JSON.stringify(encodeLiteral(value, type)))), value)
      }),
    )
  })
})

function same(a: Value, b: Value): boolean {
  try {
    assert.deepStrictEqual(a, b)
    return true
  } catch {
    return false
  }
}
