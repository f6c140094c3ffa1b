import type { ObjectVersion } from '../lake/store.ts'
import type { Column } from '../query/types.ts'
import { type BatchCommit, type Commit, settledKeys } from './commit.ts'

/**
 * Why a batch can't be committed after another commit that its plan did not see; undefined when they are disjoint.
 * Pure. A batch in conflict is void: what it wrote stays invisible, and its files are planned again.
 */
export function conflictWith(mine: BatchCommit, other: Commit): string | undefined {
  if (other.operation === 'abandon') {
    return other.attempt === mine.attempt ? `attempt ${mine.attempt} was abandoned` : undefined
  }
  if (other.batch === mine.batch) return `batch ${mine.batch} was committed by attempt ${other.attempt}`
  const theirs = new Set(settledKeys(other))
  const key = settledKeys(mine).find(each => theirs.has(each))
  if (key !== undefined) return `bronze file ${key} is in batch ${other.batch}`
  const consumed = new Set(other.unparked.map(file => file.key))
  const parked = mine.unparked.find(file => consumed.has(file.key))
  if (parked) return `parked file ${parked.key} went into batch ${other.batch}`
  const outdated = outdatedRows(mine, other) ?? outdatedRows(other, mine)
  if (outdated) return `rows of ${outdated.key} that batch ${other.batch} shares have been put aside by a newer version`
  return undefined
}

/** A bronze version that one batch put another in place of, while the other emitted rows that were parked of it. */
function outdatedRows(replacing: BatchCommit, emitting: BatchCommit): ObjectVersion | undefined {
  const outdated = new Set(replacing.outdated.map(nameOf))
  return emitting.unparked.flatMap(({ bronze }) => bronze).find(version => outdated.has(nameOf(version)))
}

function nameOf({ key, etag }: ObjectVersion): string {
  return JSON.stringify([key, etag])
}

/**
 * The table's columns after a query's output was added: the table's own, then what is new, in the query's order. A column
 * keeps its type for ever; one that would change is returned as a clash.
 */
export function mergeSchema(
  table: readonly Column[],
  output: readonly Column[],
): { readonly columns: readonly Column[]; readonly clash: { readonly from: Column; readonly to: Column } | undefined } {
  const byName = new Map(table.map(column => [column.name.toLowerCase(), column]))
  const added: Column[] = []
  for (const { name, type } of output) {
    const known = byName.get(name.toLowerCase())
    if (known && known.type !== type) return { columns: table, clash: { from: known, to: { name, type } } }
    if (!known) added.push({ name, type })
  }
  return { columns: [...table, ...added], clash: undefined }
}
