/**
 * What a terminal obeys or does not show: control characters (C0, DEL, C1), format characters such as those that turn the
 * direction of text, line and paragraph separators, halves of surrogate pairs, and whatever else is invisible but for the
 * selectors of emoji. A line feed is none of them here: it is the layout's.
 */
const HIDDEN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?![\ufe00-\ufe0f])\p{Default_Ignorable_Code_Point}/gu

/**
 * A text as it may be printed: characters that a terminal obeys or hides are shown as `\u001b`. Names, ids, SQL and values
 * come from others. JSON stays the same JSON: these characters stand in its strings alone.
 */
export function visible(text: string): string {
  return text.replaceAll(HIDDEN, escaped)
}

/** The same for a text that has to stay on its line: line feeds are shown too. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll('\n', escaped)
}

function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('')
}
