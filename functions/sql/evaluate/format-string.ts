import type { Expr } from '../expr.ts'
import { decimalOf, type SqlType, type Value } from '../types.ts'
import { absolute, formatDecimal, parseExact, plainDecimal, rescale } from './decimal.ts'
import { formatDouble, formatFloat } from './double-text.ts'
import { INTEGER_BITS, isInteger } from './integer.ts'

/** One piece of a format: text, or a conversion of an argument (java.util.Formatter). */
type Piece = string | Conversion

interface Conversion {
  /** From 0. */
  readonly argument: number
  readonly flags: string
  readonly width: number
  readonly precision: number | null
  readonly letter: string
}

const SPECIFIER = /%(?:(\d+)\$)?([-#+ 0,(]*)(\d{1,6})?(?:\.(\d{1,4}))?([a-zA-Z%])/y

/** Cuts a format into pieces, or says what is wrong with it for arguments of these types. */
export function parseFormat(format: string, types: readonly SqlType[]): readonly Piece[] | { readonly wrong: string } {
  const pieces: Piece[] = []
  let ordinary = 0
  for (let at = 0; at < format.length; ) {
    const percent = format.indexOf('%', at)
    if (percent !== at) {
      pieces.push(format.slice(at, percent < 0 ? undefined : percent))
      if (percent < 0) break
    }
    SPECIFIER.lastIndex = percent
    const [text, index, flags = '', width = '0', precision, letter = ''] = SPECIFIER.exec(format) ?? []
    if (text === undefined)
      return { wrong: `'${format.slice(percent, percent + 10)}' is not a conversion; write %% for the character` }
    at = percent + text.length
    if (letter === '%' || letter === 'n') {
      if (text.length > 2) return { wrong: `${text} is not supported; write %${letter}` }
      pieces.push(letter === 'n' ? '\n' : '%')
      continue
    }
    const argument = index === undefined ? ordinary++ : Number(index) - 1
    const conversion = {
      argument,
      flags,
      width: Number(width),
      precision: precision === undefined ? null : Number(precision),
      letter,
    }
    const wrong = wrongWith(conversion, types[argument], text)
    if (wrong) return { wrong }
    pieces.push(conversion)
  }
  return pieces
}

const ALLOWED: Readonly<Record<string, string>> = {
  s: '-',
  S: '-',
  b: '-',
  d: '-+ 0,(',
  x: '-0',
  X: '-0',
  o: '-0',
  f: '-+ 0,(',
  e: '-+ 0(',
}

function wrongWith(
  { letter, flags, precision, width }: Conversion,
  type: SqlType | undefined,
  text: string,
): string | null {
  const allowed = ALLOWED[letter]
  if (allowed === undefined) return `${text} is not supported; there are %s, %d, %x, %o, %f, %e and %b`
  if (type === undefined) return `there is no argument for ${text}`
  const wrongFlag = [...flags].find((flag, i) => !allowed.includes(flag) || flags.indexOf(flag) !== i)
  if (wrongFlag !== undefined) return `${text} can't have '${wrongFlag}'`
  if (/[-0]/.test(flags) && width === 0) return `${text} needs a width`
  if ((flags.includes('-') && flags.includes('0')) || (flags.includes('+') && flags.includes(' ')))
    return `${text} has flags that exclude each other`
  if (precision !== null && 'dxXo'.includes(letter)) return `${text} can't have a precision`
  if ('dxXo'.includes(letter) && !isInteger(type)) return `${text} takes a whole number; cast the argument to bigint`
  if ('fe'.includes(letter) && type !== 'float' && type !== 'double') return `${text} takes a double; cast the argument`
  if ('sS'.includes(letter) && (type === 'date' || type === 'timestamp' || type === 'binary'))
    return `${text} of a ${type} has no good text; cast the argument to string`
  return null
}

/** FORMAT_STRING of a format that parseFormat has taken. A NULL argument is the text `null`. */
export function formatter(format: string, args: readonly Expr[]): (values: readonly Value[]) => string {
  const types = args.map(({ type }) => type)
  const pieces = parseFormat(format, types)
  if ('wrong' in pieces) throw new RangeError(pieces.wrong)
  return values =>
    pieces
      .map(piece =>
        typeof piece === 'string'
          ? piece
          : convert(piece, values[piece.argument] ?? null, types[piece.argument] ?? 'string'),
      )
      .join('')
}

function convert(conversion: Conversion, value: Value, type: SqlType): string {
  const { letter, flags, width } = conversion
  const text = letter === 'b' ? String(type === 'boolean' && value !== null ? value : value !== null) : null
  if (text !== null || value === null || letter === 's' || letter === 'S') {
    const plain = text ?? (value === null ? 'null' : textOf(value, type))
    const cut =
      conversion.precision === null ? plain : plain.slice(0, conversion.precision).replace(/[\ud800-\udbff]$/, '?')
    return justify(letter === 'S' || letter === 'X' ? cut.toUpperCase() : cut, width, flags.includes('-'))
  }
  return number(conversion, value, type)
}

function textOf(value: Value, type: SqlType): string {
  const decimal = decimalOf(type)
  if (decimal) return formatDecimal(BigInt(String(value)), decimal.scale)
  if (type === 'double') return formatDouble(Number(value))
  return type === 'float' ? formatFloat(Number(value)) : String(value)
}

function justify(text: string, width: number, left: boolean): string {
  const missing = ' '.repeat(Math.max(width - text.length, 0))
  return left ? text + missing : missing + text
}

function number({ letter, flags, width, precision }: Conversion, value: Value, type: SqlType): string {
  if (isInteger(type) && letter !== 'd') {
    const bits = BigInt.asUintN(INTEGER_BITS[type], BigInt(String(value)))
    const digits = bits.toString(letter === 'o' ? 8 : 16)
    return fill(letter === 'X' ? digits.toUpperCase() : digits, '', '', flags, width)
  }
  const isWhole = isInteger(type)
  const negative = isWhole ? BigInt(String(value)) < 0n : Number(value) < 0 || Object.is(value, -0)
  const [before, behind] = sign(negative, flags)
  if (isWhole) return fill(grouped(String(absolute(BigInt(String(value)))), flags), before, behind, flags, width)
  const magnitude = Math.abs(Number(value))
  if (!Number.isFinite(magnitude)) {
    const word = Number.isNaN(magnitude) ? 'NaN' : `${before}Infinity${behind}`
    return justify(word, width, flags.includes('-'))
  }
  const digits = letter === 'f' ? fixed(magnitude, precision ?? 6) : scientific(magnitude, precision ?? 6)
  return fill(grouped(digits, flags), before, behind, flags, width)
}

function sign(negative: boolean, flags: string): [string, string] {
  if (negative) return flags.includes('(') ? ['(', ')'] : ['-', '']
  return [flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '', '']
}

function grouped(digits: string, flags: string): string {
  if (!flags.includes(',')) return digits
  const [whole = '', ...rest] = digits.split('.')
  return [whole.replace(/\B(?=(?:\d{3})+$)/g, ','), ...rest].join('.')
}

function fill(digits: string, before: string, behind: string, flags: string, width: number): string {
  const zeros = flags.includes('0')
    ? '0'.repeat(Math.max(width - before.length - digits.length - behind.length, 0))
    : ''
  return justify(before + zeros + digits + behind, width, flags.includes('-'))
}

/** Rounded half up, by the fewest digits that stand for the number. */
function fixed(magnitude: number, precision: number): string {
  const { unscaled, scale } = shortest(magnitude)
  return plainDecimal(rescale(unscaled, scale, precision), precision)
}

function scientific(magnitude: number, precision: number): string {
  const { unscaled, scale } = shortest(magnitude)
  let exponent = unscaled === 0n ? 0 : String(unscaled).length - 1 - scale
  let mantissa = rescale(unscaled, scale + exponent, precision)
  if (String(mantissa).length > precision + 1) {
    exponent++
    mantissa = rescale(unscaled, scale + exponent, precision)
  }
  const power = `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  return `${plainDecimal(mantissa, precision)}e${power}`
}

function shortest(magnitude: number) {
  return parseExact(formatDouble(magnitude)) ?? { unscaled: 0n, scale: 0 }
}
