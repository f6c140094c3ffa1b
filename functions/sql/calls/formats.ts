import { formatNumber } from '../evaluate/format-number.ts'
import { formatter } from '../evaluate/format-string.ts'
import { parsePicture, readNumber, writeNumber } from '../evaluate/number-picture.ts'
import { decimalOf } from '../types.ts'
import { type Call, type Definition, lazy, strictFor } from './definition.ts'

/** Functions that write numbers for people, in English. */
export const FORMATS: readonly Definition[] = [
  strictFor(
    'format_number',
    'number, only int',
    'string',
    call => formatNumber(call.args[0]?.type ?? 'double'),
    'fails',
  ),
  lazy('format_string printf', 'constant string, plain*', 'string', 'never', ([, ...args], call) => {
    const format = formatter(constant(call), call.args.slice(1))
    return values => format(args.map(arg => arg(values)))
  }),
  strictFor(
    'to_number try_to_number',
    'string, picture',
    'picture',
    call => {
      const picture = pictureOf(call)
      return text => readNumber(picture, text)
    },
    'fails',
  ),
  strictFor('to_char to_varchar', 'decimal, picture', 'string', call => {
    const picture = pictureOf(call)
    const scale = decimalOf(call.args[0]?.type)?.scale ?? 0
    return unscaled => writeNumber(picture, unscaled, scale)
  }),
]

function pictureOf({ args: [, picture] }: Call) {
  const parsed = parsePicture(picture?.op === 'literal' ? String(picture.value) : '')
  if ('wrong' in parsed) throw new RangeError(parsed.wrong)
  return parsed
}

function constant({ args: [format] }: Call): string {
  return format?.op === 'literal' ? String(format.value) : ''
}
