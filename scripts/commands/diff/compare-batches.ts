import { join } from 'node:path'
import { DirectoryStore } from '../../../functions/adapters/directory/directory-store.ts'
import { compareRows, type RowDifference } from '../../../functions/adapters/duckdb/compare-rows.ts'
import { SilverCache } from '../../../functions/adapters/duckdb/silver-cache.ts'
import { mapConcurrently } from '../../../functions/base/concurrently.ts'
import { Refusal, UsageError } from '../../../functions/base/refusal.ts'
import { suggestion } from '../../../functions/base/suggest.ts'
import type { BatchState } from '../../../functions/log/batch-state.ts'
import type { Log } from '../../../functions/log/fold.ts'
import { needCommit } from '../../../functions/log/read.ts'
import { Rehearsal, type RehearsalOptions } from '../../../functions/maintain/diff/rehearse.ts'
import { type BatchCommit, NO_ROWS, type Rows } from '../../../functions/protocol/commit.ts'
import type { CompiledQuery } from '../../../functions/sql/compiled.ts'
import type { Column } from '../../../functions/sql/types.ts'
import type { OpenLake } from '../../lakes/lake.ts'

/** What writing a batch again would change. */
export type BatchDifference = { readonly batch: string } & (
  | { readonly refused: string }
  | {
      readonly refused: null
      readonly rows: RowDifference
      /** What became of the rows that were read, in the commit of now and in the one that would be. */
      readonly counts: { readonly before: Rows; readonly after: Rows }
      /** Reviews that wait for their customer. */
      readonly waiting: { readonly before: number; readonly after: number }
      /** The table's columns behind it. */
      readonly schema: readonly Column[]
      readonly query: CompiledQuery
      /** Milliseconds that it took to join. */
      readonly milliseconds: number
    }
)

/** What to compare, and how. */
export interface DiffOptions extends RehearsalOptions {
  /** The batches in the order in which a run would write them again. */
  readonly batches: readonly string[]
  readonly key: readonly string[] | undefined
  readonly sample: number
  /** A directory outside of the lake. */
  readonly scratch: string
}

type Lake = Pick<OpenLake, 'store' | 'layout' | 'uri'> & { readonly root?: string | null }

/** Compares batches with what they would be, one after the other. Those without a file to be joined are left out. */
export async function* compareBatches(lake: Lake, log: Log, options: DiffOptions): AsyncGenerator<BatchDifference> {
  const { store, layout } = lake
  const { batches, scratch, sample } = options
  const above = join(scratch, 'lake')
  const rehearsal = await Rehearsal.begin(store, new DirectoryStore(above), log.state.version, options)
  for (const id of batches) {
    const started = performance.now()
    const rehearsed = await rehearsal.replace(id)
    const milliseconds = performance.now() - started
    if (rehearsed.outcome === 'nothing') continue
    if (rehearsed.outcome === 'refused') {
      yield { batch: id, refused: rehearsed.reason }
      continue
    }
    const { commit, query, waiting } = rehearsed
    const now = log.state.batches.get(id)
    const written = silverKeys(commit, layout.roots.silver)
    const rows = await compareRows({
      before: now ? await filesOf(lake, now) : [],
      after: written.map(key => join(above, key)),
      columns: commit.schema,
      key: knownKey(options.key, commit.schema),
      sample,
      scratch: join(scratch, 'duckdb'),
    })
    for (const key of written) await rehearsal.store.delete(key)
    const counts = { before: now ? await countsAt(lake, now) : NO_ROWS, after: commit.rows }
    yield { batch: id, refused: null, rows, counts, waiting, schema: commit.schema, query, milliseconds }
  }
}

function silverKeys({ silver, location }: Pick<BatchCommit, 'silver' | 'location'>, root: string): string[] {
  return silver.map(({ key }) => `${root}${location}${key}`)
}

/** The batch's silver files as they are, on this machine. Throws Refusal for one that is gone. */
async function filesOf({ store, layout, uri, root = null }: Lake, batch: BatchState): Promise<readonly string[]> {
  const objects = await mapConcurrently(silverKeys(batch, layout.roots.silver), CONCURRENCY, async key => {
    const info = await store.head(key)
    if (info) return info
    throw new Refusal(
      `committed silver is gone: ${key}: restore it, or write batch ${batch.batch} again by backfill --reprocess, which brings it back`,
    )
  })
  if (root !== null) return objects.map(({ key }) => join(root, key))
  return new SilverCache().fetch(store, { uri, folder: layout.roots.silver }, objects)
}

/** Objects looked at side by side. */
const CONCURRENCY = 32

async function countsAt({ store, layout }: Lake, { version }: BatchState): Promise<Rows> {
  const commit = await needCommit(store, layout, version)
  return commit.operation === 'abandon' ? NO_ROWS : commit.rows
}

/** The key's columns as the table writes them. Throws UsageError for one that it does not have. */
function knownKey(key: readonly string[] | undefined, columns: readonly Column[]): readonly string[] | undefined {
  return key?.map(name => {
    const found = columns.find(column => column.name.toLowerCase() === name.toLowerCase())
    if (found) return found.name
    const names = columns.map(column => column.name)
    throw new UsageError(`--key ${name}: silver.reviews has no such column${suggestion(name, names)}`)
  })
}
