import { ObjectChanged, ObjectMissing } from '../../base/errors.ts'
import { orUndefined } from '../../base/or-undefined.ts'
import { SourceGone } from '../../engine/sources/file-fault.ts'
import { bronzeSource } from '../../engine/sources/open-source.ts'
import type { Lake } from '../../lake/lake.ts'
import { type ByteSource, type Footer, readFooter } from '../../parquet/metadata/footer.ts'
import { ParquetError } from '../../parquet/metadata/parquet-error.ts'
import type { BatchCommit } from '../../protocol/commit.ts'

/** Silver files that are looked at, and the bronze files of one of them. */
const FILES = 8
const SOURCES = 16

/** Compressed bytes of a column in silver. */
export interface ColumnCost {
  readonly name: string
  readonly bytes: number
  /** How many of them are copied from bronze byte for byte; the rest was newly written. */
  readonly copied: number
}

/** What the columns of some files of a batch cost, and how many files that are. Files that are gone are skipped. */
export async function columnCosts(
  { store, layout }: Lake,
  commit: BatchCommit,
): Promise<{ readonly costs: readonly ColumnCost[]; readonly measured: number }> {
  const costs = new Map<string, { name: string; bytes: number; copied: number }>()
  let measured = 0
  for (const { key, size } of commit.silver.filter(({ rows }) => rows > 0).slice(0, FILES)) {
    const whole = `${layout.roots.silver}${commit.location}${key}`
    const silver = await footerOf({ size, read: range => store.get(whole, { range }) })
    if (!silver) continue
    measured++
    const sources = commit.bronze.filter(file => file.silver === key).slice(0, SOURCES)
    const known = new Set<string>()
    for (const source of sources) {
      const bronze = await footerOf(bronzeSource(store, source, layout.roots.reviews))
      for (const { name, marks } of bronze ? chunksOf(bronze) : []) known.add(`${name} ${marks}`)
    }
    for (const { name, marks, bytes } of chunksOf(silver)) {
      const cost = costs.get(name) ?? { name, bytes: 0, copied: 0 }
      cost.bytes += bytes
      if (known.has(`${name} ${marks}`)) cost.copied += bytes
      costs.set(name, cost)
    }
  }
  return { costs: [...costs.values()], measured }
}

function footerOf(file: ByteSource): Promise<Footer | undefined> {
  return orUndefined(readFooter(file), ObjectMissing, ObjectChanged, SourceGone, ParquetError)
}

/** The chunks of a file with the column that each belongs to, and what distinguishes it: a copy has the same marks. */
function chunksOf({ schema, rowGroups }: Footer) {
  const names = schema.children.flatMap(({ element, leaves }) => Array<string>(leaves).fill(element.name.toLowerCase()))
  return rowGroups.flatMap(({ columns }) =>
    columns.map(({ codec, values, compressed, uncompressed }, leaf) => ({
      name: names[leaf] ?? '',
      marks: [codec, values, compressed, uncompressed].join(' '),
      bytes: compressed,
    })),
  )
}
