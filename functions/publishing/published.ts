import type { Layout } from '../lake/layout.ts'
import type { Store } from '../lake/store.ts'
import { ObjectMissing } from '../runtime/errors.ts'

/** How far the catalog has been told: every commit up to `version`. A hint: without it, all is told again. */
export interface Published {
  readonly version: number
  /** ISO 8601. */
  readonly at: string
  /** Earlier entries of the last 24 h, and the last before that: vacuum asks what has been published for a day. */
  readonly history: readonly { readonly version: number; readonly at: string }[]
}

const DAY = 24 * 60 * 60 * 1000

/** The hint after the next publication. */
export function nextPublished({ history, version, at }: Published, next: number, now: number): Published {
  const entries = [...history, { version, at }].filter(entry => entry.version >= 0)
  const recent = entries.filter(entry => Date.parse(entry.at) > now - DAY)
  const before = entries.filter(entry => Date.parse(entry.at) <= now - DAY).slice(-1)
  return { version: next, at: new Date(now).toISOString(), history: [...before, ...recent] }
}

/** The newest version that has been published for 24 h; -1 if none is known. */
export function publishedForADay({ history, version, at }: Published, now: number): number {
  const old = [...history, { version, at }].filter(entry => Date.parse(entry.at) <= now - DAY)
  return Math.max(-1, ...old.map(entry => entry.version))
}

export async function readPublished(store: Store, layout: Layout): Promise<Published> {
  const nothing = { version: -1, at: new Date(0).toISOString(), history: [] }
  try {
    const hint: Partial<Published> | null = JSON.parse(new TextDecoder().decode(await store.get(layout.published)))
    const { version, at, history = [] } = hint ?? {}
    return Number.isInteger(version) && typeof at === 'string' ? { version: Number(version), at, history } : nothing
  } catch (error) {
    if (error instanceof ObjectMissing || error instanceof SyntaxError) return nothing
    throw error
  }
}

/** Remembers the hint. A slower run may put an older one in its place; then some partitions are told twice. */
export async function writePublished(store: Store, layout: Layout, published: Published): Promise<void> {
  await store.put(layout.published, new TextEncoder().encode(JSON.stringify({ format: 1, ...published })))
}
