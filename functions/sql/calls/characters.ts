import { repeated } from '../evaluate/most.ts'
import { levenshtein, soundex } from '../evaluate/text-distance.ts'
import { isLuhn, locate, mask, overlay, pad, substringIndex, translator } from '../evaluate/text-places.ts'
import { type Definition, lazy, partial, strict, withNulls } from './definition.ts'

/** Functions that fill, turn, search and compare the characters of text. */
export const CHARACTERS: readonly Definition[] = [
  partial('lpad', 'text, int, text?', 'string', (text, length, filling = ' ') => pad(text, length, filling, true)),
  partial('rpad', 'text, int, text?', 'string', (text, length, filling = ' ') => pad(text, length, filling, false)),
  partial('repeat', 'string, int', 'string', repeated),
  partial('space', 'int', 'string', length => repeated(' ', length)),
  strict('reverse', 'string', 'string', text => [...text].reverse().join('')),
  strict('translate', 'string, string, string', 'string', (text, from, to) => translator(from, to)(text)),
  strict('overlay', 'text, text, int, int?', 'string', overlay),
  strict('ascii', 'string', 'int', text => text.codePointAt(0) ?? 0),
  strict('chr char', 'bigint', 'string', code => (code < 0n ? '' : String.fromCharCode(Number(code & 0xffn)))),
  withNulls('locate position', 'string, string, int?', 'int', 'own', (part, text, from = 1) => {
    // There is nothing at a place that is NULL.
    if (from === null) return 0
    return part === null || text === null ? null : locate(part, text, from)
  }),
  strict('substring_index', 'string, string, int', 'string', substringIndex),
  strict('levenshtein', 'string, string, int?', 'int', levenshtein),
  strict('soundex', 'string', 'string', soundex),
  strict('find_in_set', 'string, string', 'int', (text, list) =>
    text.includes(',') ? 0 : list.split(',').indexOf(text) + 1,
  ),
  strict('luhn_check', 'string', 'boolean', isLuhn),
  lazy(
    'mask',
    'string, constant string?, constant string?, constant string?, constant string?',
    'string',
    'own',
    ([text, ...masks]) => {
      const mark = (at: number, otherwise: string | null) => {
        const given = masks[at]
        return given ? (given([]) as string | null) : otherwise // by its parameter's type
      }
      const marks = [mark(0, 'X'), mark(1, 'x'), mark(2, 'n'), mark(3, null)] as const
      return values => {
        const value = text?.(values) ?? null
        return value === null ? null : mask(String(value), marks)
      }
    },
  ),
  lazy('elt', 'int, string, string*', 'string', 'own', ([index, ...texts]) => values => {
    const at = index?.(values) ?? null
    return at === null ? null : (texts[Number(at) - 1]?.(values) ?? null)
  }),
]
