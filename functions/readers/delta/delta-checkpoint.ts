import type { SchemaElement } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { FoldedLog } from '../../log/fold.ts'
import { metadataAction, PROTOCOL } from './delta-table.ts'
import { addAction, type DeltaHead, filesOf } from './delta-version.ts'

/** A checkpoint, and what `_last_checkpoint` says of it. */
export interface DeltaCheckpoint {
  readonly parquet: Uint8Array<ArrayBuffer>
  readonly last: Uint8Array<ArrayBuffer>
}

/**
 * The table as of the version at `head` in one Parquet file, a function of the log folded up to the same version
 * (PROTOCOL.md, "Checkpoints": single-file, classic). It has no tombstones: only VACUUM would read them, and refuses.
 */
export function makeCheckpoint({ batches, schema, comment }: FoldedLog, head: DeltaHead): DeltaCheckpoint {
  const { version, table: id, created } = head
  const bounded = head.bounded ?? []
  const batchesInOrder = [...batches.values()].sort((a, b) => a.version - b.version)
  const adds = batchesInOrder.flatMap(filesOf).map(file => ({
    ...addAction(file, bounded, false),
    partitionValues: entries(file.partitionValues),
    size: BigInt(file.size),
    modificationTime: BigInt(file.modificationTime),
  }))
  const { configuration, createdTime, ...metaData } = metadataAction({ id, created, columns: schema, comment, bounded })
  const nothing = adds.map(() => null)
  const columns = {
    protocol: [{ ...PROTOCOL, readerFeatures: null }, null, ...nothing],
    metaData: [
      null,
      {
        description: null,
        ...metaData,
        format: { provider: 'parquet', options: [] },
        configuration: entries(configuration),
        createdTime: BigInt(createdTime),
      },
      ...nothing,
    ],
    add: [null, null, ...adds],
  }
  const parquet = parquetWriteBuffer({
    schema: SCHEMA,
    columnData: Object.entries(columns).map(([name, data]) => ({ name, data })),
    statistics: false,
    createdBy: 'silversmith',
  })
  const last = { version, size: adds.length + 2, sizeInBytes: parquet.byteLength, numOfAddFiles: adds.length }
  return { parquet: new Uint8Array(parquet), last: new TextEncoder().encode(JSON.stringify(last)) }
}

function entries(map: Readonly<Record<string, string>>) {
  return Object.entries(map).map(([key, value]) => ({ key, value }))
}

/** PROTOCOL.md, "Checkpoint Schema". */
const SCHEMA: SchemaElement[] = [
  { name: 'root', num_children: 3 },
  ...group('protocol', [
    leaf('minReaderVersion', 'INT32'),
    leaf('minWriterVersion', 'INT32'),
    list('readerFeatures'),
    list('writerFeatures'),
  ]),
  ...group('metaData', [
    ...[text('id'), text('name'), text('description')],
    group('format', [text('provider'), map('options')]),
    ...[text('schemaString'), list('partitionColumns'), map('configuration'), leaf('createdTime', 'INT64')],
  ]),
  ...group('add', [
    ...[text('path'), map('partitionValues'), leaf('size', 'INT64'), leaf('modificationTime', 'INT64')],
    ...[leaf('dataChange', 'BOOLEAN'), text('stats')],
  ]),
]

function group(name: string, children: SchemaElement[][], more: Partial<SchemaElement> = {}): SchemaElement[] {
  return [{ name, repetition_type: 'OPTIONAL', num_children: children.length, ...more }, ...children.flat()]
}

function leaf(name: string, type: 'BOOLEAN' | 'INT32' | 'INT64'): SchemaElement[] {
  return [{ name, type, repetition_type: 'OPTIONAL' }]
}

function text(name: string, repetition: 'OPTIONAL' | 'REQUIRED' = 'OPTIONAL'): SchemaElement[] {
  return [{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: repetition }]
}

function list(name: string): SchemaElement[] {
  return group(name, [group('list', [text('element')], { repetition_type: 'REPEATED' })], { converted_type: 'LIST' })
}

function map(name: string): SchemaElement[] {
  const entry = group('key_value', [text('key', 'REQUIRED'), text('value')], { repetition_type: 'REPEATED' })
  return group(name, [entry], { converted_type: 'MAP' })
}
