import type { Draw } from './draw.ts'
import { textsOf } from './edges.ts'

const [TEXTS, ZONES, DOCUMENTS] = [textsOf('texts'), textsOf('zones'), textsOf('documents')]

/** What random texts are made of: scripts, cases that are special, white space, marks, pairs of surrogates. */
const ALPHABETS: readonly (readonly string[])[] = [
  [...'abcdefghijklmnopqrstuvwxyz'],
  [...'aAbB cC1.,'],
  [...'abcdeé😀 1.,A'],
  [...'ABCDEFabcdef0123456789'],
  [...' \t\n\r_%\\/$^.*+?()[]{}|&=#:;"\'<>-@!~,`'],
  [...'ÀÉÎßøŒñüıİſŉσςΩдЖяԱև漢字かな가ﬁﬀǅǆ', 'e\u0301', '\u00a0', '\u200d', '\ufeff'],
]
const WORDS =
  'a an the good bad product Review five stars not it’s wasn’t MP3 USB-C naïve café 100% O.K. ümlaut 漢字'.split(' ')

/** A text, short or of some words, of one alphabet or of several. */
export function text(draw: Draw): string {
  const roll = draw.between(0, 9)
  if (roll < 2)
    return Array.from({ length: draw.between(1, 9) }, () => draw.pick(WORDS)).join(
      draw.pick([' ', ' ', '  ', ',', '.']),
    )
  if (roll < 4) return cut(draw, draw.pick(TEXTS))
  if (roll < 5) return Array.from({ length: draw.between(1, 24) }, () => draw.pick(draw.pick(ALPHABETS))).join('')
  const alphabet = draw.pick(ALPHABETS)
  return Array.from({ length: draw.between(1, roll < 9 ? 12 : 80) }, () => draw.pick(alphabet)).join('')
}

/** The text with a character more, less or doubled. */
function cut(draw: Draw, whole: string): string {
  const characters = [...whole]
  const at = draw.between(0, characters.length)
  const more = draw.pick([[], [draw.pick(draw.pick(ALPHABETS))], characters.slice(at, at + 2)])
  return [...characters.slice(0, at), ...more, ...characters.slice(draw.between(at, at + 1))].join('')
}

/** What reads as a number, or nearly. */
export function numeral(draw: Draw): string {
  const whole = draw.digits(draw.pick([2, 6, 12, 21]))
  const point = draw.chance(0.5) ? `.${draw.digits(draw.pick([2, 6, 20]))}` : ''
  const power = draw.chance(0.2) ? `${draw.pick(['e', 'E'])}${draw.pick(['', '+', '-'])}${draw.digits(2)}` : ''
  const number = `${draw.pick(['', '', '', '-', '+'])}${whole}${point}${power}`
  const roll = draw.between(0, 9)
  return roll === 0 ? ` ${number}\n` : roll === 1 ? `${number}${draw.pick(['d', 'F', ' x', 'e', ',0', '_'])}` : number
}

function two(draw: Draw, low: number, high: number): string {
  return String(draw.between(low, high)).padStart(2, '0')
}

/** `yyyy-MM-dd` with a day that exists. */
export function dayText(draw: Draw): string {
  return `${String(draw.between(1, 9999)).padStart(4, '0')}-${two(draw, 1, 12)}-${two(draw, 1, 28)}`
}

/** `yyyy-MM-dd HH:mm:ss`. */
export function stamp(draw: Draw): string {
  return `${dayText(draw)} ${two(draw, 0, 23)}:${two(draw, 0, 59)}:${two(draw, 0, 59)}`
}

/** A date or timestamp in one of the forms that a cast reads, or nearly. */
export function moment(draw: Draw): string {
  const loose = (low: number, high: number) =>
    draw.chance(0.1) ? draw.digits(3) : draw.chance(0.5) ? two(draw, low, high) : String(draw.between(low, high))
  const year = draw.chance(0.1) ? `${draw.between(1, 9)}${draw.digits(6)}` : String(draw.between(1500, 2500))
  const day = [`${draw.pick(['', '', '', '', '+', '-'])}${year}`, loose(1, 12), loose(1, 31)]
  const date = day.slice(0, draw.pick([1, 2, 3, 3, 3, 3, 3, 3])).join('-')
  if (draw.chance(0.3)) return date
  const time = [loose(0, 24), loose(0, 60), loose(0, 60)].slice(0, draw.pick([1, 2, 3, 3, 3])).join(':')
  const fraction = draw.chance(0.4) ? `.${draw.digits(10)}` : ''
  const zone = draw.chance(0.4) ? `${draw.pick(['', ' '])}${zoneText(draw)}` : ''
  return `${date}${draw.pick([' ', 'T', 'T', '  '])}${time}${fraction}${zone}`
}

/** `yyyy-MM-ddTHH:mm:ss`, with a fraction of a second or none, and an offset or none. */
export function isoMoment(draw: Draw): string {
  const fraction = draw.chance(0.5) ? `.${draw.between(0, 9)}${draw.digits(5)}` : ''
  return `${stamp(draw).replace(' ', 'T')}${fraction}${draw.pick(['', 'Z', '+01:00', '-08:30'])}`
}

function zoneText(draw: Draw): string {
  const offset = `${draw.pick(['+', '-'])}${draw.pick([two(draw, 0, 18), String(draw.between(0, 9))])}`
  return draw.pick([
    draw.pick(ZONES),
    offset,
    `${offset}:${two(draw, 0, 59)}`,
    `UTC${offset}`,
    `GMT${offset}:00`,
    `${offset}00`,
  ])
}

/** A zone by its name or as an offset from UTC. */
export function zone(draw: Draw): string {
  if (draw.chance(0.3)) return draw.pick(ZONES)
  const minutes = draw.between(0, 17 * 60 + 59)
  const clock = [Math.floor(minutes / 60), minutes % 60].map(part => String(part).padStart(2, '0')).join(':')
  return `${draw.pick(['', 'UTC', 'GMT'])}${draw.pick(['+', '-'])}${clock}`
}

/** A URL of random parts; some characters must not stand where they do. */
export function url(draw: Draw): string {
  const odd = () => draw.pick(['', '', '', '%20', '%4', 'ü', ' ', '[', '|', ';', '@', "'", '"', '+', '~', '\\', '^'])
  const label = () =>
    draw.pick([draw.pick(WORDS), `h${draw.digits(4)}`, 'example', 'a-b', 'x_y', `${draw.between(0, 300)}`])
  const scheme = draw.pick(['http://', 'https://', 'ftp://', 's3://', 'http:/', 'mailto:', '//', ''])
  const user = draw.chance(0.2) ? `${label()}${draw.pick(['', ':pw', ':'])}@` : ''
  const host = draw.chance(0.1) ? draw.pick(['[::1]', '[fe80::1%25en0]', '[1:2]']) : draw.list(3, label).join('.')
  const port = draw.chance(0.2) ? `:${draw.digits(5)}` : ''
  const path = draw.list(3, () => `/${label()}${odd()}`).join('')
  const query = draw.chance(0.6)
    ? `?${draw.list(4, () => `${draw.pick(['x', 'y', 'xx', 'utm_source'])}=${label()}${odd()}`).join('&')}`
    : ''
  return `${scheme}${user}${host}${port}${path}${query}${draw.chance(0.3) ? `#${label()}${odd()}` : ''}`
}

/** A JSON document. */
export function json(draw: Draw): string {
  return jsonValue(draw, draw.chance(0.8) ? 0 : 3)
}

/** A JSON document, one in three of them broken somewhere. */
export function brokenJson(draw: Draw): string {
  const whole = draw.chance(0.15) ? draw.pick(DOCUMENTS) : json(draw)
  if (!draw.chance(0.33)) return whole
  const at = draw.between(0, whole.length)
  const more = draw.pick([
    '',
    '',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    "'",
    '\\',
    ' ',
    '0',
    '-',
    '.',
    'e',
    'n',
    '\n',
    '\t',
    '\u0001',
  ])
  return (whole.slice(0, at) + more + whole.slice(at + draw.between(0, 1))).toWellFormed()
}

function jsonValue(draw: Draw, depth: number): string {
  const space = draw.pick(['', '', '', ' ', '\n'])
  if (depth < 3 && draw.chance(depth === 0 ? 0.9 : 0.45)) {
    const inner = draw.between(0, 3)
    if (draw.chance(0.3))
      return `[${Array.from({ length: inner }, () => jsonValue(draw, depth + 1)).join(`,${space}`)}]`
    const field = () =>
      `${space}"${draw.pick(['a', 'a', 'b', 'b', 'c', 'x y', 'é', 'A'])}":${space}${jsonValue(draw, depth + 1)}`
    return `{${Array.from({ length: inner }, field).join(',')}${space}}`
  }
  return draw.pick([jsonNumber, jsonNumber, jsonText, jsonText, () => draw.pick(['null', 'true', 'false'])])(draw)
}

/** Java before 19 prints some large doubles with digits more, so what has a point or a power stays below. */
function jsonNumber(draw: Draw): string {
  if (draw.chance(0.5)) return String(draw.whole(draw.pick([4, 8, 16, 33, 66])))
  const point = `.${draw.between(0, 9)}${draw.digits(4)}`
  const power = `${draw.pick(['e', 'E+', 'e-'])}${draw.between(0, 6)}`
  return `${draw.whole(30)}${draw.pick([point, point, power, point + power])}`
}

function jsonText(draw: Draw): string {
  const body = draw.pick([text, numeral, dayText, moment])(draw)
  const escaped = JSON.stringify(body)
  return draw.chance(0.3)
    ? escaped.replace(/[^ -~]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : escaped
}
