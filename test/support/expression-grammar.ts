import fc from 'fast-check'
import type { Definition } from '../../functions/sql/calls/definition.ts'
import { TABLE } from '../../functions/sql/calls/table.ts'
import { CONSTANTS, FORMS, LAMBDAS, type Leaves, type Sort, TYPES } from './grammar-words.ts'

export type Text = fc.Arbitrary<string>

/** How those of the table are written that are no calls. */
const WRITTEN: Readonly<Record<string, (args: readonly string[]) => string>> = {
  not: ([a]) => `NOT ${a}`,
  in: ([a, b]) => `${a} IN (${b}, NULL)`,
  case: args =>
    `CASE ${Array.from({ length: Math.max(1, args.length >> 1) }, (_, i) => `WHEN ${args[2 * i]} THEN ${args[2 * i + 1] ?? 'NULL'}`).join(' ')}${args.length % 2 ? ` ELSE ${args.at(-1)}` : ''} END`,
  like: ([a, b]) => `${a} LIKE ${b}`,
  rlike: ([a, b]) => `${a} RLIKE ${b}`,
  isnull: ([a]) => `${a} IS NULL`,
  isnotnull: ([a]) => `${a} IS NOT NULL`,
  negative: ([a]) => `-${a}`,
  '~': ([a]) => `~${a}`,
  'trim-leading': ([a, b = "' '"]) => `trim(LEADING ${b} FROM ${a})`,
  'trim-trailing': ([a, b = "' '"]) => `trim(TRAILING ${b} FROM ${a})`,
  'extract-yearofweek': ([a]) => `extract(YEAROFWEEK FROM ${a})`,
  'extract-dayofweek_iso': ([a]) => `extract(DAYOFWEEK_ISO FROM ${a})`,
  'extract-second': ([a]) => `extract(SECOND FROM ${a})`,
  'epoch-seconds': ([a]) => `unix_timestamp(${a})`,
  'shift-micros': ([a, b]) => `${a} + INTERVAL ${/^\d+$/.test(b ?? '') ? b : 7} HOURS`,
  'array-item': ([a, b]) => `${a}[${b}]`,
  'array-concat': args => `concat(${args.join(', ')})`,
  'array-reverse': ([a]) => `reverse(${a})`,
  'struct-field': ([a]) => `${a}.place.city`,
  'array-field': ([a]) => `${a}.sku`,
  'map-item': ([a, b]) => `${a}[${b}]`,
  'array-sort-by': ([a, b]) => `array_sort(${a}, ${b})`,
  map: args => `map(${args.flatMap((arg, i) => [`'k${i}'`, arg]).join(', ')})`,
  map_from_entries: ([a]) => `map_from_entries(map_entries(map(1, ${a})))`,
  to_json: ([a]) => `to_json(struct(${a}))`,
  sequence: ([a, b]) => `sequence(${a}, ${b})`,
  named_struct: args => `struct(${args.join(', ')})`,
  aggregate: ([a, , b]) => `aggregate(${a}, '', ${b})`,
  from_json: ([a]) => `from_json(${a}, 'a int, b array<string>')`,
}

function write({ names: [name = ''] }: Definition, args: readonly string[]): string {
  const own = Object.hasOwn(WRITTEN, name) ? WRITTEN[name] : undefined
  if (own) return `(${own(args)})`
  if (/^\w+$/.test(name) && !/^(and|or|div)$/.test(name)) return `${name}(${args.join(', ')})`
  return `(${args.join(` ${name} `)})`
}

/** The sort of a definition's results; null where it is what its arguments are. */
function sortOf({ result }: Definition): Sort | null {
  switch (result) {
    case 'int':
    case 'bigint':
    case 'tinyint':
    case 'smallint':
    case 'bits':
    case 'length':
      return 'whole'
    case 'double':
    case 'float':
    case 'round':
    case 'floor':
    case 'sum':
    case 'product':
    case 'division':
    case 'remainder':
    case 'float or double':
    case 'seconds':
    case 'picture':
      return 'number'
    case 'string':
      return 'text'
    case 'boolean':
    case 'date':
    case 'timestamp':
    case 'binary':
    case 'array':
    case 'map':
    case 'struct':
      return result
    case 'array<string>':
      return 'array'
    default:
      return null
  }
}

const CALLED = TABLE.filter(({ names: [name = ''] }) => !/-rows$|-of-array$|-entries$/.test(name))
const SORTS: readonly Sort[] = [
  'boolean',
  'whole',
  'number',
  'text',
  'date',
  'timestamp',
  'binary',
  'array',
  'map',
  'struct',
]

/** Expressions over columns: any call of the table, with arguments of the kinds it takes and now and then of others. */
export class Expressions {
  readonly #leaves: Leaves
  readonly #made = new Map<string, Text>()

  constructor(...leaves: readonly Partial<Leaves>[]) {
    const all = (sort: Sort) => leaves.flatMap(each => each[sort] ?? [])
    this.#leaves = Object.fromEntries(SORTS.map(sort => [sort, all(sort)])) as Record<Sort, string[]> // each sort is there
  }

  any(depth: number): Text {
    if (depth === 0) return this.#once('any', () => fc.constantFrom(...SORTS.flatMap(sort => this.#leaves[sort])))
    return this.#once(`any ${depth}`, () =>
      fc.oneof(...SORTS.map(sort => this.of(sort, depth)), this.#call(CALLED, depth)),
    )
  }

  of(sort: Sort, depth: number): Text {
    return this.#once(`${sort} ${depth}`, () => {
      const leaves = this.#leaves[sort]
      const leaf = leaves.length > 0 ? fc.constantFrom(...leaves) : this.any(0)
      if (depth === 0) return leaf
      const calls = CALLED.filter(definition => sortOf(definition) === sort)
      const cast = fc
        .tuple(fc.constantFrom('CAST', 'TRY_CAST'), this.any(depth - 1), fc.constantFrom(...TYPES))
        .map(([word, value, type]) => `${word}(${value} AS ${type})`)
      const same = fc
        .tuple(
          fc.constantFrom('coalesce', 'nvl', 'nullif', 'greatest', 'ifnull'),
          this.of(sort, depth - 1),
          this.of(sort, depth - 1),
        )
        .map(([name, a, b]) => `${name}(${a}, ${b})`)
      return fc.oneof(
        { weight: 2, arbitrary: leaf },
        { weight: 6, arbitrary: this.#call(calls, depth) },
        { weight: 1, arbitrary: fc.oneof(leaf, ...(FORMS[sort] ?? []).map(form => this.#form(form, depth))) },
        { weight: 1, arbitrary: cast },
        { weight: 1, arbitrary: same },
      )
    })
  }

  #call(definitions: readonly Definition[], depth: number): Text {
    return fc.oneof(...definitions.map(definition => this.#callOf(definition, depth)))
  }

  #callOf(definition: Definition, depth: number): Text {
    const [name = ''] = definition.names
    if (/^[<>=]|^in$/.test(name))
      return fc.oneof(
        ...SORTS.map(sort => fc.tuple(this.of(sort, depth - 1), this.of(sort, 0)).map(args => write(definition, args))),
      )
    return this.#once(`call ${name} ${depth}`, () => {
      const parts = definition.parameters === '' ? [] : definition.parameters.split(', ')
      const args = parts.map(part => {
        const arg = this.#argument(part.replace(/[?*]$/, ''), name, depth - 1).map(text => [text])
        if (part.endsWith('?')) return fc.oneof(arg, fc.constant([]))
        return part.endsWith('*')
          ? fc.array(
              arg.map(([text = '']) => text),
              { minLength: 1, maxLength: 3 },
            )
          : arg
      })
      return fc.tuple(...args).map(lists => write(definition, lists.flat()))
    })
  }

  #form(form: string, depth: number): Text {
    const parts = form.split(/\{(\w+)\}/)
    const texts = parts.map((part, i) => {
      const sort = SORTS.find(sort => sort === part)
      return i % 2 === 1 && sort ? this.of(sort, depth - 1) : fc.constant(part)
    })
    return fc.tuple(...texts).map(each => `(${each.join('')})`)
  }

  #argument(kind: string, name: string, depth: number): Text {
    const constants = kind === 'lambda' ? LAMBDAS[name] : CONSTANTS[kind]
    if (constants) return fc.constantFrom(...constants)
    switch (kind.replace('only ', '')) {
      case 'boolean':
      case 'date':
      case 'timestamp':
      case 'binary':
      case 'array':
      case 'map':
        return this.of(kind.replace('only ', '') as Sort, depth)
      case 'int':
      case 'bigint':
      case 'whole':
      case 'bits':
      case 'int or bigint':
      case 'days':
      case 'index':
        return this.of('whole', depth)
      case 'number':
      case 'double':
      case 'float or double':
      case 'decimal':
      case 'seconds':
        return this.of('number', depth)
      case 'string':
      case 'text':
        return this.of('text', depth)
      case 'element':
        return fc.oneof(this.of('text', 0), this.of('whole', 0))
      case 'string or binary':
      case 'string or array':
      case 'bigint or bytes':
        return fc.oneof(this.of('text', depth), this.of('binary', depth), this.of('whole', depth), this.of('array', 0))
      default:
        return this.any(depth)
    }
  }

  /** Arbitraries are a graph: each is made once. */
  #once(name: string, make: () => Text): Text {
    const made = this.#made.get(name) ?? make()
    this.#made.set(name, made)
    return made
  }
}
