import type { Definition, NullRule } from '../../functions/sql/calls/definition.ts'
import { TABLE } from '../../functions/sql/calls/table.ts'

const NULLS: Readonly<Record<NullRule, string>> = {
  any: 'if an argument is',
  fails: 'if an argument is, or there is no result',
  all: 'if all arguments are',
  never: 'never',
  own: '',
}

/** What the rules of a NULL of its `own` say. */
const OWN: Readonly<Record<string, string>> = {
  concat_ws: 'if the separator is; NULL arguments are passed over',
  if: 'if the chosen value is',
  locate: 'if a text is; 0 if the place is',
  elt: 'if the chosen value is, or there is none',
  array_append: 'if the array is',
  array_prepend: 'if the array is',
  size: 'never; -1 for NULL',
  aggregate: 'if the array or the result is',
  nanvl: 'if the chosen value is',
  mask: 'if the text is',
}

/** What the rules for the type of a result are in words. */
const RESULTS: Readonly<Record<string, string>> = {
  wider: 'the common type',
  'wider without text': 'the common type',
  'wider of branches': 'the common type',
  same: 'the same type',
  round: 'the same type, decimals with fewer digits',
  floor: 'bigint, decimals without fraction',
  remainder: 'the common type',
  length: 'int',
  sum: 'as `+`',
  product: 'as `*`',
  'float or double': 'float or double',
  picture: "a decimal of the picture's digits",
  array: 'an array',
  map: 'a map',
  struct: 'a struct',
  element: 'what the arguments hold or the lambda gives',
}

/** Functions that are written in a way of their own. */
const WRITTEN: Readonly<Record<string, string>> = {
  if: '`IF(boolean, any, any)`',
  size: '`SIZE(array or map)`, `CARDINALITY`',
  to_json: '`TO_JSON(any)`',
  from_json: '`FROM_JSON(string, string)`',
  element_at: '`ELEMENT_AT(array, int)`, `ELEMENT_AT(map, element)`, `TRY_ELEMENT_AT`',
  named_struct: '`NAMED_STRUCT(string, any, …)`, `STRUCT(any [AS name], …)`',
  map: '`MAP(any, any, …)`',
  sequence: '`SEQUENCE(any, any[, any or INTERVAL])`',
  // A bar inside a table's cell needs a backslash.
  concat: '`CONCAT(string, …)`, `\\|\\|`',
  rlike: '`string RLIKE pattern`, `REGEXP`, `REGEXP_LIKE(…)`',
  like: '`string [NOT] LIKE like [ESCAPE string]`, `ILIKE`',
  '%': '`MOD(number, number)`, `%`',
}

/** The functions of the table as Markdown, for docs/sql.md. Operators are left to its prose. */
export function functionReference(): string {
  const rows = TABLE.filter(isListed).map(definition => {
    const name = definition.names[0] ?? ''
    const nulls = OWN[name] ?? NULLS[definition.nulls]
    return `| ${WRITTEN[name] ?? signatures(definition)} | ${RESULTS[definition.result] ?? definition.result} | ${nulls} |`
  })
  return ['| Function | Gives | NULL |', '|---|---|---|', ...rows].join('\n')
}

function isListed({ names: [name = ''] }: Definition): boolean {
  return (
    name in WRITTEN || (/^\w+$/.test(name) && !['and', 'or', 'not', 'in', 'case', 'div', 'negative'].includes(name))
  )
}

function signatures({ names, parameters }: Definition): string {
  const [first = '', ...others] = names.map(name => name.toUpperCase())
  const also = others.map(name => `\`${name}\``).join(', ')
  return `\`${first}(${list(parameters)})\`${also === '' ? '' : `, ${also}`}`
}

/** `text, int, int?` as `text, int[, int]`. */
function list(parameters: string): string {
  return parameters
    .split(', ')
    .map((part, i) => {
      const kind = part
        .replace(/[?*]$/, '')
        .replace(/^constant /, '')
        .replace(/^(plain|hashable)$/, 'any')
      const separated = i === 0 ? kind : `, ${kind}`
      if (part.endsWith('?')) return `[${separated}]`
      return part.endsWith('*') ? (i === 0 ? `${kind}, …` : ', …') : separated
    })
    .join('')
}
