import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { elementAt, inRange } from '../../functions/base/at.ts'

describe('an index out of range', () => {
  it('throws with the index, and otherwise gives the element', () => {
    assert.equal(elementAt(['a', 'b'], 1), 'b')
    assert.equal(elementAt(Int32Array.of(0), 0), 0)
    for (const index of [2, -1, 0.5]) {
      assert.throws(() => elementAt(Uint8Array.of(1, 2), index), {
        name: 'RangeError',
        message: `index ${index} of 2 elements`,
      })
    }
  })

  it('throws in hot loops', () => {
    const codes = Int32Array.of(7)
    assert.equal(inRange(codes[0]), 7)
    assert.throws(() => inRange(codes[1]), { name: 'RangeError', message: 'an index is out of range' })
  })

  it('is nowhere taken for a 0 or a -1 where files are read and joined', () => {
    const found = globSync('functions/{parquet,engine}/**/*.ts').flatMap(path =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter(line => /\] \?\? (0|-1)\b/.test(line))
        .map(line => `${path}: ${line.trim()}`),
    )
    // fields of a struct that may be missing, and the one index that may be at the end
    const allowed = /page-header\.ts: |row-group\.ts: |an empty key may lie at the end$/
    assert.deepEqual(
      found.filter(line => !allowed.test(line)),
      [],
    )
    assert(found.length < 20)
  })
})
