import type { Generator } from '../../sql/compiled.ts'
import { generatedRows, type Ingredients, type OfRow, type Picks, prepareTest, stepOf } from './cells.ts'
import { FILTERED, MATCHED } from './fate.ts'
import type { GroupReader } from './group-reader.ts'
import type { Step } from './step.ts'

/** Prepares a generator for the rows of one row group. */
export async function generatorStep(
  generator: Generator,
  reader: GroupReader,
  ingredients: Ingredients,
): Promise<Step> {
  const at = stepOf(ingredients.query, generator.name)
  const filters: OfRow<boolean>[] = []
  for (const { expr } of generator.filters) filters.push(await prepareTest(expr, reader, ingredients))
  if (generator.kind === 'branches') {
    const branches: (OfRow<boolean> | null)[] = []
    for (const condition of generator.conditions)
      branches.push(condition && (await prepareTest(condition, reader, ingredients)))
    return new GeneratorStep(at, () => branches.length, branches, false, filters)
  }
  const rows = await generatedRows(generator, at, reader, ingredients)
  return new GeneratorStep(at, (review, picks) => rows(review, picks).length, [], generator.outer, filters)
}

/** Continues a row with each of the rows that are made of it; if there are none and it is OUTER, with NULLs. */
class GeneratorStep implements Step {
  fate = MATCHED
  picked = false
  readonly parks = false
  readonly multiplies = true
  readonly hasColumns = true
  readonly #at: number
  readonly #count: OfRow<number>
  /** What must be true for each pick; null or missing if nothing must. */
  readonly #conditions: readonly (OfRow<boolean> | null)[]
  readonly #isOuter: boolean
  readonly #filters: readonly OfRow<boolean>[]
  #next = 0
  #end = 0

  constructor(
    at: number,
    count: OfRow<number>,
    conditions: readonly (OfRow<boolean> | null)[],
    isOuter: boolean,
    filters: readonly OfRow<boolean>[],
  ) {
    this.#at = at
    this.#count = count
    this.#conditions = conditions
    this.#isOuter = isOuter
    this.#filters = filters
  }

  begin(review: number, picks: Picks): void {
    this.picked = false
    this.fate = MATCHED
    this.#end = this.#count(review, picks)
    this.#next = this.#isOuter && this.#end === 0 ? -1 : 0
  }

  next(review: number, picks: Picks): boolean {
    while (this.#next < this.#end) {
      const pick = this.#next++
      picks[this.#at] = pick
      const condition = this.#conditions[pick]
      if ((condition && !condition(review, picks)) || !this.#filters.every(filter => filter(review, picks))) continue
      this.picked = true
      return true
    }
    picks[this.#at] = -1
    if (!this.picked) this.fate = FILTERED
    return false
  }

  straight(): null {
    return null
  }
}
