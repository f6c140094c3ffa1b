import assert from 'node:assert/strict'
import fc from 'fast-check'
import { ByteWriter } from 'hyparquet-writer'
import { deltaBinaryPack } from 'hyparquet-writer/src/delta.js'
import { ParquetError } from '../../functions/parquet/metadata/parquet-error.ts'
import { deltaIntegers, deltaLengthByteArrays } from '../../functions/parquet/pages/delta.ts'

function packed(values: Int32Array | BigInt64Array): Uint8Array {
  const writer = new ByteWriter()
  deltaBinaryPack(writer, values, values instanceof Int32Array ? 'INT32' : 'INT64')
  return new Uint8Array(writer.getBuffer())
}

describe('DELTA_BINARY_PACKED', () => {
  it('holds any integers of 32 bits, whose differences need 33', () => {
    const extremes = fc.oneof(fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, 0, -1), fc.integer())
    fc.assert(
      fc.property(fc.array(extremes, { maxLength: 300 }), values => {
        const { bytes } = deltaIntegers(packed(Int32Array.from(values)), 0, values.length, 4)
        assert.deepEqual([...new Int32Array(bytes.buffer)], values)
      }),
      { seed: 20_261_124 },
    )
  })

  it('holds unsigned integers of 32 bits, whose numbers DuckDB writes in 33 and more', () => {
    const unsigned = fc.oneof(fc.constantFrom(0, 2 ** 31, 2 ** 32 - 1), fc.integer({ min: 0, max: 2 ** 32 - 1 }))
    fc.assert(
      fc.property(fc.array(unsigned, { maxLength: 300 }), values => {
        const { bytes } = deltaIntegers(packed(BigInt64Array.from(values, BigInt)), 0, values.length, 4)
        assert.deepEqual([...new Uint32Array(bytes.buffer)], values)
      }),
      { seed: 20_261_124 },
    )
  })

  it('holds any integers of 64 bits', () => {
    const extremes = fc.oneof(fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n))
    fc.assert(
      fc.property(fc.array(extremes, { maxLength: 300 }), values => {
        const { bytes } = deltaIntegers(packed(BigInt64Array.from(values)), 0, values.length, 8)
        assert.deepEqual([...new BigInt64Array(bytes.buffer)], values)
      }),
      { seed: 20_261_124 },
    )
  })

  it('is checked before hyparquet reads it', () => {
    const refused = (bytes: readonly number[], count: number, message: RegExp) =>
      assert.throws(
        () => deltaIntegers(Uint8Array.from(bytes), 0, count, 4),
        (error: unknown) => error instanceof ParquetError && message.test(error.message),
      )
    refused([0x80, 1, 4, 2, ...new Array(10).fill(0x80), 0], 2, /impossible number/)
    refused([0x80, 1, 0, 2, 0], 2, /blocks of an impossible size/)
    refused([0x80, 1, 4, 2, 0, 0, 65, 0, 0, 0], 2, /a delta of 65 bits/)
    refused([0x80, 1, 4, 2, 0, 0, 8, 0, 0, 0, 1], 2, /cut short/)
    refused([0x80, 1, 4, 1, 0], 2, /a page has 1 values in place of 2/)
  })

  it('refuses negative lengths', () => {
    assert.throws(() => deltaLengthByteArrays(packed(Int32Array.of(-1, 3)), 0, 2), /negative length/)
  })
})
