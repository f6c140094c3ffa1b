import { formatNumber } from '../evaluate/format-number.ts'
import { formatter } from '../evaluate/format-string.ts'
import { parsePicture, readNumber, writeNumber } from '../evaluate/number-picture.ts'
import { decimalOf } from '../types.ts'
import { type Call, constantText, type Definition, lazy, partialFor, strictFor } from './definition.ts'

/** Functions that write numbers for people, in English. */
export const FORMATS: readonly Definition[] = [
  partialFor('format_number', 'number, only int', 'string', call => formatNumber(call.args[0]?.type ?? 'double')),
  lazy('format_string printf', 'constant string, plain*', 'string', 'never', ([, ...args], call) => {
    const format = formatter(constantText(call, 0), call.args.slice(1))
    return values => format(args.map(arg => arg(values)))
  }),
  partialFor('to_number try_to_number', 'string, picture', 'picture', call => {
    const picture = pictureOf(call)
    return text => readNumber(picture, text)
  }),
  strictFor('to_char to_varchar', 'decimal, picture', 'string', call => {
    const picture = pictureOf(call)
    const scale = decimalOf(call.args[0]?.type)?.scale ?? 0
    return unscaled => writeNumber(picture, unscaled, scale)
  }),
]

function pictureOf(call: Call) {
  const parsed = parsePicture(constantText(call, 1))
  if ('wrong' in parsed) throw new RangeError(parsed.wrong)
  return parsed
}
