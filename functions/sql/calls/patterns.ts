import { like } from '../evaluate/like.ts'
import {
  extract,
  extractAll,
  find,
  groupCount,
  matches,
  parseTemplate,
  regex,
  replaceAll,
  split,
} from '../evaluate/regex.ts'
import { type Call, type Definition, strictFor } from './definition.ts'

/** LIKE and the functions of regular expressions. */
export const PATTERNS: readonly Definition[] = [
  strictFor('like', 'string, like, constant string?', 'boolean', call =>
    like(constant(call, 1), constant(call, 2) || '\\'),
  ),
  strictFor('rlike regexp regexp_like', 'string, pattern', 'boolean', call => {
    const pattern = regex(constant(call, 1))
    return text => find(pattern, text)
  }),
  strictFor('regexp_extract', 'string, pattern, constant int?', 'string', call => {
    const pattern = regex(constant(call, 1))
    return (text, _, group = 1) => extract(pattern, text, group)
  }),
  strictFor('regexp_replace', 'string, pattern, constant string', 'string', call => {
    const pattern = regex(constant(call, 1))
    const template = parseTemplate(constant(call, 2), groupCount(pattern)) ?? []
    return text => replaceAll(pattern, text, template)
  }),
  strictFor('split', 'string, pattern, int?', 'array<string>', call => {
    const pattern = regex(constant(call, 1))
    return (text, _, limit = -1) => split(pattern, text, limit)
  }),
  strictFor('regexp_extract_all', 'string, pattern, constant int?', 'array<string>', call => {
    const pattern = regex(constant(call, 1))
    return (text, _, group = 1) => extractAll(pattern, text, group)
  }),
  strictFor('regexp_count', 'string, pattern', 'int', call => {
    const pattern = regex(constant(call, 1))
    return text => matches(pattern, text).length
  }),
  strictFor(
    'regexp_substr',
    'string, pattern',
    'string',
    call => {
      const pattern = regex(constant(call, 1))
      return text => extract(pattern, text, 0) || null
    },
    'fails',
  ),
  strictFor('regexp_instr', 'string, pattern, int?', 'int', call => {
    const pattern = regex(constant(call, 1))
    return text => (matches(pattern, text)[0] ?? -1) + 1
  }),
]

/** A text argument that the compiler made sure is a constant; '' if it is left out. */
function constant(call: Call, at: number): string {
  const arg = call.args[at]
  return arg?.op === 'literal' ? String(arg.value) : ''
}
