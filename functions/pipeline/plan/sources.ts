import { mapConcurrently } from '../../base/concurrently.ts'
import { DimensionUnreadable } from '../../base/errors.ts'
import { blaming, FileFault, UnreadableFile } from '../../engine/sources/file-fault.ts'
import { bronzeSource, parkedSource } from '../../engine/sources/open-source.ts'
import { PROVENANCE, type SourceFile } from '../../engine/sources/source-file.ts'
import type { Store } from '../../lake/store.ts'
import { columnsOf, readFooter } from '../../parquet/metadata/footer.ts'
import type { BronzeInput, PinnedFile } from '../../protocol/plan.ts'
import type { FileSchema } from '../../sql/schema/bind.ts'
import type { DimensionTable } from './views.ts'

/** Footers read at once. */
const CONCURRENCY = 32

/** What the footer of a file says. */
export type InspectedFile = FileSchema & { readonly rows: number }

/** What the footers of some files say. */
export interface Inspected {
  readonly schemas: readonly InspectedFile[]
  readonly rows: number
}

/** Reads the footers of a batch's files. One that can't be read is left to Join, which quarantines or defers it. */
export async function inspectReviews(
  store: Store,
  root: string,
  bronze: readonly BronzeInput[],
  parked: readonly PinnedFile[],
): Promise<Inspected & { readonly faults: readonly FileFault[] }> {
  const provenance = new Set<string>(PROVENANCE.map(({ name }) => name))
  const sources = [
    ...bronze.map(file => bronzeSource(store, file, root)),
    ...parked.map(file => parkedSource(store, file, [])),
  ]
  const faults: FileFault[] = []
  const inspected = await mapConcurrently(sources, CONCURRENCY, async source => {
    try {
      const schema = await inspect(source)
      return source.parked ? { ...schema, columns: schema.columns.filter(({ name }) => !provenance.has(name)) } : schema
    } catch (error) {
      if (!(error instanceof FileFault)) throw error
      faults.push(error)
      return undefined
    }
  })
  return { ...sum(inspected.filter(each => each !== undefined)), faults }
}

/** Reads the footers of a table's files, every one of which is needed. Throws DimensionUnreadable. */
export async function inspectDimension(
  store: Store,
  { name, root }: DimensionTable,
  files: readonly PinnedFile[],
): Promise<Inspected> {
  const inspected = await mapConcurrently(files, CONCURRENCY, async file => {
    try {
      return await inspect(bronzeSource(store, { ...file, modified: new Date(0).toISOString() }, root))
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error
      throw new DimensionUnreadable(`${name} file ${error.key} can't be read: ${error.reason}: repair or remove it`, {
        cause: error,
      })
    }
  })
  return sum(inspected)
}

async function inspect(source: SourceFile): Promise<InspectedFile> {
  return await blaming(source.key, async () => {
    const footer = await readFooter(source)
    return { key: source.key, columns: columnsOf(footer), path: source.path, rows: footer.rows }
  })
}

function sum(inspected: readonly InspectedFile[]): Inspected {
  return { schemas: inspected, rows: inspected.reduce((total, { rows }) => total + rows, 0) }
}
