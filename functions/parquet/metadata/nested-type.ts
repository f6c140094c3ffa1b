import type { SqlType } from '../../query/types.ts'
import { physicalOf } from './column-type.ts'
import type { SchemaNode } from './schema.ts'

/** A type as Spark reads it from a Parquet schema (Spark's ParquetToSparkSchemaConverter). */
export type SparkType =
  | SqlType
  | { readonly kind: 'array'; readonly element: SparkType }
  | { readonly kind: 'map'; readonly key: SparkType; readonly value: SparkType }
  | { readonly kind: 'struct'; readonly fields: readonly { readonly name: string; readonly type: SparkType }[] }

/** The type of a column, nested ones as a tree. Throws ParquetError for types that are not read. */
export function sparkTypeOf(node: SchemaNode): SparkType {
  const type = withoutRepetition(node)
  return node.element.repetition === 'REPEATED' ? { kind: 'array', element: type } : type
}

/** A type as Spark and Athena write it in DDL. */
export function typeText(type: SparkType): SqlType {
  if (typeof type === 'string') return type
  switch (type.kind) {
    case 'array':
      return `array<${typeText(type.element)}>`
    case 'map':
      return `map<${typeText(type.key)},${typeText(type.value)}>`
    case 'struct':
      return `struct<${type.fields.map(field => `${field.name}:${typeText(field.type)}`).join(',')}>`
  }
}

/** A type in the JSON form of Spark's schemas; all values may be NULL. */
function typeJson(type: SparkType): unknown {
  if (typeof type === 'string') return JSON_NAMES[type] ?? type
  switch (type.kind) {
    case 'array':
      return { type: 'array', elementType: typeJson(type.element), containsNull: true }
    case 'map':
      return { type: 'map', keyType: typeJson(type.key), valueType: typeJson(type.value), valueContainsNull: true }
    case 'struct':
      return { type: 'struct', fields: type.fields.map(({ name, type }) => fieldJson(name, type, true)) }
  }
}

/** A field of a struct, or a column of a table, in the JSON form of Spark's schemas. */
export function fieldJson(name: string, type: SparkType, nullable: boolean): unknown {
  return { name, type: typeJson(type), nullable, metadata: {} }
}

const JSON_NAMES: Readonly<Record<string, string>> = {
  tinyint: 'byte',
  smallint: 'short',
  int: 'integer',
  bigint: 'long',
}

/**
 * Of a list, whether its repeated child is the element itself, as old writers have it, and not a level between them
 * (LogicalTypes.md, "Lists"). Undefined for what is no list.
 */
export function isListElement({ element, children }: SchemaNode): boolean | undefined {
  const [only] = children
  const isList = element.converted === 'LIST' || element.logical?.kind === 'list'
  if (!isList || only?.element.repetition !== 'REPEATED') return undefined
  const { name, type } = only.element
  return type !== null || only.children.length !== 1 || name === 'array' || name === `${element.name}_tuple`
}

/** Whether a group is a map: its one child repeats and holds a key and a value. */
export function isMapGroup({ element, children }: SchemaNode): boolean {
  const [only] = children
  const isMap = ['MAP', 'MAP_KEY_VALUE'].includes(element.converted ?? '') || element.logical?.kind === 'map'
  return isMap && only?.element.repetition === 'REPEATED' && only.children.length >= 2
}

function withoutRepetition(node: SchemaNode): SparkType {
  const { element, children } = node
  if (element.type !== null) return physicalOf(element).sql
  const [only] = children
  const repeats = only?.element.repetition === 'REPEATED'
  if (only && repeats && (element.converted === 'LIST' || element.logical?.kind === 'list')) {
    const item = isListElement(node) ? only : only.children[0]
    return { kind: 'array', element: item ? withoutRepetition(item) : 'binary' }
  }
  const [key, value] = only?.children ?? []
  if (isMapGroup(node) && key && value) return { kind: 'map', key: sparkTypeOf(key), value: sparkTypeOf(value) }
  return { kind: 'struct', fields: children.map(child => ({ name: child.element.name, type: sparkTypeOf(child) })) }
}
