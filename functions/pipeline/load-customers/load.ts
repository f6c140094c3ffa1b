import { CustomersChanged, CustomersUnreadable, ObjectMissing } from '../../base/errors.ts'
import { buildSnapshot } from '../../engine/customers/build-snapshot.ts'
import type { Customers } from '../../engine/customers/customers.ts'
import { openSnapshot } from '../../engine/customers/snapshot.ts'
import { snapshotView } from '../../engine/customers/snapshot-view.ts'
import { SourceGone, UnreadableFile } from '../../engine/sources/file-fault.ts'
import { bronzeSource, guardWriter } from '../../engine/sources/open-source.ts'
import type { Layout } from '../../lake/layout.ts'
import type { Store } from '../../lake/store.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import type { BatchPlan } from '../../protocol/plan.ts'

export interface LoadDependencies {
  readonly store: Store
  readonly layout: Layout
  readonly codecs: Codecs
}

export interface LoadedCustomers {
  readonly rows: number
  /** Whether the snapshot was there already. */
  readonly reused: boolean
}

/** Opens a customers snapshot. Throws CustomersUnreadable, with what to do, for one that is gone or damaged. */
export async function openCustomers(store: Store, key: string): Promise<Customers> {
  const refuse = (what: string, cause: unknown) =>
    new CustomersUnreadable(`customers snapshot ${key} ${what} start a new execution, which makes it anew`, { cause })
  const bytes = await store.get(key).catch(error => {
    throw error instanceof ObjectMissing ? refuse('was removed:', error) : error
  })
  try {
    return openSnapshot(bytes)
  } catch (error) {
    throw refuse(`is damaged (${error instanceof Error ? error.message : String(error)}): remove it, and`, error)
  }
}

/**
 * Builds the snapshot of exactly the customers files that the plan has pinned, unless it is there. Throws CustomersChanged
 * when a file is another version by now, CustomersUnreadable when it can't be read.
 */
export async function loadCustomers(plan: BatchPlan, dependencies: LoadDependencies): Promise<LoadedCustomers> {
  const { store, layout, codecs } = dependencies
  if (!plan.customers) return { rows: 0, reused: true }
  const { snapshot, files, rows, key, type } = plan.customers
  const target = layout.customers(snapshot)
  if (await store.head(target)) return { rows, reused: true }
  const writer = store.writer(target, { ifNoneMatch: '*' })
  const modified = plan.plannedAt
  const sources = files.map(file => bronzeSource(store, { ...file, modified }, layout.roots.customers))
  try {
    const view = snapshotView(plan.query)
    await buildSnapshot({ files: sources, view, key: { expr: key, type }, target: guardWriter(writer), codecs })
    const { written } = await writer.close()
    return { rows, reused: !written }
  } catch (error) {
    await writer.abort()
    if (error instanceof SourceGone) throw new CustomersChanged(error.message, { cause: error })
    if (error instanceof UnreadableFile) {
      throw new CustomersUnreadable(`customers file ${error.message}: repair or remove it`, { cause: error })
    }
    throw error
  }
}
