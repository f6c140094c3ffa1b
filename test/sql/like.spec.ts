import assert from 'node:assert/strict'
import fc from 'fast-check'
import { like, parseLike } from '../../functions/sql/evaluate/like.ts'

/** LIKE by its definition, character by character. */
function likeByDefinition(text: readonly string[], pattern: readonly string[]): boolean {
  const [head, ...rest] = pattern
  if (head === undefined) return text.length === 0
  if (head === '%') return text.some((_, i) => likeByDefinition(text.slice(i), rest)) || likeByDefinition([], rest)
  return text.length > 0 && (head === '_' || head === text[0]) && likeByDefinition(text.slice(1), rest)
}

describe('like()', () => {
  it('agrees with the definition of LIKE', () => {
    const characters = fc.constantFrom('a', 'b', '😀', '\n')
    fc.assert(
      fc.property(
        fc.array(characters, { maxLength: 8 }),
        fc.array(fc.oneof(characters, fc.constantFrom('%', '_')), { maxLength: 6 }),
        (text, pattern) => {
          assert.equal(like(pattern.join(''), '\\')(text.join('')), likeByDefinition(text, pattern))
        },
      ),
      { numRuns: 5_000 },
    )
  })

  it('takes an escaped character as it is', () => {
    assert.equal(like('100\\%', '\\')('100%'), true)
    assert.equal(like('100\\%', '\\')('1000'), false)
    assert.equal(like('a#_##', '#')('a_#'), true)
  })

  it('names the place of a wrong escape', () => {
    assert.deepEqual(parseLike('ab\\c', '\\'), { wrongAt: 2 })
    assert.deepEqual(parseLike('ab\\', '\\'), { wrongAt: 2 })
  })

  it('does not hang on what makes backtracking exponential', () => {
    const start = performance.now()
    assert.equal(like(`${'%a'.repeat(50)}%b`, '\\')('a'.repeat(100_000)), false)
    assert.equal(like(`%${'a_'.repeat(50)}b%`, '\\')('a'.repeat(100_000)), false)
    assert.equal(like(`%${'a'.repeat(1_000)}b%`, '\\')('a'.repeat(1_000_000)), false)
    assert.ok(performance.now() - start < 5_000)
  })
})
