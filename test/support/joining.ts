import { nativeCodecs } from '../../functions/adapters/codecs.ts'
import { elementAt } from '../../functions/base/at.ts'
import { buildSnapshot } from '../../functions/engine/dimensions/build-snapshot.ts'
import { deriveSnapshot } from '../../functions/engine/dimensions/derive-snapshot.ts'
import type { OpenDimension } from '../../functions/engine/dimensions/open-dimension.ts'
import { scanFiles } from '../../functions/engine/dimensions/scan-files.ts'
import { openSnapshot } from '../../functions/engine/dimensions/snapshot.ts'
import { snapshotView } from '../../functions/engine/dimensions/snapshot-view.ts'
import { writeValues } from '../../functions/engine/dimensions/write-values.ts'
import { writeSilver } from '../../functions/engine/join/silver.ts'
import type { RowCounts, SourceFile } from '../../functions/engine/sources/source-file.ts'
import { evaluatePlan, type Scan } from '../../functions/engine/static/evaluate-plan.ts'
import { columnOf } from '../../functions/engine/static/expressions.ts'
import { valuesByRow } from '../../functions/engine/static/vector.ts'
import { makeCodecs, type NativeCodecs } from '../../functions/parquet/pages/codecs.ts'
import type { CompiledQuery } from '../../functions/sql/compiled.ts'
import { encodeLiteral } from '../../functions/sql/literal.ts'
import type { Column } from '../../functions/sql/types.ts'
import { MemoryWriter } from './memory-lake.ts'

export const codecs = makeCodecs(nativeCodecs)

/** A snapshot over customers files, as the first join of the query wants it. */
export async function customersOf(
  files: readonly SourceFile[],
  { joins }: Pick<CompiledQuery, 'joins'>,
  view: readonly Column[] = [],
): Promise<OpenDimension> {
  const { keys } = elementAt(joins, 0)
  const target = new MemoryWriter()
  await buildSnapshot({ files, view, keys, target, codecs })
  return openSnapshot(target.bytes())
}

/** The snapshots of a query's dimensions over the files of their tables. */
export async function dimensionsOf(
  { dimensions, joins }: CompiledQuery,
  files: Readonly<Record<string, readonly SourceFile[]>>,
): Promise<OpenDimension[]> {
  return await Promise.all(
    dimensions.map(async (dimension, i) => {
      const { name, table = name, columns, values, plan } = dimension
      const { keys } = elementAt(joins, i)
      const target = new MemoryWriter()
      if (plan) await deriveSnapshot({ columns, plan, keys, scan: scanOf(files), target })
      else if (values) await writeValues(columns, values, keys, target)
      else await buildSnapshot({ files: files[table] ?? [], view: snapshotView(dimension), keys, target, codecs })
      return openSnapshot(target.bytes())
    }),
  )
}

function scanOf(files: Readonly<Record<string, readonly SourceFile[]>>): Scan {
  return async (name, wanted) => await scanFiles(files[name] ?? [], wanted, wanted, codecs)
}

/** A query whose derived dimensions are the rows that they have, as if they stood in it. */
export async function withRowsOfDerived(
  query: CompiledQuery,
  files: Readonly<Record<string, readonly SourceFile[]>>,
): Promise<CompiledQuery> {
  const dimensions = query.dimensions.map(async dimension => {
    const { name, columns, plan } = dimension
    if (!plan) return dimension
    const result = await evaluatePlan(plan.root, new Set(plan.ids), scanOf(files))
    const cells = plan.ids.map(id => valuesByRow(columnOf(result, id)))
    const values = Array.from({ length: result.rows }, (_, row) =>
      cells.map((cell, i) => encodeLiteral(cell(row), columns[i]?.type ?? 'string').value),
    )
    return { name, columns, values }
  })
  return { ...query, dimensions: await Promise.all(dimensions) }
}

export interface Joined {
  readonly counts: readonly RowCounts[]
  readonly silver: Uint8Array<ArrayBuffer>
  readonly parked: Uint8Array<ArrayBuffer> | null
  readonly rejected: Uint8Array<ArrayBuffer> | null
  readonly writer: MemoryWriter
}

/** Joins sources in memory. */
export async function joined(
  query: CompiledQuery,
  dimensions: OpenDimension | readonly OpenDimension[] | null,
  sources: readonly SourceFile[],
  options: { readonly parks?: boolean; readonly native?: NativeCodecs; readonly smallRows?: number } = {},
): Promise<Joined> {
  const objects = new Map<string, Uint8Array>()
  for (const source of sources) objects.set(source.key, await source.read({ start: 0, end: source.size }))
  const silver = new MemoryWriter(objects)
  let parked: MemoryWriter | null = null
  let rejected: MemoryWriter | null = null
  const counts = await writeSilver(
    {
      query,
      dimensions: dimensions === null ? [] : [dimensions].flat(),
      sources,
      silver,
      parked: options.parks
        ? () => {
            parked = new MemoryWriter(objects)
            return parked
          }
        : null,
      rejected: () => {
        rejected = new MemoryWriter(objects)
        return rejected
      },
      metadata: rows => ({ 'silversmith.rows': JSON.stringify(rows) }),
    },
    options.native ? makeCodecs(options.native) : codecs,
    options.smallRows === undefined ? {} : { smallRows: options.smallRows },
  )
  // assigned in the closures
  const [parkedWriter, rejectedWriter] = [parked, rejected] as (MemoryWriter | null)[]
  return {
    counts,
    silver: silver.bytes(),
    parked: parkedWriter?.bytes() ?? null,
    rejected: rejectedWriter?.bytes() ?? null,
    writer: silver,
  }
}
