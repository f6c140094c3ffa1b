import assert from 'node:assert/strict'
import { duration, listed, many } from '../../functions/base/text.ts'

describe('duration()', () => {
  const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000]
  for (const [milliseconds, text] of [
    [850, '850 ms'],
    [12.3 * second, '12.3 s'],
    [4 * minute + 10 * second, '4 min 10 s'],
    [hour, '1 h 0 min'],
    [3 * hour + 5 * minute, '3 h 5 min'],
    [day - 1, '1 d 0 h'],
    [12 * day + 6 * hour, '12 d 6 h'],
  ] as const) {
    it(`is ${text}`, () => assert.equal(duration(milliseconds), text))
  }
})

describe('many() and listed()', () => {
  it('have the noun in the right number, and name what there is room for', () => {
    assert.deepEqual([many(1, 'batch'), many(2, 'batch'), many(1200, 'row')], ['1 batch', '2 batches', '1,200 rows'])
    assert.deepEqual(
      [listed([]), listed(['a', 'b', 'c']), listed(['a', 'b', 'c'], 1)],
      ['', 'a, b and c', 'a and 2 more'],
    )
  })
})
