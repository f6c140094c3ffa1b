/**
 * What a terminal obeys or does not show: control characters (C0, DEL, C1), format characters such as those that change the
 * direction of text, line and paragraph separators, halves of surrogate pairs, and anything else that is invisible, except
 * the selectors of emoji. A line feed does not count here: it is part of the layout.
 */
const HIDDEN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?![\ufe00-\ufe0f])\p{Default_Ignorable_Code_Point}/gu

/**
 * A text that is safe to print: characters that a terminal obeys or hides are shown as `\u001b`. Names, ids, SQL and values
 * come from others. JSON stays the same JSON: it has such characters only in strings.
 */
export function visible(text: string): string {
  return text.replaceAll(HIDDEN, escaped)
}

/** The same for a text that has to stay on one line: line feeds are shown too. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll('\n', escaped)
}

function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('')
}
