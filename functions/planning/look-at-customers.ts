import { SourceGone } from '../joining/file-fault.ts'
import type { Layout } from '../lake/layout.ts'
import type { Store } from '../lake/store.ts'
import { type FileSchema, unionSchemas, widens } from '../query/bind.ts'
import type { CompiledQuery } from '../query/compiled.ts'
import type { Column, FileColumn } from '../query/types.ts'
import { isNested } from '../query/typing/operand.ts'
import { CustomersChanged, CustomersUnreadable } from '../runtime/errors.ts'
import type { PinnedFile } from './batch-plan.ts'
import { listCustomers } from './pin-customers.ts'
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

/**
 * Lists the customers files as they are now and reads their footers; while they are being replaced, the look starts again.
 * Throws CustomersChanged when that does not end, CustomersUnreadable for a file that can't be read or is not as declared.
 */
export async function lookAtCustomers(
  {
    store,
    layout,
    ignoreSparkMetadata,
  }: { readonly store: Store; readonly layout: Layout; readonly ignoreSparkMetadata: boolean },
  declared: readonly Column[] | null,
): Promise<FoundCustomers> {
  const root = layout.roots.customers
  for (let look = 1; ; look++) {
    const files = await listCustomers(store, root, ignoreSparkMetadata)
    try {
      const { rows, schemas: found } = await inspectCustomers(store, root, files)
      const schemas = found.map(schema => ({ ...schema, columns: schema.columns.map(flat) }))
      const { columns } = unionSchemas(schemas, [], () => false)
      return { files, rows, columns: asDeclared(declared, columns), schemas }
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
 * Throws CustomersUnreadable for a file in which a column that the query needs can't be read, or not as the others'. Without
 * a query every column is needed.
 */
export function checkCustomers({ schemas }: FoundCustomers, query: CompiledQuery | undefined, cause?: Error): void {
  const needed = new Set(query?.needed?.customers)
  const [misfit] = unionSchemas(schemas, [], name => !query || needed.has(name)).misfits
  if (!misfit) return
  const why = cause ? ` (${cause.message})` : ''
  throw new CustomersUnreadable(`customers file ${misfit.key}: ${misfit.reason}: repair or remove it${why}`, { cause })
}

/** Customers are needed whole: a column that is not what bronze.sql says stops the run. */
function asDeclared(declared: readonly Column[] | null, found: readonly FileColumn[]): readonly FileColumn[] {
  if (!declared) return found
  for (const { name, type } of declared) {
    const column = found.find(each => each.name.toLowerCase() === name.toLowerCase())
    if (!column || column.type === null || widens(column.type, type)) continue
    throw new CustomersUnreadable(
      `customers column ${name} is ${column.type} in the files and ${type} in bronze.sql: correct bronze.sql`,
    )
  }
  return declared.map(flat)
}

/** Values of customers are looked up, and nested ones are not kept for that. */
function flat(column: FileColumn): FileColumn {
  const { name, type } = column
  if (type === null || !isNested(type)) return column
  return { name, type: null, fault: `column ${name} is nested (${type}), and nested columns of customers are not read` }
}
