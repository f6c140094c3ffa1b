const LINE_END = '[\\n\\r\\u0085\\u2028\\u2029]'
const INSIDE_CRLF = '(?<!\\r(?=\\n))'
/**
 * Java 17 takes letters and digits of all scripts as words for `\b`, though `\w` is ASCII, and the marks on them as parts
 * of them.
 */
const LETTER = '[\\p{L}\\p{Nd}]'
const BEHIND_WORD = `(?<=${LETTER}\\p{Mn}*|_)`
const BEFORE_WORD = `(?=${LETTER}|_|(?<=${LETTER}\\p{Mn}*)\\p{Mn})`
const NO_WORD_BEHIND = BEHIND_WORD.replace('<=', '<!')
const NO_WORD_BEFORE = BEFORE_WORD.replace('=', '!')

/** Java's assertions in JavaScript's syntax, by their letter; `m` after it under the flag m. */
export const ASSERTIONS: Readonly<Record<string, string>> = {
  '^': '^',
  '^m': `(?:^|(?<=[\\n\\u0085\\u2028\\u2029]|\\r(?!\\n)))(?=[^])`,
  $: `(?:$|(?=(?:\\r\\n|${LINE_END})$)${INSIDE_CRLF})`,
  $m: `(?:$|(?=${LINE_END})${INSIDE_CRLF})`,
  b: `(?:${BEHIND_WORD}${NO_WORD_BEFORE}|${NO_WORD_BEHIND}${BEFORE_WORD})`,
  B: `(?:${BEHIND_WORD}${BEFORE_WORD}|${NO_WORD_BEHIND}${NO_WORD_BEFORE})`,
  A: '^',
  z: '$',
}
