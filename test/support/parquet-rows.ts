import { type AsyncBuffer, type FileMetaData, parquetMetadata, parquetReadObjects, type SchemaElement } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { type Column, decimalOf, decimalType, type SqlType, type Value } from '../../functions/sql/types.ts'

/** A Parquet file as SQL sees it: every value exact, INT96 and decimals too. */
export interface ParquetRows {
  readonly columns: readonly Column[]
  /** Values in the order of `columns`. */
  readonly rows: readonly (readonly Value[])[]
}

/** Reads a whole file, whose lists have three levels. Slow and plain: for tests, as the truth that the engine is compared with. */
export async function readParquetRows(bytes: Uint8Array<ArrayBuffer>): Promise<ParquetRows> {
  const metadata = parquetMetadata(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  const nodes = treeOf(metadata.schema).children
  const columns = nodes.map(({ element, type }) => ({ name: element.name, type }))
  const file: AsyncBuffer = {
    byteLength: bytes.byteLength,
    slice: (start, end) => bytes.slice(start, end).buffer,
  }
  const objects = await parquetReadObjects({
    file,
    metadata: withoutAnnotations(metadata),
    compressors,
    utf8: false,
    parsers: { timestampFromNanoseconds: (nanos: bigint) => nanos },
  })
  const rows = objects.map(object => nodes.map(node => valueOfNode(object[node.element.name], node)))
  return { columns, rows }
}

/** The schema stripped down to the physical types, so that nothing is converted on the way. */
function withoutAnnotations(metadata: FileMetaData): FileMetaData {
  const [root, ...elements] = metadata.schema
  const bare = elements.map(({ converted_type: _, logical_type: __, ...element }) => element)
  return { ...metadata, schema: root ? [root, ...bare] : bare }
}

interface Node {
  readonly element: SchemaElement
  readonly children: readonly Node[]
  readonly type: SqlType
}

function treeOf(elements: readonly SchemaElement[]): Node {
  let next = 0
  const build = (): Node => {
    const element = elements[next++]
    if (!element) throw new RangeError('the schema ends too early')
    const children = Array.from({ length: element.num_children ?? 0 }, build)
    return { element, children, type: children.length > 0 ? nestedType(element, children) : typeOf(element) }
  }
  return build()
}

function nestedType({ converted_type: converted }: SchemaElement, children: readonly Node[]): SqlType {
  const [element, value] = children[0]?.children ?? []
  if (converted === 'LIST' && element) return { kind: 'array', element: element.type }
  if (converted === 'MAP' && element && value) return { kind: 'map', key: element.type, value: value.type }
  return { kind: 'struct', fields: children.map(child => ({ name: child.element.name, type: child.type })) }
}

function valueOfNode(raw: unknown, { element, children, type }: Node): Value {
  if (raw === null || raw === undefined) return null
  if (children.length === 0) return exactValue(raw, element, type)
  const [only] = children
  const parts = (value: unknown, nodes: readonly Node[]) =>
    nodes.map(node => valueOfNode(Reflect.get(Object(value), node.element.name), node))
  if (typeof type === 'string' || type.kind === 'struct' || !only) return parts(raw, children)
  const items: unknown[] = Reflect.get(Object(raw), only.element.name)
  return items.map(item => {
    const values = parts(item, only.children)
    return type.kind === 'map' ? values : (values[0] ?? null)
  })
}

function typeOf({ type, converted_type: converted, logical_type: logical, precision, scale }: SchemaElement): SqlType {
  if (converted === 'DECIMAL') return decimalType(precision ?? 10, scale ?? 0)
  switch (type) {
    case 'BOOLEAN':
      return 'boolean'
    case 'INT32':
      return converted === 'DATE'
        ? 'date'
        : converted === 'INT_8'
          ? 'tinyint'
          : converted === 'INT_16'
            ? 'smallint'
            : 'int'
    case 'INT64':
      return converted?.startsWith('TIMESTAMP') || logical?.type === 'TIMESTAMP' ? 'timestamp' : 'bigint'
    case 'INT96':
      return 'timestamp'
    case 'FLOAT':
      return 'float'
    case 'DOUBLE':
      return 'double'
    case 'BYTE_ARRAY':
      return converted === 'UTF8' || logical?.type === 'STRING' ? 'string' : 'binary'
    default:
      throw new RangeError(`the reference reader has no type for ${type}`)
  }
}

function exactValue(
  raw: unknown,
  { type, logical_type: logical, converted_type: converted }: SchemaElement,
  sql: SqlType,
): Value {
  if (raw === null || raw === undefined) return null
  if (raw instanceof Uint8Array)
    return sql === 'string' ? new TextDecoder().decode(raw) : sql === 'binary' ? raw.slice() : bigEndian(raw)
  if (decimalOf(sql)) return BigInt(String(raw))
  if (typeof raw === 'bigint') {
    if (type === 'INT96') return floorDivide(raw, 1000n)
    if (converted === 'TIMESTAMP_MILLIS') return raw * 1000n
    return logical?.type === 'TIMESTAMP' && logical.unit === 'NANOS' ? floorDivide(raw, 1000n) : raw
  }
  if (typeof raw === 'number' || typeof raw === 'boolean') return raw
  throw new TypeError(`unexpected ${typeof raw} in a Parquet file`)
}

function bigEndian(bytes: Uint8Array): bigint {
  return BigInt.asIntN(
    bytes.length * 8,
    bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n),
  )
}

function floorDivide(value: bigint, by: bigint): bigint {
  const rest = ((value % by) + by) % by
  return (value - rest) / by
}
