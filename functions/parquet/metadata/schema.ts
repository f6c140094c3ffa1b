import {
  CONVERTED_TYPES,
  type ConvertedType,
  PHYSICAL_TYPES,
  type PhysicalType,
  REPETITIONS,
  type Repetition,
} from './format.ts'
import { ParquetError } from './parquet-error.ts'
import { THRIFT, type ThriftReader } from './thrift-reader.ts'

/** One element of a file's schema, depth first. `type` is null for a group. */
export interface SchemaElement {
  readonly name: string
  readonly type: PhysicalType | null
  /** Bytes of a FIXED_LEN_BYTE_ARRAY, otherwise 0. */
  readonly typeLength: number
  readonly repetition: Repetition
  readonly children: number
  readonly converted: ConvertedType | null
  readonly scale: number
  readonly precision: number
  readonly logical: LogicalType | null
}

/** The logical types that say no more than their name, by their number in the LogicalType union. */
const SIMPLE_TYPES = {
  1: 'string',
  2: 'map',
  3: 'list',
  4: 'enum',
  6: 'date',
  11: 'unknown',
  12: 'json',
  13: 'bson',
  14: 'uuid',
  15: 'float16',
} as const

/**
 * The logical types that change how a value is read; `other` for the rest. A column of `unknown` is NULL in every row.
 * `interval` only has an older form.
 */
export type LogicalType =
  | { readonly kind: (typeof SIMPLE_TYPES)[keyof typeof SIMPLE_TYPES] | 'interval' | 'other' }
  | { readonly kind: 'decimal'; readonly scale: number; readonly precision: number }
  | { readonly kind: 'time' | 'timestamp'; readonly utc: boolean; readonly unit: 'millis' | 'micros' | 'nanos' }
  | { readonly kind: 'integer'; readonly bits: number; readonly signed: boolean }

/** A node of the schema's tree. A leaf has a column chunk in each row group, at index `firstLeaf`. */
export interface SchemaNode {
  readonly element: SchemaElement
  readonly children: readonly SchemaNode[]
  readonly firstLeaf: number
  readonly leaves: number
  /** The highest definition and repetition level of values below this node. */
  readonly maxDefinition: number
  readonly maxRepetition: number
  /** For each repeated level, the lowest definition level of an element. */
  readonly repeated: readonly number[]
}

/** Reads a SchemaElement struct. */
export function readSchemaElement(reader: ThriftReader): SchemaElement {
  let name = ''
  let type: PhysicalType | null = null
  let typeLength = 0
  let repetition: Repetition = 'REQUIRED'
  let children = 0
  let converted: ConvertedType | null = null
  let scale = 0
  let precision = 0
  let logical: LogicalType | null = null
  reader.struct((id, field) => {
    if (id === 1 && field === THRIFT.I32) type = named(PHYSICAL_TYPES, reader.i32(), 'physical type')
    else if (id === 2 && field === THRIFT.I32) typeLength = reader.i32()
    else if (id === 3 && field === THRIFT.I32) repetition = named(REPETITIONS, reader.i32(), 'repetition')
    else if (id === 4 && field === THRIFT.BINARY) name = reader.string()
    else if (id === 5 && field === THRIFT.I32) children = reader.i32()
    else if (id === 6 && field === THRIFT.I32) converted = CONVERTED_TYPES[reader.i32()] ?? null
    else if (id === 7 && field === THRIFT.I32) scale = reader.i32()
    else if (id === 8 && field === THRIFT.I32) precision = reader.i32()
    else if (id === 10 && field === THRIFT.STRUCT) logical = readLogicalType(reader)
    else return false
    return true
  })
  return { name, type, typeLength, repetition, children, converted, scale, precision, logical }
}

/** The tree of a schema that is written depth first. Its root is the message. */
export function schemaTree(elements: readonly SchemaElement[]): SchemaNode {
  let next = 0
  let leaf = 0
  const build = (definition: number, above: readonly number[], depth: number): SchemaNode => {
    const found = elements[next]
    if (!found) throw new ParquetError('the schema ends before its last column')
    if (depth > 64) throw new ParquetError('the schema is nested more than 64 levels deep')
    const root = next++ === 0
    // Some writers give the root a type, which readers ignore: what has children is a group.
    const element = root && found.children > 0 ? { ...found, type: null } : found
    const maxDefinition = definition + (root || element.repetition === 'REQUIRED' ? 0 : 1)
    const repeated = !root && element.repetition === 'REPEATED' ? [...above, maxDefinition] : above
    const maxRepetition = repeated.length
    const firstLeaf = leaf
    if (element.type !== null) {
      if (root) throw new ParquetError('the schema has no root')
      leaf++
      return { element, children: [], firstLeaf, leaves: 1, maxDefinition, maxRepetition, repeated }
    }
    if (element.children < 0 || element.children > elements.length - next) {
      throw new ParquetError('the schema ends before its last column')
    }
    const children: SchemaNode[] = []
    for (let i = 0; i < element.children; i++) children.push(build(maxDefinition, repeated, depth + 1))
    return { element, children, firstLeaf, leaves: leaf - firstLeaf, maxDefinition, maxRepetition, repeated }
  }
  const root = build(0, [], 0)
  if (next !== elements.length) throw new ParquetError('the schema has elements outside of its root')
  return root
}

/** Whether the node is a column of plain values: a top-level leaf that does not repeat. */
export function isFlat(node: SchemaNode): boolean {
  return node.element.type !== null && node.maxRepetition === 0 && node.maxDefinition <= 1
}

function readLogicalType(reader: ThriftReader): LogicalType {
  let logical: LogicalType = { kind: 'other' }
  reader.struct((id, type) => {
    if (type !== THRIFT.STRUCT) return false
    if (id === 5) {
      let scale = 0
      let precision = 0
      reader.struct((field, fieldType) => {
        if (fieldType !== THRIFT.I32) return false
        if (field === 1) scale = reader.i32()
        else if (field === 2) precision = reader.i32()
        else return false
        return true
      })
      logical = { kind: 'decimal', scale, precision }
      return true
    }
    if (id === 7 || id === 8) {
      logical = readTime(reader, id === 7 ? 'time' : 'timestamp')
      return true
    }
    if (id === 10) {
      let bits = 0
      let signed = true
      reader.struct((field, fieldType) => {
        if (field === 1 && fieldType === THRIFT.BYTE) {
          bits = reader.byte()
          return true
        }
        if (field === 2) signed = fieldType === THRIFT.TRUE
        return false
      })
      logical = { kind: 'integer', bits, signed }
      return true
    }
    if (id in SIMPLE_TYPES) logical = { kind: SIMPLE_TYPES[id as keyof typeof SIMPLE_TYPES] } // `in` has shown that it is a key
    return false
  })
  return logical
}

function readTime(reader: ThriftReader, kind: 'time' | 'timestamp'): LogicalType {
  let utc = false
  let unit: 'millis' | 'micros' | 'nanos' = 'micros'
  reader.struct((id, type) => {
    if (id === 1) utc = type === THRIFT.TRUE
    if (id !== 2 || type !== THRIFT.STRUCT) return false
    reader.struct(choice => {
      unit = choice === 1 ? 'millis' : choice === 3 ? 'nanos' : 'micros'
      return false
    })
    return true
  })
  return { kind, utc, unit }
}

function named<T>(names: readonly T[], number: number, what: string): T {
  const name = names[number]
  if (name === undefined) throw new ParquetError(`the schema has an unknown ${what}: ${number}`)
  return name
}
