import type { Layout } from '../lake/layout.ts'
import type { Store } from '../lake/store.ts'
import { ObjectMissing } from '../runtime/errors.ts'

/** How far the catalog has been told: every commit up to `version`. A hint: without it, all is told again. */
export interface Published {
  readonly version: number
  /** ISO 8601. */
  readonly at: string
}

export async function readPublished(store: Store, layout: Layout): Promise<Published> {
  const nothing = { version: -1, at: new Date(0).toISOString() }
  try {
    const hint: Partial<Published> | null = JSON.parse(new TextDecoder().decode(await store.get(layout.published)))
    const { version, at } = hint ?? {}
    return Number.isInteger(version) && typeof at === 'string' ? { version: Number(version), at } : nothing
  } catch (error) {
    if (error instanceof ObjectMissing || error instanceof SyntaxError) return nothing
    throw error
  }
}

/** Remembers the hint. A slower run may put an older one in its place; then some partitions are told twice. */
export async function writePublished(store: Store, layout: Layout, published: Published): Promise<void> {
  await store.put(layout.published, new TextEncoder().encode(JSON.stringify({ format: 1, ...published })))
}
