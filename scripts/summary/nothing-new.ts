import { many } from '../../functions/base/text.ts'
import { isData } from '../../functions/lake/keys.ts'
import type { Layout } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import type { Log } from '../../functions/log/fold.ts'
import type { ExecutionInput } from '../../functions/protocol/input.ts'

/** Why a run may have found nothing that is new. */
export interface NothingNew {
  readonly input: ExecutionInput
  /** The place where reviews are looked for, as messages name it. */
  readonly place: string
  /** Whether there is any review file at all, and any under the input's prefix. */
  readonly reviews: boolean
  readonly prefixed: boolean
  /** Files in quarantine that are still there. */
  readonly quarantined: number
}

/** The options that advice is given with, each with a space before it. */
export interface Again {
  /** Those that name the lake. */
  readonly lake: string
  /** Those of a backfill that joins as this command does. */
  readonly where: string
}

/** Looks for what may have been expected of a run that found nothing. `uri` is the lake's, or its directory. */
export async function lookAround(
  {
    store,
    layout,
    uri,
    record,
  }: {
    readonly store: Store
    readonly layout: Layout
    readonly uri: string
    /** Where its reviews lie, if not in it. */
    readonly record?: { readonly reviews: string | null }
  },
  log: Log,
  input: ExecutionInput,
): Promise<NothingNew> {
  const { reviews: root } = layout.roots
  const reviews = await hasData(store, root, root)
  const prefixed = input.prefix === undefined ? reviews : await hasData(store, input.prefix, root)
  let quarantined = 0
  for await (const { key, reason } of log.bronze()) {
    if (reason !== undefined && (await store.head(key))) quarantined++
  }
  return { input, place: record?.reviews ?? `${uri.replace(/\/?$/, '/')}${root}`, reviews, prefixed, quarantined }
}

async function hasData(store: Store, prefix: string, root: string): Promise<boolean> {
  for await (const { key } of store.list(prefix)) if (isData(key, root)) return true
  return false
}

/** Says why nothing is new, and how files in quarantine are tried again. */
export function nothingLines(nothing: NothingNew, { lake, where }: Again): string[] {
  const { input, quarantined } = nothing
  const lines = [`nothing new: ${because(nothing)}, and nothing was written`]
  if (quarantined > 0 && !input.reprocess) {
    const again = `npx silversmith backfill${where} --quarantined`
    const files = `${many(quarantined, 'file')} in quarantine, which npx silversmith status${lake} names`
    lines.push(`${files}: a file that is repaired is taken by the next run; to try all of them as they are: ${again}`)
  }
  return lines
}

function because({ input, place, reviews, prefixed, quarantined }: NothingNew): string {
  const { prefix, modifiedFrom, modifiedTo, reprocess } = input
  if (!reviews) return `there are no Parquet files under ${place}`
  if (!prefixed) return `no Parquet file has the prefix ${prefix}`
  if (reprocess) return 'no batch holds files of this kind'
  if (input.quarantined) return quarantined > 0 ? 'no file in quarantine is wanted' : 'no file is in quarantine'
  if (modifiedFrom !== undefined || modifiedTo !== undefined) return 'no new file was written in that time'
  const others = quarantined > 0 ? 'every other bronze file' : 'every bronze file'
  return `${others}${prefix === undefined || place.endsWith(prefix) ? '' : ' of that prefix'} is in silver`
}
