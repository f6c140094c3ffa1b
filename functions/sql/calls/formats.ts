import { formatNumber } from '../evaluate/format-number.ts'
import { formatter } from '../evaluate/format-string.ts'
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
  lazy('format_string printf', 'constant string, any*', 'string', 'never', ([, ...args], call) => {
    const format = formatter(constant(call), call.args.slice(1))
    return values => format(args.map(arg => arg(values)))
  }),
]

function constant({ args: [format] }: Call): string {
  return format?.op === 'literal' ? String(format.value) : ''
}
