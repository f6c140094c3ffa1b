import { PROLEPTIC } from '../../parquet/metadata/legacy-calendar.ts'
import { checkRowLimit } from '../../parquet/metadata/read-limits.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import { FileWriter } from '../../parquet/pages/file-writer.ts'
import { blaming } from '../sources/file-fault.ts'
import type { RowCounts } from '../sources/source-file.ts'
import { appendColumns, canAppend } from './append.ts'
import { copyRowGroup } from './copy-row-group.ts'
import type { GroupReader } from './group-reader.ts'
import { addCounts, NO_COUNTS } from './join-rows.ts'
import { JoinedGroup } from './joined-group.ts'
import type { JoinedRows } from './output-rows.ts'
import { UNTIMED } from './phases.ts'
import type { SilverRequest } from './request.ts'
import { RowGroupMerger, rewriteRowGroup } from './row-group-writer.ts'
import { groupReaders, type Run, type WaitingGroup } from './run.ts'
import { SideFile } from './side-file.ts'
import { planParked, planRejected, planSilver } from './silver-plan.ts'
import { type JoinSource, openSources } from './source.ts'
import { verifyCopied } from './verify-pages.ts'

/** Row groups that keep fewer rows than this are merged with those before and after them (docs/performance.md). */
const SMALL_ROWS = 25_000

/** Rows whose customers are kept in memory until it is known whether all rows of the file stay. */
const KEPT_ROWS = 1_000_000

export interface WriteOptions {
  readonly smallRows?: number
  /** Whether to decode pages that are only copied. Those of small row groups always are: with other files they'd be merged. */
  readonly verifyPages?: boolean
}

/**
 * Joins the sources into one silver file, parks the rows that a dimension lacks, and keeps those that rules drop. Each row
 * group takes the cheapest path that its result allows: its bytes are copied, or its columns are, or its rows are
 * rewritten. Returns the counts of each source.
 *
 * Writes everything but closes no file. Throws UnreadableFile for a bad source, whatever was written by then; what the
 * store throws passes through.
 */
export async function writeSilver(
  request: SilverRequest,
  codecs: Codecs,
  { smallRows = SMALL_ROWS, verifyPages = false }: WriteOptions = {},
): Promise<readonly RowCounts[]> {
  const { query, sources: files } = request
  const { phases = UNTIMED } = request
  const sources = await phases.during('read', () => openSources(files, query))
  for (const source of sources) await guarded(source, async () => checkRowLimit(source.open.footer, codecs.limits))
  const only = sources.length === 1 ? sources[0] : undefined
  const columns = await guarded(only, async () => planSilver(query, sources))
  const written = columns.map(({ column }) => column)
  const silver = new FileWriter(request.silver, written)
  const { parked, rejected } = request
  const parking =
    parked && query.joins.some(({ kind }) => kind === 'inner')
      ? new SideFile(parked, () => planParked(query, sources), codecs)
      : null
  const rejecting = rejected && query.rules ? new SideFile(rejected, () => planRejected(query, sources), codecs) : null
  const run: Run = { request, codecs, columns, silver, parking, rejecting, smallRows, verifyPages, phases }
  const counts = await writeRows(run, sources)
  await phases.during('write', () => silver.finish({ ...PROLEPTIC, ...request.metadata(counts) }))
  await parking?.finish()
  await rejecting?.finish()
  return counts
}

/** Takes the append path if the only source allows it; otherwise goes row group by row group. */
async function writeRows(run: Run, sources: readonly JoinSource[]): Promise<RowCounts[]> {
  const [only] = sources
  if (sources.length !== 1 || !only || !canAppend(run, only)) return await writeGroups(run, sources)
  // Whether all rows stay is only known once all keys are looked up. Until then four bytes per row are kept, for as many
  // rows as a worker has room for; the row groups after those are joined a second time.
  const joined: WaitingGroup[] = []
  let counts = NO_COUNTS
  let keptRows = 0
  const whole = await guarded(only, async () => {
    for (const reader of groupReaders(only, run.codecs, 0, run.phases)) {
      const group = await joinGroup(run, reader)
      const { isWhole } = group
      keptRows += reader.group.rows
      joined.push(keptRows > KEPT_ROWS && isWhole ? joinedAgain(run, reader) : joinedAlready(group))
      if (!isWhole) return false
      counts = addCounts(counts, group.outcome.counts)
      await verify(run, reader)
      reader.release()
    }
    return true
  })
  if (!whole) return await writeGroups(run, sources, joined)
  await guarded(only, () => run.phases.during('write', () => appendColumns(run, only, joined)))
  return [counts]
}

// Separate functions, so that the one that joins again does not hold on to what is joined already.
const joinedAlready = (group: JoinedGroup): WaitingGroup => {
  return () => Promise.resolve(group)
}
const joinedAgain = (run: Run, reader: GroupReader): WaitingGroup => {
  return () => joinGroup(run, reader)
}

/**
 * Goes row group by row group: copies those that are kept whole, rewrites large ones, and merges small ones. `joined` are
 * the first row groups of the first source that are joined already.
 */
async function writeGroups(
  run: Run,
  sources: readonly JoinSource[],
  joined: readonly WaitingGroup[] = [],
): Promise<RowCounts[]> {
  const { request, codecs, columns, silver, parking, rejecting, smallRows, phases } = run
  await phases.during('write', () => silver.begin())
  const merger = new RowGroupMerger(silver, columns, codecs)
  const groups = sources.reduce((sum, { open }) => sum + open.footer.rowGroups.length, 0)

  const place = async (reader: GroupReader, rows: JoinedRows): Promise<void> => {
    const slice = { reader, rows, ingredients: request }
    if (rows.broken) {
      await rejecting?.add(slice)
      return
    }
    if (groups > 1 && rows.count < smallRows) {
      await reader.prefetch()
      await merger.add(slice)
      return
    }
    await merger.close()
    if (rows.reviews === null) {
      await verify(run, reader)
      await copyRowGroup(silver, columns, slice)
    } else {
      await reader.prefetch()
      await rewriteRowGroup(silver, columns, slice)
    }
  }

  const writeGroup = async (group: JoinedGroup): Promise<RowCounts> => {
    const { reader } = group
    for (const rows of group.rows()) await phases.during('write', () => place(reader, rows))
    const { parked, counts } = group.outcome
    const waiting = { count: parked.length, reviews: parked, picks: [] }
    if (parking) await phases.during('write', () => parking.add({ reader, rows: waiting, ingredients: request }))
    reader.release()
    return counts
  }

  const counts: RowCounts[] = []
  for (const [i, source] of sources.entries()) {
    const before = i === 0 ? joined : []
    const sum = await guarded(source, async () => {
      let sum = NO_COUNTS
      for (const group of before) sum = addCounts(sum, await writeGroup(await group()))
      for (const reader of groupReaders(source, codecs, before.length, phases)) {
        sum = addCounts(sum, await writeGroup(await joinGroup(run, reader)))
      }
      return sum
    })
    counts.push(sum)
  }
  await phases.during('write', () => merger.close())
  return counts
}

/** The same bytes get the same verdict: what would be read if small row groups were merged is also read when they are not. */
async function verify({ columns, smallRows, verifyPages, phases }: Run, reader: GroupReader): Promise<void> {
  if (verifyPages || reader.group.rows < smallRows) await phases.during('read', () => verifyCopied(reader, columns))
}

async function joinGroup({ request, parking, phases }: Run, reader: GroupReader): Promise<JoinedGroup> {
  request.progress?.(reader.group.rows)
  return await phases.during('join', () => JoinedGroup.join(reader, request, parking !== null))
}

/** Names the file whose content is bad. If several files are involved, the caller finds out which one it is. */
async function guarded<T>(source: JoinSource | undefined, work: () => Promise<T>): Promise<T> {
  return source ? await blaming(source.file.key, work) : await work()
}
