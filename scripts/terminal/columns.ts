/**
 * What takes two columns: East Asian wide and full-width characters, and emoji that are drawn as such (Unicode Standard
 * Annex 11, and what terminals do).
 */
const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u
/** What stands on the character before it: marks, and the later parts of a Hangul syllable. */
const NONE = /[\p{Mn}\p{Me}\u1160-\u11ff]/u
const REGIONAL = /\p{Regional_Indicator}/u
const MODIFIER = /\p{Emoji_Modifier}/u
/** Asks for the emoji in place of the character before, which then takes two columns. */
const AS_EMOJI = '\ufe0f'

/** Columns of a text on a terminal. */
export function terminalColumns(text: string): number {
  let columns = 0
  let before = ''
  for (const character of text) {
    columns += columnsAfter(before, character)
    before = character
  }
  return columns
}

/** Columns that a character adds to those of the one before. */
function columnsAfter(before: string, character: string): number {
  if (character <= '\u007f') return 1
  if (character === AS_EMOJI) return /\p{Emoji}/u.test(before) && !WIDE.test(before) ? 1 : 0
  if (NONE.test(character)) return 0
  if (MODIFIER.test(character) && /\p{Emoji_Modifier_Base}/u.test(before)) return 0
  if (REGIONAL.test(character)) return 1 // two of them are a flag
  return WIDE.test(character) ? 2 : 1
}

const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** A text in at most so many columns, with a `…` where it is cut; never within what is seen as one character. */
export function shorten(text: string, columns: number): string {
  const head = text.slice(0, columns * LONGEST)
  if (head.length === text.length && terminalColumns(text) <= columns) return text
  let shown = ''
  let taken = 1
  for (const { segment } of GRAPHEMES.segment(head)) {
    taken += terminalColumns(segment)
    if (taken > columns) break
    shown += segment
  }
  return `${shown}…`
}

/** Code units of a column at most, so that of a text of megabytes only the beginning is looked at. */
const LONGEST = 32

/** A text with blanks up to so many columns, after it or before. */
export function padColumns(text: string, columns: number, right = false): string {
  const space = ' '.repeat(Math.max(0, columns - terminalColumns(text)))
  return right ? space + text : text + space
}
