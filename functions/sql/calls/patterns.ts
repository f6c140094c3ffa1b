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
import { constantText, type Definition, partialFor, strictFor } from './definition.ts'

/** LIKE and the functions of regular expressions. */
export const PATTERNS: readonly Definition[] = [
  strictFor('like', 'string, like, constant string?', 'boolean', call =>
    like(constantText(call, 1), constantText(call, 2) || '\\'),
  ),
  strictFor('rlike regexp regexp_like', 'string, pattern', 'boolean', call => {
    const pattern = regex(constantText(call, 1))
    return text => find(pattern, text)
  }),
  strictFor('regexp_extract', 'string, pattern, constant int?', 'string', call => {
    const pattern = regex(constantText(call, 1))
    return (text, _, group = 1) => extract(pattern, text, group)
  }),
  strictFor('regexp_replace', 'string, pattern, constant string', 'string', call => {
    const pattern = regex(constantText(call, 1))
    const template = parseTemplate(constantText(call, 2), groupCount(pattern)) ?? []
    return text => replaceAll(pattern, text, template)
  }),
  strictFor('split', 'string, pattern, int?', 'array<string>', call => {
    const pattern = regex(constantText(call, 1))
    return (text, _, limit = -1) => split(pattern, text, limit)
  }),
  strictFor('regexp_extract_all', 'string, pattern, constant int?', 'array<string>', call => {
    const pattern = regex(constantText(call, 1))
    return (text, _, group = 1) => extractAll(pattern, text, group)
  }),
  strictFor('regexp_count', 'string, pattern', 'int', call => {
    const pattern = regex(constantText(call, 1))
    return text => matches(pattern, text).length
  }),
  partialFor('regexp_substr', 'string, pattern', 'string', call => {
    const pattern = regex(constantText(call, 1))
    return text => extract(pattern, text, 0) || null
  }),
  strictFor('regexp_instr', 'string, pattern, int?', 'int', call => {
    const pattern = regex(constantText(call, 1))
    return text => (matches(pattern, text)[0]?.index ?? -1) + 1
  }),
]
