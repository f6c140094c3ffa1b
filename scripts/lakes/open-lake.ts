import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { localExecutions } from '../../functions/adapters/directory/process.ts'
import { catalogKey } from '../../functions/adapters/duckdb/local-catalog.ts'
import { UsageError } from '../../functions/base/refusal.ts'
import { isData } from '../../functions/lake/keys.ts'
import { Layout } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import { readLog } from '../../functions/log/read.ts'
import { userPath } from '../command-line/caller.ts'
import { answersOf } from './answers.ts'
import type { LakeOptions, LocalLake } from './lake.ts'
import { type LakePlace, openPlace } from './lake-place.ts'
import { type LakeRecord, readRecord, withOptions } from './lake-record.ts'
import { mountBronze } from './open-store.ts'
import { openTable } from './open-table.ts'
import type { StageLake } from './stage/open-stage.ts'

/** The option that names a lake on this machine. */
export const LAKE_OPTIONS = {
  lake: {
    type: 'string',
    value: 'DIR|s3://…',
    help: "the lake's directory, or its place in a bucket; default: ./lake in the current directory",
  },
  reviews: {
    type: 'string',
    value: 'DIR|s3://…',
    help: 'where the review files are, if not in the lake; the lake remembers it',
  },
  customers: { type: 'string', value: 'DIR|s3://…', help: 'the same for the customers' },
  athena: {
    type: 'string',
    value: 'WORKGROUP/DATABASE',
    help: 'for a lake on S3: publish to this table in Athena (default: reviews), and query it there',
  },
} as const

/** The options that name a lake, wherever it is. */
export const ANY_LAKE_OPTIONS = {
  ...LAKE_OPTIONS,
  stage: { type: 'string', value: 'NAME', help: 'the lake of a deployed stage, instead of --lake' },
} as const

/** The demo's lake, and what is meant where no other is named. */
const DEMO = 'lake'

/** The directory that `--lake` means. Throws UsageError for one in whose path queries would see a partition. */
export function lakeDirectory(named: string | undefined): string {
  const root = named === undefined ? resolve(DEMO) : userPath(named)
  const [, segment] = /[/\\]((?:ingest_date|batch)=[^/\\]*)/.exec(root) ?? []
  if (segment === undefined) return root
  throw new UsageError(
    `a lake can't lie below ${segment}, which queries would take for its partition: rename or move it`,
  )
}

/**
 * Opens the lake in a directory or on S3. Throws UsageError where there is none, and what `openPlace` throws: before anything
 * is written.
 */
export async function openLake(options: LakeOptions): Promise<LocalLake> {
  const { lake } = options
  const place = await openPlace(lake ?? resolve(DEMO), '--lake')
  const layout = new Layout()
  const name = lake ?? DEMO
  const known = await readRecord(place.store, layout)
  const record = withOptions(known, options)
  if (record.athena !== null && place.root !== null) {
    throw new UsageError("--athena is for a lake on S3: Athena can't read a directory")
  }
  await refuseChange(place.store, layout, known, record, name)
  await refuseEmpty(options.customers, layout.roots.customers)
  const store = await mountBronze(place.store, layout, record)
  await refuseNothing({ ...place, store }, layout, record, lake)
  if (place.root === null && known === undefined && record.athena === null) {
    await refuseStage(place.store, layout, name)
  }
  const table = await openTable({ ...place, store }, layout, record)
  const { uri, sparkUri, root } = place
  const answer = answersOf(table, { store, layout, root, uri, name, options })
  return {
    store,
    layout,
    executions: localExecutions,
    catalog: table.catalog,
    name,
    uri,
    sparkUri,
    root,
    record,
    options,
    ...answer,
  }
}

/**
 * Refuses to change where the reviews lie once something is committed, because commits name them by keys that mean that
 * place, and to hide those that the lake has. Customers are read again by each run, and may move. Throws UsageError.
 */
async function refuseChange(
  store: Store,
  layout: Layout,
  known: LakeRecord | undefined,
  { reviews }: LakeRecord,
  name: string,
): Promise<void> {
  const before = known?.reviews ?? null
  if (reviews === before) return
  const root = layout.roots.reviews
  for await (const { key } of store.list(root)) {
    if (!isData(key, root)) continue
    throw new UsageError(`${name} has ${root} of its own: leave --reviews out, or move it away`)
  }
  if ((await readLog(store, layout)).state.version < 0) return
  const what = before === null ? 'without --reviews' : `with --reviews ${before}`
  throw new UsageError(`${name} was begun ${what}, which can't change: leave it out, or begin another lake`)
}

/** Refuses a place of customers that holds none, before a run remembers it. Throws UsageError. */
async function refuseEmpty(customers: string | undefined, root: string): Promise<void> {
  if (customers === undefined) return
  const { store, uri } = await openPlace(customers, '--customers')
  for await (const { key } of store.list('')) if (isData(root + key, root)) return
  throw new UsageError(`--customers ${customers}: there are no Parquet files under ${uri}`)
}

/** Refuses a place in which there is neither bronze nor silver, and says where it was looked for. */
async function refuseNothing(
  { store, root, uri }: LakePlace,
  layout: Layout,
  { reviews }: LakeRecord,
  lake: string | undefined,
): Promise<void> {
  const roots = [layout.roots.reviews, layout.roots.silver]
  for (const each of roots) {
    if (root !== null && existsSync(join(root, each))) return
    for await (const _ of store.list(each)) return
  }
  if (root === null || reviews !== null) {
    const bronze = reviews ?? `${uri}${layout.roots.reviews}`
    throw new UsageError(
      `${lake ?? DEMO} is not a lake yet: there is nothing under ${bronze} or ${uri}${layout.roots.silver}: put review files (Parquet) ` +
        `under the first${reviews === null ? ', or say where they lie by --reviews s3://…' : ', or check --reviews'}`,
    )
  }
  const hint = lake === undefined ? 'write npx silversmith run first, or name another with --lake' : 'check --lake'
  if (!existsSync(root)) throw new UsageError(`there is no lake ${lake ?? DEMO}: ${hint}`)
  const missing = `it has neither ${layout.roots.reviews} nor ${layout.roots.silver}`
  throw new UsageError(`${lake ?? DEMO} is not a lake: ${missing}: ${hint}`)
}

/** Refuses a bucket whose readers were told by Athena: what this process tells nobody would see. */
async function refuseStage(store: Store, layout: Layout, name: string): Promise<void> {
  if (!(await store.head(layout.published)) || (await store.head(catalogKey(layout)))) return
  throw new UsageError(
    `${name} is the lake of a deployed stage, or its catalogue is in Athena: name it by --stage NAME, or add --athena WORKGROUP/DATABASE`,
  )
}

/** Opens the lake that `--stage` or `--lake` names. */
export async function openAnyLake(
  values: LakeOptions & { readonly stage?: string | undefined },
): Promise<LocalLake | StageLake> {
  if (values.stage === undefined) return openLake(values)
  if (values.lake !== undefined) throw new UsageError('--lake and --stage name two lakes: leave one of them out')
  const other = (['reviews', 'customers', 'athena'] as const).find(option => values[option] !== undefined)
  if (other) throw new UsageError(`--${other} is for --lake: a stage has the places it was deployed with`)
  const { openStage } = await import('./stage/open-stage.ts') // with the SDK
  return openStage(values.stage)
}
