import { isInteger } from '../evaluate/integer.ts'
import { decodeLiteral } from '../literal.ts'
import type { NestedType, SqlType } from '../types.ts'
import { typeItem } from './access.ts'
import { isOrdered, tightest } from './common-type.ts'
import { twinOf } from './field-names.ts'
import { fromJsonRule, toJsonRule } from './json.ts'
import {
  type ArrayType,
  arrayOf,
  arrayType,
  callAlike,
  callWith,
  commonType,
  mapOf,
  mapType,
  misfit,
  type NestedRule,
  structOf,
} from './nested-operands.ts'
import { NULL, type Operand } from './operand.ts'
import { UNTYPED_ARRAY, UNTYPED_MAP } from './untyped.ts'

const INT: SqlType = 'int'

/** A function of one array or map, whose type `typeOf` finds. */
function ofOne<T extends NestedType>(
  typeOf: (operand: Operand) => T | null,
  result: (type: T) => SqlType | null,
): NestedRule {
  return (args, name) => {
    const [nested = NULL] = args
    const type = typeOf(nested)
    return callAlike(name, args, type, type && result(type))
  }
}

/** A function of an array and further arguments of fixed types, those after the array's. */
function withTypes(result: (type: ArrayType) => SqlType | null, ...types: readonly SqlType[]): NestedRule {
  return (args, name) => {
    const [array = NULL, ...rest] = args
    const type = arrayType(array)
    const fits = rest.every((arg, i) => arg.type === 'void' || types[i] !== INT || isInteger(arg.type))
    return fits ? callWith(name, args, [type, ...types], type && result(type)) : misfit(args)
  }
}

/** A function of an array and a value like its elements, which stands at `at`. */
function withElement(result: (type: ArrayType) => SqlType, at = 1, numbers = false): NestedRule {
  return (args, name) => {
    const [array = NULL] = args
    const type = arrayType(array)
    const value = args[at] ?? NULL
    const element = type && (numbers ? commonType([type.element, value.type], false) : same(type.element, value.type))
    const types = args.map((_, i): SqlType | null => {
      if (i === 0) return element && arrayOf(element)
      return i === at ? element : INT
    })
    return callWith(name, args, types, element && result(arrayOf(element)))
  }
}

function same(element: SqlType, other: Operand['type']): SqlType | null {
  const type = tightest(element, other)
  return type === 'void' ? element : type
}

/** A function of arrays whose elements become alike. */
function ofAlike(result: (type: ArrayType) => SqlType): NestedRule {
  return (args, name) => {
    const types = args.map(arrayType)
    const common = types.every(type => type !== null) ? commonType(types, false) : null
    const type = common && arrayType({ type: common })
    return callAlike(name, args, type, type && result(type))
  }
}

const typesOf = (operands: readonly Operand[]) => operands.map(({ type }) => type)
const itself = <T extends SqlType>(type: T): T => type
const elementOf = ({ element }: ArrayType) => element
const always = (type: SqlType) => () => type

const ordered = (result: (type: ArrayType) => SqlType) => (type: ArrayType) =>
  isOrdered(type.element) ? result(type) : null

/** How the calls of functions on nested values are typed, by the definition's first name. */
export const NESTED_RULES: Readonly<Record<string, NestedRule>> = {
  array: (args, name) => {
    const types = typesOf(args)
    const isUntyped = types.every(type => type === 'void')
    const type = commonType(types, true)
    const result = isUntyped ? UNTYPED_ARRAY : type && arrayOf(type)
    return callAlike(name, args, type, result)
  },
  map: (args, name) => {
    if (args.length === 0) return callWith(name, args, [], UNTYPED_MAP)
    if (args.length % 2 === 1) return { wrong: 'keys and values come in pairs' }
    const common = (side: number) => commonType(typesOf(args.filter((_, i) => i % 2 === side)), true)
    const [key, value] = [common(0), common(1)]
    const types = args.map((_, i) => (i % 2 === 0 ? key : value))
    return callWith(name, args, types, key && value && mapOf(key, value))
  },
  named_struct: (args, name) => {
    if (args.length % 2 === 1 || args.length === 0) return { wrong: 'names and values come in pairs' }
    const fields: [string, SqlType][] = []
    const values: Operand[] = []
    for (let i = 0; i < args.length; i += 2) {
      const [field = NULL, value = NULL] = [args[i], args[i + 1]]
      if (field.op !== 'literal' || field.type !== 'string') return { wrong: 'the names of the fields are constants' }
      fields.push([String(decodeLiteral(field)), value.type === 'void' ? 'string' : value.type])
      values.push(value)
    }
    const twin = twinOf(fields.map(([field]) => field))
    if (twin !== null) return twin
    const types = fields.map(([, type]) => type)
    return callWith(name, values, types, structOf(...fields))
  },
  size: (args, name) => {
    const [of = NULL] = args
    return callAlike(name, args, arrayType(of) ?? mapType(of), INT)
  },
  to_json: toJsonRule,
  from_json: fromJsonRule,
  array_size: ofOne(arrayType, always(INT)),
  element_at: (args, name) => {
    const [of = NULL, at = NULL] = args
    const map = mapType(of)
    if (of.type !== 'void' && map) {
      const key = same(map.key, at.type)
      return key ? callWith(name, args, [mapOf(key, map.value), key], map.value) : misfit(args)
    }
    const array = arrayType(of)
    if (at.type !== 'void' && !isInteger(at.type)) return misfit(args)
    return callWith(name, args, [array, at.type === 'bigint' ? at.type : INT], array?.element ?? null)
  },
  get: args => {
    const [array = NULL, at = NULL] = args
    return arrayType(array) && array.op !== 'null' ? typeItem(array, at) : misfit(args)
  },
  array_contains: withElement(always('boolean'), 1, true),
  array_position: withElement(always('bigint')),
  array_remove: withElement(itself),
  array_append: withElement(itself),
  array_prepend: withElement(itself),
  array_insert: withElement(itself, 2),
  array_compact: ofOne(arrayType, itself),
  array_distinct: ofOne(arrayType, ordered(itself)),
  array_except: ofAlike(itself),
  array_intersect: ofAlike(itself),
  array_union: ofAlike(itself),
  arrays_overlap: ofAlike(always('boolean')),
  array_join: (args, name) => callWith(name, args, [arrayOf('string'), 'string', 'string'], 'string'),
  array_min: ofOne(arrayType, ordered(elementOf)),
  array_max: ofOne(arrayType, ordered(elementOf)),
  array_repeat: (args, name) => {
    const [value = NULL, count = NULL] = args
    const type = value.type === 'void' ? 'string' : value.type
    return callWith(name, args, [type, isInteger(count.type) || count.type === 'void' ? INT : null], arrayOf(type))
  },
  slice: withTypes(itself, INT, INT),
  sort_array: withTypes(ordered(itself), 'boolean'),
  array_sort: ofOne(arrayType, ordered(itself)),
  flatten: ofOne(arrayType, ({ element }) =>
    typeof element === 'object' && element.kind === 'array' ? element : null,
  ),
  'array-concat': ofAlike(itself),
  'array-reverse': ofOne(arrayType, itself),
  map_keys: ofOne(mapType, ({ key }) => arrayOf(key)),
  map_values: ofOne(mapType, ({ value }) => arrayOf(value)),
  map_entries: ofOne(mapType, ({ key, value }) => arrayOf(structOf(['key', key], ['value', value]))),
  map_contains_key: (args, name) => {
    const [map = NULL, key = NULL] = args
    const type = mapType(map)
    const common = type && same(type.key, key.type)
    return common ? callWith(name, args, [mapOf(common, type.value), common], 'boolean') : misfit(args)
  },
  map_concat: (args, name) => {
    const types = args.map(mapType)
    const maps = types.flatMap(type => type ?? [])
    if (maps.length < types.length || maps.length === 0) return misfit(args)
    const keys = maps.map(type => type.key)
    const values = maps.map(type => type.value)
    const [key, value] = [commonType(keys, true), commonType(values, true)]
    const type = key && value && mapOf(key, value)
    return callAlike(name, args, type, type)
  },
  map_from_arrays: (args, name) => {
    const [keys = NULL, values = NULL] = args
    const [key, value] = [arrayType(keys), arrayType(values)]
    return callWith(name, args, [key, value], key && value && mapOf(key.element, value.element))
  },
  map_from_entries: (args, name) => {
    const [entries = NULL] = args
    const type = arrayType(entries)
    const struct = type?.element
    if (typeof struct !== 'object' || struct.kind !== 'struct') return misfit(args)
    const [key, value, more] = struct.fields
    return key && value && !more ? callWith(name, args, [type], mapOf(key.type, value.type)) : misfit(args)
  },
}
