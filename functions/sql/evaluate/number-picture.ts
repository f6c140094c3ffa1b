import { absolute, within } from './decimal.ts'

/** A picture of a number such as `S$9,999.00`, as TO_NUMBER and TO_CHAR take it (ToNumberParser.scala). */
export interface Picture {
  readonly sign: 'leading' | 'trailing' | null
  /** `S` always has a sign, `MI` only a minus; `PR` puts what is negative in angle brackets. */
  readonly marks: 'S' | 'MI' | 'PR' | null
  readonly currency: boolean
  /** The digits between commas, from the left: `099` has exactly three, `999` at most three. */
  readonly groups: readonly { readonly digits: number; readonly exact: boolean }[]
  readonly point: boolean
  readonly scale: number
  /** All digits: the precision of TO_NUMBER's decimal. */
  readonly precision: number
}

/** Reads a picture, or says what is wrong with it. */
export function parsePicture(text: string): Picture | { readonly wrong: string } {
  const match = /^(S|MI)?(\$?)([09,]*)(\.?)([09]*)(S|MI|PR)?$/.exec(
    text.toUpperCase().replaceAll('G', ',').replaceAll('D', '.'),
  )
  if (!match) return { wrong: `'${text}' is not a picture of a number; write it like 'S$9,999.00'` }
  const [, before, dollar, whole = '', point, fraction = '', after] = match
  const groups = whole === '' ? [] : whole.split(',')
  const precision = groups.join('').length + fraction.length
  if (precision === 0) return { wrong: `the picture '${text}' has no digit, 0 or 9` }
  if (precision > 38) return { wrong: `the picture '${text}' has ${precision} digits; a decimal has at most 38` }
  if (groups.includes('')) return { wrong: `in the picture '${text}' a comma does not stand between digits` }
  if (before !== undefined && after !== undefined) return { wrong: `the picture '${text}' has two signs` }
  const marks = before ?? after
  return {
    sign: before !== undefined ? 'leading' : after !== undefined ? 'trailing' : null,
    marks: marks === 'S' || marks === 'MI' || marks === 'PR' ? marks : null,
    currency: dollar !== '',
    groups: groups.map(group => ({ digits: group.length, exact: group.startsWith('0') })),
    point: point !== '',
    scale: fraction.length,
    precision,
  }
}

/** The unscaled number that a text has by the picture; null if it does not fit. Spaces among digits are skipped. */
export function readNumber(
  { marks, sign, currency, groups, point, scale, precision }: Picture,
  text: string,
): bigint | null {
  const minus = marks === 'S' ? '([+-]?)' : marks === 'MI' ? '(-?)' : '()'
  const open = marks === 'PR' ? '(<?)' : '()'
  const fraction = point ? '(?:\\.([\\d\\s]*))?' : '()'
  const pattern = `^${sign === 'leading' ? minus : '()'}${open}${currency ? '\\$' : ''}([\\d,\\s]*)${fraction}${sign === 'trailing' ? minus : '()'}(>?)$`
  const match = new RegExp(pattern).exec(text)
  if (!match) return null
  const [, leading, opened, whole = '', behind = '', trailing, closed] = match
  if ((opened === '<') !== (closed === '>')) return null
  const parts = whole.replaceAll(/\s/g, '').split(',').reverse()
  const decimals = behind.replaceAll(/\s/g, '')
  const expected = groups.toReversed()
  const isFitting = expected.every(({ digits, exact }, i) => {
    const length = parts[i]?.length ?? 0
    return exact ? length === digits : length <= digits
  })
  if (!isFitting || parts.slice(expected.length).some((part, i) => part !== '' || i > 0 || expected.length > 0))
    return null
  const digits = parts.toReversed().join('')
  if (decimals.length > scale || (digits === '' && decimals === '' && !match[0].includes('.'))) return null
  const isNegative = leading === '-' || trailing === '-' || closed === '>'
  const unscaled = BigInt(digits + decimals.padEnd(scale, '0') || '0')
  return within(isNegative ? -unscaled : unscaled, precision)
}

/** The number, an unscaled decimal, by the picture; `#` for each digit if it does not fit. */
export function writeNumber(picture: Picture, unscaled: bigint, scale: number): string {
  const digits = String(absolute(unscaled)).padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale).replace(/^0+/, '')
  const decimals = digits.slice(digits.length - scale).replace(/0+$/, '')
  const places = picture.groups.reduce((sum, group) => sum + group.digits, 0)
  const isFitting = whole.length <= places && decimals.length <= picture.scale
  const front = isFitting ? wholeText(picture, whole) : hashes(picture)
  const back = isFitting ? decimals.padEnd(picture.scale, '0') : '#'.repeat(picture.scale)
  return signed(picture, unscaled < 0n, front, back)
}

/** Digits in their groups from the right; places without a digit, and commas in front of all digits, are blank. */
function wholeText({ groups }: Picture, digits: string): string {
  let rest = digits
  const texts = groups.toReversed().map(({ digits: places, exact }) => {
    const part = rest.slice(-places)
    rest = rest.slice(0, -places)
    return part.padStart(places, exact ? '0' : ' ')
  })
  return texts
    .toReversed()
    .reduce((text, part) => (text === '' ? part : `${text}${/\d/.test(text) ? ',' : ' '}${part}`), '')
}

function hashes({ groups }: Picture): string {
  return groups.map(({ digits }) => '#'.repeat(digits)).join(' ')
}

/** With the picture's signs and point. A leading sign goes after blanks, a trailing one before them. */
function signed({ marks, sign, currency, point }: Picture, isNegative: boolean, front: string, back: string): string {
  const mark = marks === 'S' ? (isNegative ? '-' : '+') : isNegative ? '-' : ' '
  const leading = marks === 'PR' ? (isNegative ? '<' : '') : sign === 'leading' ? mark : ''
  const blanks = currency ? '' : (/^ */.exec(front)?.[0] ?? '')
  let text = blanks + leading + (currency ? '$' : '') + front.slice(blanks.length)
  if (point) text = text.replace(/ $/, '0') + (back === '' ? ' ' : `.${back}`)
  if (marks === 'PR') return isNegative ? beforeBlanks(text, '>') : `${text}  `
  return sign === 'trailing' ? (mark === ' ' ? `${text} ` : beforeBlanks(text, mark)) : text
}

function beforeBlanks(text: string, mark: string): string {
  return text.replace(/ *$/, blanks => mark + blanks)
}
