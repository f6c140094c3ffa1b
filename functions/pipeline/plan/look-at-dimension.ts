import { begun, mapConcurrently } from '../../base/concurrently.ts'
import { DimensionChanged, DimensionUnreadable } from '../../base/errors.ts'
import { SourceGone } from '../../engine/sources/file-fault.ts'
import { isData } from '../../lake/keys.ts'
import type { Lake } from '../../lake/lake.ts'
import { readCommitted } from '../../lake/read-spark-sink.ts'
import type { Store } from '../../lake/store.ts'
import { isSameVersion, pinVersions } from '../../lake/versions.ts'
import type { FoldedLog } from '../../log/fold.ts'
import { readCommit } from '../../log/read.ts'
import type { PinnedFile } from '../../protocol/plan.ts'
import { type FileSchema, pathValue, unionSchemas, widens } from '../../sql/schema/bind.ts'
import { printType } from '../../sql/type-text.ts'
import type { FileColumn } from '../../sql/types.ts'
import { inspectDimension } from './sources.ts'
import type { DimensionTable } from './views.ts'

/** A static table as a run takes it. */
export interface FoundTable extends DimensionTable {
  readonly files: readonly PinnedFile[]
  /** Rows of all files, as their footers say. */
  readonly rows: number
  /** None where there are no files and bronze.sql declares nothing. */
  readonly columns: readonly FileColumn[]
  /** What each file has. */
  readonly schemas: readonly FileSchema[]
}

/** How often a table that is being replaced is looked at. */
const LOOKS = 5
/** Files compared side by side. */
const CONCURRENCY = 8

/**
 * Lists the files of a table as they are now and reads their footers; while they are being replaced, the look starts
 * again. Throws DimensionChanged when that does not end, DimensionUnreadable for a file that can't be read or is not as
 * declared.
 */
export async function lookAtTable(
  table: DimensionTable,
  context: Lake & { readonly state: Pick<FoldedLog, 'version'>; readonly ignoreSparkMetadata: boolean },
): Promise<FoundTable> {
  const { name, root, declared } = table
  const { store, state, ignoreSparkMetadata } = context
  for (let look = 1; ; look++) {
    const files = await asKnown(await listTable(store, root, ignoreSparkMetadata), context, state)
    try {
      const { rows, schemas } = await inspectDimension(store, table, files)
      const { columns } = unionSchemas(schemas, [], () => false)
      if (declared) checkDeclared(table, schemas)
      return { ...table, files, rows, columns: declared ?? columns, schemas }
    } catch (error) {
      if (!(error instanceof SourceGone)) throw error
      if (look < LOOKS) continue
      throw new DimensionChanged(`${name} file ${error.key} was replaced while it was read: run again`, {
        cause: error,
      })
    }
  }
}

/** Lists the files of a table as they are now; in a directory that Spark's file sink has written, only those that it has committed. */
async function listTable(store: Store, root: string, ignoreSparkMetadata: boolean): Promise<PinnedFile[]> {
  const listing = begun(store.list(root))
  const isCommitted = ignoreSparkMetadata ? null : await readCommitted(store, root)
  const files: PinnedFile[] = []
  for await (const { key, etag, size } of listing) {
    if (isData(key, root) && (isCommitted?.(key) ?? true)) files.push({ key, etag, size })
  }
  return files
}

/** A table that the query does not name is not looked at. */
export function unread(table: DimensionTable): FoundTable {
  return { ...table, files: [], rows: 0, columns: table.declared ?? [], schemas: [] }
}

/**
 * Files under the etags that the last commit knows them by, where those still mean the same: then the table is the same,
 * though a directory's times and inodes differ, as in a copied lake. The others get a checksum for the log.
 */
async function asKnown(
  files: readonly PinnedFile[],
  { store, layout }: Lake,
  { version }: Pick<FoldedLog, 'version'>,
): Promise<readonly PinnedFile[]> {
  if (!store.isSame) return files
  const commit = version < 0 ? undefined : await readCommit(store, layout, version)
  const joined = commit && 'customers' in commit ? [commit.customers, ...(commit.dimensions ?? [])] : []
  const known = new Map(joined.flatMap(each => each?.files ?? []).map(({ key, etag }) => [key, etag]))
  const asBefore = await mapConcurrently(files, CONCURRENCY, async file => {
    const etag = known.get(file.key)
    return etag !== undefined && (await isSameVersion(store, file.key, etag, file.etag)) ? { ...file, etag } : undefined
  })
  const others = files.filter((_, i) => !asBefore[i])
  const pinned = await pinVersions(store, others)
  const byKey = new Map(pinned.map(file => [file.key, file]))
  return files.map((file, i) => asBefore[i] ?? byKey.get(file.key) ?? file)
}

/**
 * Throws DimensionUnreadable for a file in which a column that is needed can't be read, or not as the others'; every
 * column if none are named.
 */
export function checkTable({ name, schemas }: FoundTable, needed: readonly string[] | undefined, cause?: Error): void {
  const names = needed && new Set(needed)
  const [misfit] = unionSchemas(schemas, [], column => names?.has(column) ?? true).misfits
  if (!misfit) return
  const why = cause ? ` (${cause.message})` : ''
  throw new DimensionUnreadable(`${name} file ${misfit.key}: ${misfit.reason}: repair or remove it${why}`, { cause })
}

/** Dimensions are needed whole: a file with a column that is not what bronze.sql says stops the run. */
function checkDeclared({ name: table, declared }: DimensionTable, schemas: readonly FileSchema[]): void {
  for (const { name, type } of declared ?? []) {
    for (const { key, columns, path } of schemas) {
      const segment = Object.entries(path).find(([each]) => each.toLowerCase() === name.toLowerCase())
      if (segment && pathValue(segment[1], type) === undefined) {
        throw new DimensionUnreadable(
          `${table} file ${key}: the path has ${segment[0]}=${segment[1]}, which is not ${printType(type)} as in bronze.sql: correct one of them`,
        )
      }
      if (segment) continue
      const column = columns.find(each => each.name.toLowerCase() === name.toLowerCase())
      if (!column || column.type === null || widens(column.type, type)) continue
      throw new DimensionUnreadable(
        `${table} file ${key}: column ${name} is ${printType(column.type)}, but ${printType(type)} in bronze.sql: correct one of them`,
      )
    }
  }
}
