import { elementAt } from '../../base/at.ts'
import { NO_ROWS, sumRows, withSome } from '../../protocol/commit.ts'
import type { RowCounts } from '../sources/source-file.ts'
import { type Ingredients, type OfRow, prepareTest } from './cells.ts'
import { FILTERED, LEFT_OUT, MATCHED, NULL_KEY, REJECTED, UNMATCHED } from './fate.ts'
import { filterRows } from './filter-rows.ts'
import { generatorStep } from './generator-step.ts'
import type { GroupReader } from './group-reader.ts'
import { joinStep } from './join-step.ts'
import { type JoinedRows, OutputRows } from './output-rows.ts'
import { RowWalk } from './row-walk.ts'
import { addFindings, RuleJudge } from './rule-judge.ts'
import type { Step } from './step.ts'

/** What became of one row group. */
export interface GroupOutcome {
  readonly counts: RowCounts
  /** The rows to park, ascending. */
  readonly parked: Int32Array
}

/**
 * Joins one row group: filters, steps and WHERE as SQL defines them. The output rows come in slices, each made when it is
 * asked for, so that keys that a dimension has a thousand times don't fill the memory.
 */
export async function joinRows(
  reader: GroupReader,
  ingredients: Ingredients,
  parks: boolean,
): Promise<Generator<JoinedRows, GroupOutcome>> {
  const { query } = ingredients
  const fates = await filterRows(reader, ingredients)
  if (fates.every(fate => fate === FILTERED)) return slicesOf(fates, [], [], null, null)
  const { generators, joins } = await stepsOf(reader, ingredients, parks)
  const judge = await RuleJudge.prepare(reader, ingredients, [...generators, ...joins])
  const where = query.where && (await prepareTest(query.where.expr, reader, ingredients))
  return slicesOf(fates, generators, joins, where, judge)
}

/** The steps of a query over one row group. */
export async function stepsOf(
  reader: GroupReader,
  ingredients: Ingredients,
  parks: boolean,
): Promise<{ readonly generators: readonly Step[]; readonly joins: readonly Step[] }> {
  const { query, dimensions } = ingredients
  const generators: Step[] = []
  for (const generator of query.generators ?? []) generators.push(await generatorStep(generator, reader, ingredients))
  const joins: Step[] = []
  for (const [i, join] of query.joins.entries()) {
    joins.push(await joinStep(join, elementAt(dimensions, i), reader, ingredients, parks))
  }
  return { generators, joins }
}

function* slicesOf(
  fates: Int8Array,
  generators: readonly Step[],
  joins: readonly Step[],
  isWhere: OfRow<boolean> | null,
  judge: RuleJudge | null,
): Generator<JoinedRows, GroupOutcome> {
  const read = fates.length
  const steps = [...generators, ...joins]
  const straight = isWhere || !isWhole(fates) ? null : straightPicks(steps)
  const whole = straight && { count: read, reviews: null, picks: straight }
  if (whole && (judge?.passesAll(whole) ?? true)) {
    // Most row groups are like this: each row matches one row in each dimension.
    yield whole
    const counts = { ...NO_COUNTS, read, matched: read, written: read, ...judge?.findings(0) }
    return { counts, parked: new Int32Array(0) }
  }
  const output = new OutputRows(read, steps)
  const parked: number[] = []
  const counts = { filtered: 0, rejected: 0, nullKey: 0, unmatched: 0, matched: 0 }
  let generated = 0
  const making = new RowWalk(generators, new Int32Array(steps.length).fill(-1))
  const walk = new RowWalk(joins, making.picks)
  // A review that has to wait must not be half written: if several rows may be made of it before, they are checked first.
  const lastPark = steps.findLastIndex(step => step.parks)
  const ahead = steps.some(({ multiplies }, i) => multiplies && i < lastPark)
    ? new RowWalk(steps.slice(0, lastPark + 1))
    : null

  for (let row = 0; row < read; row++) {
    if (output.full) yield output.take()
    const early = elementAt(fates, row)
    if (early !== MATCHED || ahead?.waits(row)) {
      if (early === MATCHED) parked.push(row)
      counts[COUNTS[early === MATCHED ? UNMATCHED : early] ?? 'matched']++
      continue
    }
    let made = 0
    making.begin(row)
    while (making.next()) {
      let fate = MATCHED
      let isFirst = true
      walk.begin(row)
      while (walk.next()) {
        if (isWhere && !isWhere(row, walk.picks)) {
          if (isFirst && fate !== REJECTED) fate = FILTERED
          continue
        }
        if (judge && !judge.passes(row, walk.picks)) {
          if (isFirst) fate = REJECTED
          if (judge.rejected.full) yield judge.rejected.take()
          continue
        }
        if (output.full) yield output.take()
        output.add(row, walk.picks)
        if (isFirst) fate = walk.fate
        isFirst = false
      }
      if (walk.mustWait) {
        fate = UNMATCHED
        parked.push(row)
      } else if (isFirst && fate === MATCHED) fate = walk.dropped
      counts[COUNTS[fate] ?? 'matched']++
      made++
    }
    if (made === 0) counts.filtered++
    else generated += made - 1
  }
  if (output.count > 0) yield output.take(true)
  if (judge && judge.rejected.count > 0) yield judge.rejected.take()
  const { rejected, ...others } = counts
  const found = { read, ...others, written: output.written, parked: parked.length, ...judge?.findings(rejected) }
  return { counts: withSome(found, { generated, rejected }), parked: Int32Array.from(parked) }
}

const COUNTS: Readonly<Record<number, 'filtered' | 'rejected' | 'nullKey' | 'unmatched' | 'matched'>> = {
  [MATCHED]: 'matched',
  [UNMATCHED]: 'unmatched',
  [FILTERED]: 'filtered',
  [REJECTED]: 'rejected',
  [NULL_KEY]: 'nullKey',
  [LEFT_OUT]: 'unmatched',
}

/** The picks for all rows of a row group, if each gives exactly one output row and lacks nothing. */
function straightPicks(steps: readonly Step[]): readonly Int32Array[] | null {
  const picks: Int32Array[] = []
  for (const step of steps) {
    const found = step.straight(picks)
    if (!found) return null
    picks.push(found)
  }
  return picks
}

function isWhole(fates: Int8Array): boolean {
  return fates.length > 0 && fates.every(fate => fate === MATCHED)
}

export const NO_COUNTS: RowCounts = { ...NO_ROWS, parked: 0 }

/** The sum of two counts. */
export function addCounts(a: RowCounts, b: RowCounts): RowCounts {
  return { ...sumRows([a, b]), parked: a.parked + b.parked, ...addFindings(a, b) }
}
