import type { PassIds } from '../../lake/ids.ts'
import { type Layout, partName } from '../../lake/layout.ts'
import type { BatchDraft } from '../../log/append.ts'
import type { BatchState } from '../../log/batch-state.ts'
import { idsOf } from '../../log/batch-state.ts'
import type { FoldedLog } from '../../log/fold.ts'
import { type BatchCommit, type BronzeFile, countRules, sumRows, type UnparkedFile } from '../../protocol/commit.ts'
import { formatOf } from '../../protocol/format.ts'
import { type ItemResult, type SilverResult, snapshotsOf } from '../../protocol/result.ts'
import { type Writer, writersOf } from '../../protocol/writers.ts'
import type { Column } from '../../sql/types.ts'
import type { PackedFile } from './choose-batches.ts'

/** A batch as it is. */
export interface BatchNow {
  readonly batch: BatchState
  readonly commit: BatchCommit
}

/** Batches as they are, the oldest first, and the files that each new one is to hold. */
export interface Packing {
  readonly batches: readonly [BatchNow, ...BatchNow[]]
  readonly groups: readonly (readonly PackedFile[])[]
  /** Those of the oldest batch, with the new attempt. */
  readonly ids: PassIds
  /** Hex SHA-256 of what is packed, which stands for a plan. */
  readonly plan: string
}

/**
 * What the commits of the batches say together. `newest` tells of query, dimensions and input: of the rows that were written
 * last. There are no `writers` where one commit has written all rows.
 */
function contentsOf({ batches, groups, ids }: Packing) {
  const newName = newNames(groups)
  const writers = batches.flatMap(({ batch }) => writersOf(batch))
  const byTime = batches.toSorted((a, b) => newestOf(b.batch).version - newestOf(a.batch).version)
  const [{ batch: last, commit: newest } = batches[0]] = byTime
  const { batch: writer, ...writtenBy } = newestOf(last)
  const absorbs = batches.flatMap(({ batch }) => idsOf(batch)).filter(id => id !== ids.batch)
  const packed = <F extends BronzeFile | UnparkedFile>(file: F, { batch, location }: BatchState): F => {
    const by = file.batch ?? batch
    return { ...file, silver: newName(location + file.silver), ...(by !== ids.batch && { batch: by }) }
  }
  return {
    newest,
    writtenBy: { ...(writer !== ids.batch && { batch: writer }), ...writtenBy },
    ...(writers.length > 1 && { writers }),
    ...(absorbs.length > 0 && { absorbs }),
    reviews: uniteColumns(byTime.map(({ commit }) => commit.reviews)),
    bronze: batches.flatMap(({ batch, commit }) => commit.bronze.map(file => packed(file, batch))),
    unparked: batches.flatMap(({ batch, commit }) => commit.unparked.map(file => packed(file, batch))),
    rejected: batches.flatMap(({ commit }) => commit.rejected ?? []),
    everParked: batches.flatMap(({ batch }) => batch.everParked),
  }
}

/** The commit that wrote a batch's rows last. */
function newestOf(batch: BatchState): Writer {
  return writersOf(batch).reduce((last, writer) => (writer.version > last.version ? writer : last))
}

/** The columns of several views, the first of each name. */
function uniteColumns(views: readonly (readonly Column[])[]): Column[] {
  const columns = new Map<string, Column>()
  for (const column of views.flat()) {
    const name = column.name.toLowerCase()
    if (!columns.has(name)) columns.set(name, column)
  }
  return [...columns.values()]
}

/**
 * What the footers of the packed files say: all that those of the batches' present files do, so that a lost log can be rebuilt
 * from them. Pure.
 */
export function describePacked(packing: Packing, state: FoldedLog): ItemResult[] {
  const { groups, ids, plan } = packing
  const { newest, writtenBy, writers, absorbs, reviews, bronze, unparked, rejected, everParked } = contentsOf(packing)
  return groups.map((_, item) => {
    const isHere = ({ silver }: { readonly silver: string }) => silver === partName(item)
    const here = bronze.filter(isHere).map(({ silver: _, ...file }) => file)
    const taken = unparked.filter(isHere).map(({ key, etag, batch, rows, broken }) => ({
      key,
      etag,
      ...(batch && { batch }),
      rows,
      ...(broken && { broken }),
    }))
    const keys = new Set(here.map(({ key }) => key))
    return {
      ...{ format: formatOf({ ...(absorbs && { absorbs }) }), operation: 'compact', ...ids },
      ...(item === 0 && { ...(absorbs && { absorbs }), ...(writers && { writers }) }),
      ...{ plannedAt: writtenBy.committedAt, writtenBy },
      seen: { version: state.version, attempt: state.attempt },
      ...{ item, items: groups.length, plan, query: newest.query.sha256, reviews },
      ...snapshotsOf([
        ...(newest.customers ? [{ name: 'customers', ...newest.customers }] : []),
        ...(newest.dimensions ?? []),
      ]),
      ...{ bronze: here, unparked: taken, parked: [], kept: [], excluded: everParked },
      supersedes: state.superseded
        .filter(({ key }) => keys.has(key))
        .map(({ key, etag, parked }) => ({ key, etag, parked })),
      ...(newest.rules && { rules: countRules(newest.rules, [...here, ...taken]) }),
      ...(item === 0 && rejected.length > 0 && { rejected: rejected.map(({ key, rows }) => ({ key, rows })) }),
      ...{ quarantined: [], deferred: [] },
    }
  })
}

/** The commit that puts the packed files in place of the batches' present ones. Pure. */
export function draftPacked(
  packing: Packing,
  packed: readonly SilverResult[],
  { layout, state, committedAt }: { readonly layout: Layout; readonly state: FoldedLog; readonly committedAt: string },
): BatchDraft {
  const { batches, ids } = packing
  const { newest, writtenBy, writers, absorbs, reviews, bronze, unparked, rejected, everParked } = contentsOf(packing)
  const { input, query, customers, dimensions, rules } = newest
  return {
    ...{ format: formatOf({ ...(absorbs && { absorbs }) }), operation: 'compact', ...ids },
    ...{ location: layout.location(ids), ...(absorbs && { absorbs }), writtenBy, ...(writers && { writers }) },
    ...{ committedAt, execution: 'compact', input, query: { ...query, comment: state.comment } },
    ...{ reviews, output: state.schema, customers, ...(dimensions && { dimensions }) },
    rows: sumRows(batches.map(({ commit }) => commit.rows)),
    silver: packed.map(({ result, size, rows, stats }) => ({ key: partName(result.item), size, rows, stats })),
    ...{ bronze, unparked, parked: [], excluded: everParked, reclaimed: [], superseded: [] },
    ...(rules && { rules: countRules(rules, [...bronze, ...unparked]) }),
    ...(rejected.length > 0 && { rejected }),
    ...{ quarantined: [], deferred: [] },
  }
}

/** Gives the name of the packed file that holds the rows of one of the files before, which is named with its location. */
function newNames(groups: Packing['groups']): (silver: string) => string {
  const names = new Map(
    groups.flatMap((group, item) => group.map(({ location, key }) => [location + key, partName(item)] as const)),
  )
  return silver => names.get(silver) ?? partName(0)
}
