import { suggestion } from '../../base/suggest.ts'
import { DIFFERENCE_UNITS } from '../evaluate/date-arithmetic.ts'
import { parsePattern } from '../evaluate/date-pattern.ts'
import { DATE_UNITS, TIME_UNITS } from '../evaluate/date-truncate.ts'
import { parsePicture } from '../evaluate/number-picture.ts'
import { RegexRefused } from '../regex/syntax.ts'
import { translateRegex } from '../regex/translate.ts'

/** A constant as the compiled query holds it, or what is wrong with it. */
export type Checked = { readonly text: string } | { readonly wrong: string }

/** What is checked about a constant text argument when the query is compiled, by the parameter's name. */
export const CONSTANT_TEXTS: Readonly<Record<string, (text: string) => Checked>> = {
  pattern: regex,
  format: text => datePattern(text, 'format'),
  'parse format': text => datePattern(text, 'parse'),
  unit: text => unit(text, [...Object.keys(DATE_UNITS), ...Object.keys(TIME_UNITS)]),
  'date unit': text => unit(text, Object.keys(DATE_UNITS)),
  'difference unit': text => unit(text, Object.keys(DIFFERENCE_UNITS)),
  charset,
  picture,
  'binary form': binaryForm,
  like: text => ({ text }),
}

function regex(pattern: string): Checked {
  try {
    return { text: translateRegex(pattern) }
  } catch (error) {
    if (!(error instanceof RegexRefused)) throw error
    return { wrong: `the regular expression '${pattern}' is refused at character ${error.at + 1}: ${error.message}` }
  }
}

function charset(text: string): Checked {
  return /^utf-?8$/i.test(text) ? { text } : { wrong: `the character set '${text}' is not supported; use UTF-8` }
}

function picture(text: string): Checked {
  const parsed = parsePicture(text)
  return 'wrong' in parsed ? parsed : { text }
}

function binaryForm(text: string): Checked {
  const form = text.toLowerCase().replace('utf8', 'utf-8')
  return /^(hex|utf-8|base64)$/.test(form)
    ? { text: form }
    : { wrong: `'${text}' is not a form of binary; there are hex, utf-8 and base64` }
}

function datePattern(pattern: string, use: 'format' | 'parse'): Checked {
  const parts = parsePattern(pattern, use)
  if (!('unsupported' in parts)) return { text: pattern }
  const doing = use === 'parse' ? 'reading' : 'formatting'
  return {
    wrong: `the date pattern '${pattern}' has ${parts.unsupported}, which is not supported for ${doing}; docs/sql.md lists the letters`,
  }
}

function unit(text: string, units: readonly string[]): Checked {
  if (units.includes(text.toUpperCase())) return { text }
  return { wrong: `'${text}' is not a unit of time${suggestion(text, units) || `; there are ${units.join(', ')}`}` }
}
