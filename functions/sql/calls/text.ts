import { capitalize, characterCount, substring, trimCharacters } from '../evaluate/characters.ts'
import { trimSpaces } from '../evaluate/trim.ts'
import type { Value } from '../types.ts'
import { type Definition, lazy, partial, strict } from './definition.ts'

/** Functions on text. Positions and lengths count code points. */
export const TEXT: readonly Definition[] = [
  strict('upper ucase', 'string', 'string', text => text.toUpperCase()),
  strict('lower lcase', 'string', 'string', text => text.toLowerCase()),
  strict('initcap', 'string', 'string', capitalize),
  strict('trim', 'string', 'string', text => trimSpaces(text, true, true)),
  strict('ltrim', 'string', 'string', text => trimSpaces(text, true, false)),
  strict('rtrim', 'string', 'string', text => trimSpaces(text, false, true)),
  strict('btrim', 'string, string?', 'string', (text, characters = ' ') =>
    trimCharacters(text, characters, true, true),
  ),
  strict('trim-leading', 'string, string?', 'string', (text, characters = ' ') =>
    trimCharacters(text, characters, true, false),
  ),
  strict('trim-trailing', 'string, string?', 'string', (text, characters = ' ') =>
    trimCharacters(text, characters, false, true),
  ),
  strict('length char_length character_length len', 'plain', 'length', value =>
    value instanceof Uint8Array ? value.length : characterCount(String(value)),
  ),
  strict('substring substr', 'text, int, int?', 'string', substring),
  strict('left', 'text, int', 'string', (text, length) => substring(text, 1, length)),
  strict('right', 'text, int', 'string', (text, length) => (length <= 0 ? '' : substring(text, -length))),
  strict('concat', 'string*', 'string', (...texts: Value[]) => texts.join('')),
  lazy('concat_ws', 'string, string or array*', 'string', 'own', ([separator, ...args]) => values => {
    const between = separator?.(values) ?? null
    return between === null
      ? null
      : args
          .flatMap(arg => arg(values))
          .filter(value => value !== null)
          .join(String(between))
  }),
  strict('replace', 'string, string, string?', 'string', (text, search, replacement = '') =>
    search === '' ? text : text.replaceAll(search, () => replacement),
  ),
  strict('contains', 'text, text', 'boolean', (text, part) => text.includes(part)),
  strict('startswith', 'text, text', 'boolean', (text, part) => text.startsWith(part)),
  strict('endswith', 'text, text', 'boolean', (text, part) => text.endsWith(part)),
  strict('instr', 'string, string', 'int', (text, part) => {
    const at = text.indexOf(part)
    return at < 0 ? 0 : characterCount(text.slice(0, at)) + 1
  }),
  partial('split_part', 'string, string, int', 'string', splitPart),
]

/** The part between delimiters, from 1 or from the end where negative; '' beyond the ends. There is no part 0. */
function splitPart(text: string, delimiter: string, part: number): string | null {
  if (part === 0) return null
  const parts = delimiter === '' ? [text] : text.split(delimiter)
  return (part > 0 ? parts[part - 1] : parts.at(part)) ?? ''
}
