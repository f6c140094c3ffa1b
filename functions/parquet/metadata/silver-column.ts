import { decimalOf } from '../../sql/types.ts'
import { type Annotation, type Physical, physicalOf } from './column-type.ts'
import { CONVERTED_TYPES, type ConvertedType, PHYSICAL_TYPES, REPETITIONS, type Repetition } from './format.ts'
import { groupKind } from './nested-type.ts'
import type { SchemaElement, SchemaNode } from './schema.ts'
import type { ThriftWriter } from './thrift-writer.ts'

/** A column of a file that is written: flat, or nested as in the files it is copied from. */
export type SilverColumn = FlatColumn | NestedColumn

export interface FlatColumn {
  readonly kind: 'flat'
  readonly name: string
  readonly physical: Physical
  /** Whether the chunks have definition levels; if not, no value is NULL. */
  readonly optional: boolean
}

export interface NestedColumn {
  readonly kind: 'nested'
  readonly name: string
  readonly node: SchemaNode
}

/** The paths of the column's leaves, in the order of their chunks. */
export function leafPaths(column: SilverColumn): string[][] {
  if (column.kind === 'flat') return [[column.name]]
  const below = (node: SchemaNode, path: readonly string[]): string[][] =>
    node.element.type !== null
      ? [[...path]]
      : node.children.flatMap(child => below(child, [...path, child.element.name]))
  return below(column.node, [column.name])
}

/** The schema elements of a column. */
export function elementsOf(column: SilverColumn): (SchemaElement | FlatColumn)[] {
  if (column.kind === 'flat') return [column]
  const all = (node: SchemaNode): SchemaElement[] => [node.element, ...node.children.flatMap(all)]
  const [top, ...rest] = all(column.node)
  return top ? [{ ...top, name: column.name }, ...rest] : []
}

/**
 * Writes a SchemaElement's fields, with only the annotations that all readers know, in their older and their newer form.
 * Spark 3.5 fails on a file with one that it does not know.
 */
export function writeElement(thrift: ThriftWriter, element: SchemaElement | FlatColumn): void {
  if ('kind' in element) writeLeaf(thrift, element.name, element.optional ? 'OPTIONAL' : 'REQUIRED', element.physical)
  else if (element.type !== null) writeLeaf(thrift, element.name, element.repetition, physicalOf(element))
  else writeGroup(thrift, element)
}

function writeGroup(thrift: ThriftWriter, element: SchemaElement): void {
  thrift.i32(3, REPETITIONS.indexOf(element.repetition))
  thrift.string(4, element.name)
  thrift.i32(5, element.children)
  const kind = groupKind(element)
  if (!kind) return
  thrift.i32(6, CONVERTED_TYPES.indexOf(kind))
  writeLogical(thrift, kind === 'MAP' ? 2 : 3)
}

function writeLeaf(thrift: ThriftWriter, name: string, repetition: Repetition, physical: Physical): void {
  const { type, typeLength, annotation, sql } = physical
  const decimal = annotation === 'decimal' ? decimalOf(sql) : null
  thrift.i32(1, PHYSICAL_TYPES.indexOf(type))
  if (type === 'FIXED_LEN_BYTE_ARRAY') thrift.i32(2, typeLength)
  thrift.i32(3, REPETITIONS.indexOf(repetition))
  thrift.string(4, name)
  const converted = CONVERTED[annotation]
  if (converted) thrift.i32(6, CONVERTED_TYPES.indexOf(converted))
  if (decimal) {
    thrift.i32(7, decimal.scale)
    thrift.i32(8, decimal.precision)
  }
  if (annotation === 'string') writeLogical(thrift, 1)
  else if (annotation === 'date') writeLogical(thrift, 6)
  else if (decimal) {
    writeLogical(thrift, 5, () => {
      thrift.i32(1, decimal.scale)
      thrift.i32(2, decimal.precision)
    })
  } else if (annotation === 'millis' || annotation === 'micros' || annotation === 'local') {
    writeLogical(thrift, 8, () => {
      thrift.bool(1, annotation !== 'local')
      thrift.struct(2, () => thrift.struct(annotation === 'millis' ? 1 : 2, () => {}))
    })
  }
}

/** Writes a LogicalType: the member of the union with this number. */
function writeLogical(thrift: ThriftWriter, number: number, fields: () => void = () => {}): void {
  thrift.struct(10, () => thrift.struct(number, fields))
}

/** The older form of the annotations. There is none for a local timestamp. */
export const CONVERTED: Readonly<Partial<Record<Annotation, ConvertedType>>> = {
  string: 'UTF8',
  int8: 'INT_8',
  int16: 'INT_16',
  date: 'DATE',
  decimal: 'DECIMAL',
  millis: 'TIMESTAMP_MILLIS',
  micros: 'TIMESTAMP_MICROS',
}
