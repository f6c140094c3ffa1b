import { nativeCodecs } from '../../functions/adapters/codecs.ts'
import { buildSnapshot } from '../../functions/engine/customers/build-snapshot.ts'
import type { Customers } from '../../functions/engine/customers/customers.ts'
import { openSnapshot } from '../../functions/engine/customers/snapshot.ts'
import { writeSilver } from '../../functions/engine/join/silver.ts'
import type { RowCounts, SourceFile } from '../../functions/engine/sources/source-file.ts'
import { makeCodecs, type NativeCodecs } from '../../functions/parquet/pages/codecs.ts'
import type { CompiledQuery, Join } from '../../functions/sql/compiled.ts'
import type { Column } from '../../functions/sql/types.ts'
import { MemoryWriter } from './memory-lake.ts'

export const codecs = makeCodecs(nativeCodecs)

/** A snapshot over customers files, as the join of the query wants it. */
export async function customersOf(
  files: readonly SourceFile[],
  join: Join,
  view: readonly Column[] = [],
): Promise<Customers> {
  const target = new MemoryWriter()
  await buildSnapshot({ files, view, key: { expr: join.customersKey, type: join.type }, target, codecs })
  return openSnapshot(target.bytes())
}

export interface Joined {
  readonly counts: readonly RowCounts[]
  readonly silver: Uint8Array<ArrayBuffer>
  readonly parked: Uint8Array<ArrayBuffer> | null
  readonly writer: MemoryWriter
}

/** Joins sources in memory. */
export async function joined(
  query: CompiledQuery,
  customers: Customers | null,
  sources: readonly SourceFile[],
  options: { readonly parks?: boolean; readonly native?: NativeCodecs; readonly smallRows?: number } = {},
): Promise<Joined> {
  const objects = new Map<string, Uint8Array>()
  for (const source of sources) objects.set(source.key, await source.read({ start: 0, end: source.size }))
  const silver = new MemoryWriter(objects)
  let parked: MemoryWriter | null = null
  const counts = await writeSilver(
    {
      query,
      customers,
      sources,
      silver,
      parked: options.parks
        ? () => {
            parked = new MemoryWriter(objects)
            return parked
          }
        : null,
      metadata: rows => ({ 'silversmith.rows': JSON.stringify(rows) }),
    },
    options.native ? makeCodecs(options.native) : codecs,
    options.smallRows === undefined ? {} : { smallRows: options.smallRows },
  )
  const parkedWriter = parked as MemoryWriter | null // assigned in the closure
  return { counts, silver: silver.bytes(), parked: parkedWriter?.bytes() ?? null, writer: silver }
}
