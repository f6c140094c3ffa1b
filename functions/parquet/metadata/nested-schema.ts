import { decimalOf, isNested, type SqlType } from '../../sql/types.ts'
import { isSilver, physicalOf, silverPhysical } from './column-type.ts'
import type { ConvertedType, Repetition } from './format.ts'
import { isListElement, isMapGroup } from './nested-type.ts'
import { ParquetError } from './parquet-error.ts'
import { type SchemaElement, type SchemaNode, schemaTree } from './schema.ts'
import { CONVERTED } from './silver-column.ts'

/**
 * The schema of a nested column from its type alone, for columns that no source has: as Spark writes it, with three levels
 * for lists and maps (LogicalTypes.md, "Nested Types").
 */
export function nestedSchema(name: string, type: SqlType): SchemaNode {
  const elements = [group('root', 'REQUIRED', 1, null), ...elementsOf(name, type, 'OPTIONAL')]
  const [node] = schemaTree(elements).children
  if (!node) throw new ParquetError(`column ${name} has no schema`)
  return node
}

function elementsOf(name: string, type: SqlType, repetition: Repetition): SchemaElement[] {
  if (!isNested(type)) return [leaf(name, type, repetition)]
  switch (type.kind) {
    case 'array':
      return [
        group(name, repetition, 1, 'LIST'),
        group('list', 'REPEATED', 1, null),
        ...elementsOf('element', type.element, 'OPTIONAL'),
      ]
    case 'map':
      return [
        group(name, repetition, 1, 'MAP'),
        group('key_value', 'REPEATED', 2, null),
        ...elementsOf('key', type.key, 'REQUIRED'),
        ...elementsOf('value', type.value, 'OPTIONAL'),
      ]
    case 'struct': {
      const children = type.fields.flatMap(field => elementsOf(field.name, field.type, 'OPTIONAL'))
      return [group(name, repetition, type.fields.length, null), ...children]
    }
  }
}

/**
 * Whether all readers can read the form of a nested column: they can read its leaves, no key of a map can be NULL, and what
 * repeats is a list or a map. Trino reads a repeated field without either as NULL, with the struct around it; DuckDB reads a
 * list of two levels whose elements have one field as a list of that field.
 */
export function isSilverNode(node: SchemaNode): boolean {
  const { element, children } = node
  if (element.type !== null) return isSilver(physicalOf(element))
  const key = isMapGroup(node) ? children[0]?.children[0] : undefined
  if (key && key.element.repetition !== 'REQUIRED') return false
  const isElement = isListElement(node)
  if (isElement && children[0]?.children.length === 1) return false
  const mayRepeat = isMapGroup(node) || isElement !== undefined
  return children.every(child => (mayRepeat || child.element.repetition !== 'REPEATED') && isSilverNode(child))
}

function group(name: string, repetition: Repetition, children: number, converted: ConvertedType | null): SchemaElement {
  return { ...PLAIN, name, repetition, children, converted }
}

function leaf(name: string, type: SqlType, repetition: Repetition): SchemaElement {
  const physical = silverPhysical(type)
  const decimal = decimalOf(type) ?? PLAIN
  return {
    ...PLAIN,
    name,
    repetition,
    type: physical.type,
    typeLength: physical.typeLength,
    converted: CONVERTED[physical.annotation] ?? null,
    scale: decimal.scale,
    precision: decimal.precision,
  }
}

const PLAIN = {
  type: null,
  typeLength: 0,
  children: 0,
  scale: 0,
  precision: 0,
  logical: null,
} as const
