import assert from 'node:assert/strict'
import fc from 'fast-check'
import { shorten, terminalColumns } from '../../scripts/terminal/columns.ts'

describe('terminalColumns()', () => {
  it('counts as terminals do: wide, narrow, and none', () => {
    const columns: Readonly<Record<string, number>> = {
      ...{ abc: 3, é: 1, 'e\u0301': 1, Ж: 1, '—': 1, '…': 1 },
      ...{ 日本語: 6, '\u{20bb7}': 2, 한글: 4, '\u1112\u1161\u11ab': 2, ﾊﾝｶｸ: 4, '￥': 2, '　': 2, 'か\u3099': 2 },
      ...{ '✅': 2, '👍🏽': 2, '🇩🇪': 2, '❤': 1, '❤\ufe0f': 2, '1\ufe0f\u20e3': 2 },
      ...{ 'ก\u0e33': 2, ที่: 1, क्ष: 2, שָׁלוֹם: 4 },
    }
    for (const [text, expected] of Object.entries(columns)) assert.equal(terminalColumns(text), expected, text)
  })
})

describe('shorten()', () => {
  it('fits, keeps what fits, and cuts between what is seen as characters', () => {
    assert.equal(shorten('日本語', 6), '日本語')
    assert.equal(shorten('日本語', 5), '日本…')
    assert.equal(shorten('日本語', 4), '日…')
    assert.equal(shorten('ab👍🏽cd', 4), 'ab…')
    assert.equal(shorten('abe\u0301cde', 4), 'abe\u0301…')
    assert.equal(shorten('x'.repeat(2 ** 20), 8), 'xxxxxxx…')
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, columns) => {
        const cut = shorten(text, columns)
        assert(terminalColumns(cut) <= columns)
        assert(cut === text || (cut.endsWith('…') && text.startsWith(cut.slice(0, -1))))
        if (terminalColumns(text) <= columns) assert.equal(cut, text)
      }),
    )
  })
})
