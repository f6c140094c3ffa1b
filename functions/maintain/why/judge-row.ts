import { type Ingredients, NO_PICKS, prepare } from '../../engine/join/cells.ts'
import { GroupReader } from '../../engine/join/group-reader.ts'
import { stepsOf } from '../../engine/join/join-rows.ts'
import { JoinedGroup } from '../../engine/join/joined-group.ts'
import { type Lack, lackOf } from '../../engine/join/lacking.ts'
import { RowWalk } from '../../engine/join/row-walk.ts'
import { groupReaders } from '../../engine/join/run.ts'
import { openSources } from '../../engine/join/source.ts'
import type { SourceFile } from '../../engine/sources/source-file.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import type { BatchPlan } from '../../protocol/plan.ts'
import { openDimensions } from '../lacks.ts'
import type { ReadableLake } from '../readable-lake.ts'

/** What a batch made of one row of its sources. */
export type Verdict =
  /** How many rows of silver, and how many that rules have dropped. */
  | { readonly became: 'written'; readonly rows: number; readonly rejected: number }
  /** Rules have dropped all that the query makes of it; `rules` are those that it breaks. */
  | { readonly became: 'rejected'; readonly rules: readonly string[] }
  | { readonly became: 'filtered'; readonly text: string }
  | { readonly became: 'null key' }
  | { readonly became: 'unmatched' | 'parked'; readonly lack: Lack }
  /** The customers of then are gone, and with them the answer. */
  | { readonly became: 'unknown' }

/** Joins one row of a file once more as a plan says, with the customers of then. The row counts from 0. */
export async function judgeRow(lake: ReadableLake, plan: BatchPlan, file: SourceFile, row: number): Promise<Verdict> {
  const { query } = plan
  const located = await locate(plan, file, row, lake.codecs)
  if (!located) return { became: 'unknown' }
  const { reader, at } = located
  const filter = await falseFilter(plan, reader, at)
  if (filter !== undefined) return { became: 'filtered', text: filter }
  const dimensions = await openDimensions(lake, plan)
  if (dimensions === undefined) return { became: 'unknown' }
  const ingredients = { query, dimensions }
  const { counts } = (await JoinedGroup.join(only(reader, row), ingredients, plan.unmatched === 'park')).outcome
  const { rejectedRows: rejected = 0, broken = [] } = counts
  if (counts.written > 0) return { became: 'written', rows: counts.written, rejected }
  if (rejected > 0) return { became: 'rejected', rules: broken.map(({ name }) => name) }
  const lack = (await lackOf(reader, ingredients))(at) ?? (await firstKey(ingredients, reader, at))
  if (counts.parked > 0) return { became: 'parked', lack }
  if (counts.nullKey > 0) return { became: 'null key' }
  if (counts.filtered === 0 && counts.matched === 0) return { became: 'unmatched', lack }
  const { generators = [] } = query
  const made = new RowWalk((await stepsOf(reader, ingredients, false)).generators)
  made.begin(at)
  if (generators.length > 0 && !made.next())
    return { became: 'filtered', text: `no row is made of it by ${generators.map(({ text }) => text).join(' and ')}` }
  const conditions = [...query.joins.map(join => join.where), query.where].flatMap(where => where?.text ?? [])
  return { became: 'filtered', text: `${conditions.join(' AND ') || 'the condition of ON'} is not true for it` }
}

/** What a row of a file waits for; null where there is no such row, no join, or no snapshot left that shows it. */
export async function lackOfRow(
  lake: ReadableLake,
  plan: BatchPlan,
  file: SourceFile,
  row: number,
): Promise<Lack | null> {
  const { query } = plan
  const located = await locate(plan, file, row, lake.codecs)
  if (!located || query.joins.length === 0) return null
  const { reader, at } = located
  const dimensions = await openDimensions(lake, plan)
  if (dimensions) return (await lackOf(reader, { query, dimensions }))(at)
  return query.joins.length === 1 ? firstKey({ query, dimensions: [] }, reader, at) : null
}

/** The row group that has a row of a file, and the row's place in it; undefined where there is no such row. */
async function locate({ query }: BatchPlan, file: SourceFile, row: number, codecs: Codecs) {
  const [source] = await openSources([file], query)
  for (const reader of source ? groupReaders(source, codecs) : []) {
    const at = row - reader.firstRow
    if (at >= 0 && at < reader.group.rows) return { reader, at }
  }
  return undefined
}

/** The key of the first join, which can be told without a dimension. */
async function firstKey(ingredients: Ingredients, reader: GroupReader, at: number): Promise<Lack> {
  const [join] = ingredients.query.joins
  const [key] = join?.keys ?? []
  const noPicks = new Int32Array(ingredients.query.generators?.length ?? 0).fill(-1)
  if (!join || !key) return { dimension: join?.dimension ?? '', key: '' }
  return {
    dimension: join.dimension,
    key: String((await prepare(key.left, reader, ingredients)).evaluate(at, noPicks)),
  }
}

/** The text of the first condition over the review alone that leaves a row of the group out; undefined if none does. */
async function falseFilter({ query }: BatchPlan, reader: GroupReader, at: number): Promise<string | undefined> {
  for (const { expr, text } of query.filters) {
    const value = (await prepare(expr, reader, { query, dimensions: [] })).evaluate(at, NO_PICKS)
    if (value !== true) return `${text} is ${value === null ? 'NULL' : 'false'} for it`
  }
  return undefined
}

/** A row group that leaves all its rows out but one of the file. */
function only({ source, group, firstRow, codecs }: GroupReader, row: number): GroupReader {
  const excluded = Array.from({ length: group.rows }, (_, i) => firstRow + i).filter(each => each !== row)
  return new GroupReader({ ...source, file: { ...source.file, excluded } }, group, firstRow, codecs)
}
