import { mapConcurrently } from '../../base/concurrently.ts'
import { CustomersChanged, CustomersUnreadable } from '../../base/errors.ts'
import { SourceGone } from '../../engine/sources/file-fault.ts'
import type { Layout } from '../../lake/layout.ts'
import type { Store } from '../../lake/store.ts'
import { isSameVersion, pinVersions } from '../../lake/versions.ts'
import type { FoldedLog } from '../../log/fold.ts'
import { readCommit } from '../../log/read.ts'
import type { PinnedFile } from '../../protocol/plan.ts'
import { type FileSchema, pathValue, unionSchemas, widens } from '../../sql/schema/bind.ts'
import { printType } from '../../sql/type-text.ts'
import type { Column, FileColumn } from '../../sql/types.ts'
import { listCustomers } from './pin-dimensions.ts'
import { inspectCustomers } from './sources.ts'

/** The customers as a run takes them. */
export interface FoundCustomers {
  readonly files: readonly PinnedFile[]
  /** Rows of all files, as their footers say. */
  readonly rows: number
  /** None where there are no files and bronze.sql declares nothing. */
  readonly columns: readonly FileColumn[]
  /** What each file has. */
  readonly schemas: readonly FileSchema[]
}

/** How often the customers are looked at when they are replaced under the look. */
const LOOKS = 5
/** Files compared side by side. */
const CONCURRENCY = 8

/**
 * Lists the customers files as they are now and reads their footers; while they are being replaced, the look starts again.
 * Throws CustomersChanged when that does not end, CustomersUnreadable for a file that can't be read or is not as declared.
 */
export async function lookAtCustomers(
  {
    store,
    layout,
    state,
    ignoreSparkMetadata,
  }: {
    readonly store: Store
    readonly layout: Layout
    readonly state: Pick<FoldedLog, 'version'>
    readonly ignoreSparkMetadata: boolean
  },
  declared: readonly Column[] | null,
): Promise<FoundCustomers> {
  const root = layout.roots.customers
  for (let look = 1; ; look++) {
    const files = await asKnown(await listCustomers(store, root, ignoreSparkMetadata), store, layout, state)
    try {
      const { rows, schemas } = await inspectCustomers(store, root, files)
      const { columns } = unionSchemas(schemas, [], () => false)
      return { files, rows, columns: declared ? asDeclared(declared, schemas) : columns, schemas }
    } catch (error) {
      if (!(error instanceof SourceGone)) throw error
      if (look < LOOKS) continue
      throw new CustomersChanged(`customers file ${error.key} was replaced while it was read: run again`, {
        cause: error,
      })
    }
  }
}

/**
 * Files under the etags that the last commit knows them by, where those still mean the same: then the customers are the same,
 * though a directory's times and inodes are others, as in a copied lake. The others get a checksum for the log.
 */
async function asKnown(
  files: readonly PinnedFile[],
  store: Store,
  layout: Layout,
  { version }: Pick<FoldedLog, 'version'>,
): Promise<readonly PinnedFile[]> {
  if (!store.isSame) return files
  const commit = version < 0 ? undefined : await readCommit(store, layout, version)
  const customers = commit && 'customers' in commit ? (commit.customers?.files ?? []) : []
  const known = new Map(customers.map(({ key, etag }) => [key, etag]))
  const asBefore = await mapConcurrently(files, CONCURRENCY, async file => {
    const etag = known.get(file.key)
    return etag !== undefined && (await isSameVersion(store, file.key, etag, file.etag)) ? { ...file, etag } : undefined
  })
  const pinned = await pinVersions(
    store,
    files.filter((_, i) => !asBefore[i]),
  )
  const byKey = new Map(pinned.map(file => [file.key, file]))
  return files.map((file, i) => asBefore[i] ?? byKey.get(file.key) ?? file)
}

/**
 * Throws CustomersUnreadable for a file in which a column that is needed can't be read, or not as the others'; every
 * column if that is not said.
 */
export function checkCustomers(
  { schemas }: FoundCustomers,
  needed: readonly string[] | undefined,
  cause?: Error,
): void {
  const names = needed && new Set(needed)
  const [misfit] = unionSchemas(schemas, [], name => names?.has(name) ?? true).misfits
  if (!misfit) return
  const why = cause ? ` (${cause.message})` : ''
  throw new CustomersUnreadable(`customers file ${misfit.key}: ${misfit.reason}: repair or remove it${why}`, { cause })
}

/** Customers are needed whole: a file with a column that is not what bronze.sql says stops the run. */
function asDeclared(declared: readonly Column[], schemas: readonly FileSchema[]): readonly FileColumn[] {
  for (const { name, type } of declared) {
    for (const { key, columns, path } of schemas) {
      const segment = Object.entries(path).find(([each]) => each.toLowerCase() === name.toLowerCase())
      if (segment && pathValue(segment[1], type) === undefined) {
        throw new CustomersUnreadable(
          `customers file ${key}: the path has ${segment[0]}=${segment[1]}, which is no ${printType(type)} as in bronze.sql: correct one of them`,
        )
      }
      if (segment) continue
      const column = columns.find(each => each.name.toLowerCase() === name.toLowerCase())
      if (!column || column.type === null || widens(column.type, type)) continue
      throw new CustomersUnreadable(
        `customers file ${key}: column ${name} is ${printType(column.type)}, and ${printType(type)} in bronze.sql: correct one of them`,
      )
    }
  }
  return declared
}
