import type { Rule } from '../../sql/compiled.ts'
import type { RuleFindings } from '../sources/source-file.ts'
import { type Ingredients, type OfRow, type Picks, prepareTest } from './cells.ts'
import type { GroupReader } from './group-reader.ts'
import { type JoinedRows, picksAt } from './output-rows.ts'
import { RejectedRows } from './rejected-rows.ts'
import type { Step } from './step.ts'

interface Test extends Pick<Rule, 'name' | 'action'> {
  readonly holds: OfRow<boolean>
  violated: number
  /** The first rows of the file that break it. */
  readonly rows: number[]
}

/** How many rows of a file are named for each rule. */
export const NAMED_ROWS = 3

/** Judges the output rows of one row group by the query's rules, counts what it finds, and keeps the rows that are rejected. */
export class RuleJudge {
  readonly rejected: RejectedRows
  readonly #tests: readonly Test[]
  readonly #firstRow: number

  private constructor(tests: readonly Test[], firstRow: number, rejected: RejectedRows) {
    this.#tests = tests
    this.#firstRow = firstRow
    this.rejected = rejected
  }

  /** Null for a query without rules. */
  static async prepare(
    reader: GroupReader,
    ingredients: Ingredients,
    steps: readonly Step[],
  ): Promise<RuleJudge | null> {
    const { rules = [] } = ingredients.query
    if (rules.length === 0) return null
    const tests: Test[] = []
    for (const { name, action, expr } of rules) {
      tests.push({ name, action, holds: await prepareTest(expr, reader, ingredients), violated: 0, rows: [] })
    }
    return new RuleJudge(tests, reader.firstRow, new RejectedRows(reader.group.rows, steps))
  }

  /** Whether an output row may go to silver; if not, it is added to the rejected ones. */
  passes(row: number, picks: Picks): boolean {
    const broken = this.#tests.filter(({ holds }) => !holds(row, picks))
    for (const test of broken) this.#count(test, row)
    if (broken.every(({ action }) => action !== 'drop')) return true
    this.rejected.reject(row, picks, broken.map(({ name }) => name).join(', '))
    return false
  }

  /**
   * Whether output rows, one for each row of the row group, may all go to silver. If not, none of them has been judged yet:
   * this is known before anything is counted.
   */
  passesAll(rows: JoinedRows): boolean {
    const picks = new Int32Array(rows.picks.length)
    const breaking = function* ({ holds }: Test): Generator<number> {
      for (let row = 0; row < rows.count; row++) {
        picksAt(rows, row, picks)
        if (!holds(row, picks)) yield row
      }
    }
    if (this.#tests.some(test => test.action === 'drop' && !breaking(test).next().done)) return false
    const counted = this.#tests.filter(({ action }) => action !== 'drop')
    for (const test of counted) for (const row of breaking(test)) this.#count(test, row)
    return true
  }

  /** What was found. `rejected` counts the rows of the row group of which nothing is left. */
  findings(rejected: number): RuleFindings {
    const broken = this.#tests
      .filter(({ violated }) => violated > 0)
      .map(({ name, violated, rows }) => ({ name, violated, rows }))
    return {
      ...(broken.length > 0 && { broken }),
      ...(rejected > 0 && { rejected }),
      ...(this.rejected.written > 0 && { rejectedRows: this.rejected.written }),
    }
  }

  #count(test: Test, row: number): void {
    const inFile = this.#firstRow + row
    test.violated++
    if (test.rows.length < NAMED_ROWS && test.rows.at(-1) !== inFile) test.rows.push(inFile)
  }
}

/** The findings in two row groups of a file, in their order. */
export function addFindings(a: RuleFindings, b: RuleFindings): RuleFindings {
  if (!a.broken && !b.broken) return {}
  const names = new Set([...(a.broken ?? []), ...(b.broken ?? [])].map(({ name }) => name))
  const broken = [...names].map(name => {
    const both = [a, b].flatMap(({ broken = [] }) => broken.filter(rule => rule.name === name))
    const violated = both.reduce((sum, rule) => sum + rule.violated, 0)
    return { name, violated, rows: both.flatMap(({ rows }) => rows).slice(0, NAMED_ROWS) }
  })
  const rejected = (a.rejected ?? 0) + (b.rejected ?? 0)
  const rejectedRows = (a.rejectedRows ?? 0) + (b.rejectedRows ?? 0)
  return { broken, ...(rejected > 0 && { rejected }), ...(rejectedRows > 0 && { rejectedRows }) }
}
