import { printType } from '../../sql/type-text.ts'
import type { Column, SqlType } from '../../sql/types.ts'
import { physicalOf } from './column-type.ts'
import { ParquetError } from './parquet-error.ts'
import type { SchemaElement, SchemaNode } from './schema.ts'

/**
 * The type of a column as Spark reads it (Spark's ParquetToSparkSchemaConverter). Throws ParquetError for types that are not read.
 */
export function sparkTypeOf(node: SchemaNode): SqlType {
  const type = withoutRepetition(node)
  return node.element.repetition === 'REPEATED' ? { kind: 'array', element: type } : type
}

/** A type in the JSON form of Spark's schemas; any value may be NULL. */
function typeJson(type: SqlType): unknown {
  if (typeof type === 'string') return JSON_NAMES[type] ?? type
  switch (type.kind) {
    case 'array':
      return { type: 'array', elementType: typeJson(type.element), containsNull: true }
    case 'map':
      return { type: 'map', keyType: typeJson(type.key), valueType: typeJson(type.value), valueContainsNull: true }
    case 'struct':
      return { type: 'struct', fields: type.fields.map(({ name, type }) => fieldJson(name, type, true)) }
    case 'decimal':
      return printType(type)
  }
}

/** A field of a struct, or a column of a table, in the JSON form of Spark's schemas. */
export function fieldJson(name: string, type: SqlType, nullable: boolean): unknown {
  return { name, type: typeJson(type), nullable, metadata: {} }
}

const JSON_NAMES: Readonly<Record<string, string>> = {
  tinyint: 'byte',
  smallint: 'short',
  int: 'integer',
  bigint: 'long',
}

/**
 * Whether the repeated child of a list is the element itself, as old writers have it, and not a level in between
 * (LogicalTypes.md, "Lists"). Undefined for what is not a list.
 */
export function isListElement({ element, children }: SchemaNode): boolean | undefined {
  const [only] = children
  if (groupKind(element) !== 'LIST' || only?.element.repetition !== 'REPEATED') return undefined
  const { name, type } = only.element
  return type !== null || only.children.length !== 1 || name === 'array' || name === `${element.name}_tuple`
}

/** Whether a group is a map: its one child repeats and holds a key and a value. */
export function isMapGroup({ element, children }: SchemaNode): boolean {
  const [only] = children
  return groupKind(element) === 'MAP' && only?.element.repetition === 'REPEATED' && only.children.length >= 2
}

function withoutRepetition(node: SchemaNode): SqlType {
  const { element, children } = node
  if (element.type !== null) return physicalOf(element).sql
  if (children.length === 0) throw new ParquetError(`column ${element.name} is a struct without fields`)
  const [only] = children
  const isWrapped = children.length === 1 && only?.element.repetition === 'REPEATED'
  const kind = groupKind(element)
  if (kind && !(only && isWrapped))
    throw new ParquetError(`column ${element.name} is a ${kind} of another form than any`)
  if (kind === 'LIST' && only) {
    const item = isListElement(node) ? only : only.children[0]
    return { kind: 'array', element: item ? withoutRepetition(item) : 'binary' }
  }
  if (kind === 'MAP') {
    const [key, value, ...more] = only?.children ?? []
    if (!key || !value || more.length > 0)
      throw new ParquetError(`column ${element.name} is a MAP without key and value`)
    return { kind: 'map', key: sparkTypeOf(key), value: sparkTypeOf(value) }
  }
  return { kind: 'struct', fields: fieldsOf(node) }
}

/** A struct's fields; Spark and DuckDB refuse those that differ only in case. */
function fieldsOf({ element, children }: SchemaNode): Column[] {
  const seen = new Set<string>()
  return children.map(child => {
    const { name } = child.element
    if (seen.has(name.toLowerCase())) {
      throw new ParquetError(`column ${element.name} is a struct with two fields of the name ${name}`)
    }
    seen.add(name.toLowerCase())
    return { name, type: sparkTypeOf(child) }
  })
}

/**
 * What a group is, by its annotation. MAP_KEY_VALUE on the map itself is its older name; on the level of its entries it
 * means nothing (LogicalTypes.md, "Maps").
 */
export function groupKind({ converted, logical, repetition }: SchemaElement): 'LIST' | 'MAP' | null {
  if (logical?.kind === 'list' || converted === 'LIST') return 'LIST'
  if (logical?.kind === 'map' || converted === 'MAP') return 'MAP'
  return converted === 'MAP_KEY_VALUE' && repetition !== 'REPEATED' ? 'MAP' : null
}
