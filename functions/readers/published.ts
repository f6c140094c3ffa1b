import { BrokenLog, ObjectMissing } from '../base/errors.ts'
import { orUndefined } from '../base/or-undefined.ts'
import type { Layout } from '../lake/layout.ts'
import { sealHint, unsealHint } from '../lake/sealed.ts'
import type { Store } from '../lake/store.ts'
import type { FoldedLog } from '../log/fold.ts'
import { readCommit } from '../log/read.ts'

/** How far the catalog has come: it knows every commit up to `version`. A hint: without it, everything is published again. */
export interface Published {
  /** -1 for nothing. */
  readonly version: number
  /** The attempt of the commit at that version: it ties the hint to its log. '' for nothing. */
  readonly attempt: string
  /** ISO 8601. */
  readonly at: string
  /** Earlier entries of the last 24 h, and the last before that: vacuum asks what has been published for a day. */
  readonly history: readonly { readonly version: number; readonly at: string }[]
  /** Batches in which a query counted other rows than were committed: every run counts them again. */
  readonly miscounted: readonly string[]
  /** When the catalog was last compared with the log, ISO 8601. */
  readonly checked: string
}

const DAY = 24 * 60 * 60 * 1000
const NEVER = new Date(0).toISOString()

/** Stands in the hint for an attempt while the log is rebuilt: no log can meet it. */
export const REBUILDING = 'rebuild'

/** The hint before anything was published. */
export const UNPUBLISHED: Published = {
  version: -1,
  attempt: '',
  at: NEVER,
  history: [],
  miscounted: [],
  checked: NEVER,
}

/** The hint after more was published. */
export function nextPublished(before: Published, next: Partial<Published>, now: number): Published {
  const { history, version, at } = before
  if (next.version === undefined || next.version === version) return { ...before, ...next }
  const entries = [...history, { version, at }].filter(entry => entry.version >= 0)
  const recent = entries.filter(entry => Date.parse(entry.at) > now - DAY)
  const old = entries.filter(entry => Date.parse(entry.at) <= now - DAY).slice(-1)
  return { ...before, ...next, at: new Date(now).toISOString(), history: [...old, ...recent] }
}

/** The newest version that has been published for 24 h; -1 if none is known. */
export function publishedForADay({ history, version, at }: Published, now: number): number {
  const old = [...history, { version, at }].filter(entry => Date.parse(entry.at) <= now - DAY)
  return Math.max(-1, ...old.map(entry => entry.version))
}

/** Reads the hint; one that is not a hint, or is damaged, counts as none. */
export async function readPublished(store: Store, layout: Layout): Promise<Published> {
  const bytes = await orUndefined(store.get(layout.published), ObjectMissing)
  const hint: Partial<Published> | undefined = bytes && (await unsealHint(bytes))
  const whole = Number.isInteger(hint?.version) && typeof hint?.at === 'string'
  return whole ? { ...UNPUBLISHED, ...hint } : UNPUBLISHED
}

/** Remembers the hint. A slower run may put an older one in its place; then some partitions are published twice. */
export async function writePublished(store: Store, layout: Layout, published: Published): Promise<void> {
  await store.put(layout.published, await sealHint(published))
}

/**
 * Refuses a log that lacks the last commit that the catalog knows: it lost its end, or is another log. The hint
 * must have been read before the log. Throws BrokenLog.
 */
export async function refuseOtherLog(
  store: Store,
  layout: Layout,
  { version, attempt }: Pick<Published, 'version' | 'attempt'>,
  state: FoldedLog,
): Promise<void> {
  if (attempt === REBUILDING) throw lostLog(layout, 'a rebuild of it was cut off')
  if (version > state.version) {
    const end = state.version < 0 ? 'it has no commits' : `its last commit has version ${state.version}`
    throw lostLog(layout, `${end}, but ${layout.published} says that version ${version} was published`)
  }
  if (version < 0 || attempt === '') return
  const there = state.attemptAt(version) ?? (await readCommit(store, layout, version))?.attempt
  if (there !== attempt)
    throw lostLog(layout, `its version ${version} is not the one that ${layout.published} says was published`)
}

/** The error for a log that can't be trusted: joining again what it no longer knows would double the table. */
export function lostLog(layout: Layout, reason: string): BrokenLog {
  return new BrokenLog(
    `the log ${layout.log} is not whole: ${reason}: restore its newest copy, or npx silversmith rebuild; ` +
      "a Spark job's silver is taken over by npx silversmith takeover",
  )
}
