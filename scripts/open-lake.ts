import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Executions } from '../functions/lake/claim.ts'
import { Layout } from '../functions/lake/layout.ts'
import type { Store } from '../functions/lake/store.ts'
import type { Catalog } from '../functions/publishing/catalog.ts'
import { UsageError } from './command.ts'
import { DirectoryStore } from './directory-store.ts'
import { LocalCatalog } from './local-catalog.ts'
import { localExecutions } from './process.ts'

/** A lake that a command works on. */
export interface OpenLake {
  readonly store: Store
  readonly layout: Layout
  readonly executions: Executions
  readonly catalog: Catalog
  /** How messages name it. */
  readonly name: string
  /** The directory of a lake on this machine. */
  readonly root: string
}

/** The option that names the lake. */
export const LAKE_OPTIONS = { lake: { type: 'string', default: 'lake' } } as const

/** Opens the lake in a directory. Throws UsageError where there is none. */
export function openLake({ lake }: { readonly lake: string }): OpenLake {
  const root = resolve(lake)
  const layout = new Layout()
  if (!existsSync(join(root, layout.roots.silver)) && !existsSync(join(root, layout.roots.reviews))) {
    throw new UsageError(`${lake} is no lake: it has neither ${layout.roots.reviews} nor ${layout.roots.silver}`)
  }
  const store = new DirectoryStore(root)
  const catalog = new LocalCatalog(store, layout, root)
  return { store, layout, executions: localExecutions, catalog, name: lake, root }
}
