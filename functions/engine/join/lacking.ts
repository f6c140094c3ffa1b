import { elementAt } from '../../base/at.ts'
import { type Evaluated, type Ingredients, prepare } from './cells.ts'
import type { GroupReader } from './group-reader.ts'
import { stepsOf } from './join-rows.ts'
import { RowWalk } from './row-walk.ts'

/** What a review waits for: a row of the dimension with the key. */
export interface Lack {
  readonly dimension: string
  /** The values of its parts, as text. */
  readonly key: string
}

/** Says for rows of a row group, by their number in it, what they wait for; null for a row that no inner join lacks. */
export async function lackOf(reader: GroupReader, ingredients: Ingredients): Promise<(row: number) => Lack | null> {
  const { joins } = ingredients.query
  const steps = await stepsOf(reader, ingredients, true)
  const walk = new RowWalk([...steps.generators, ...steps.joins])
  const keys: Evaluated[][] = []
  for (const join of joins) {
    const parts: Evaluated[] = []
    for (const { left } of join.keys) parts.push(await prepare(left, reader, ingredients))
    keys.push(parts)
  }
  return row => {
    if (!walk.waits(row)) return null
    const number = walk.lacking - steps.generators.length
    const parts = elementAt(keys, number).map(({ evaluate }) => String(evaluate(row, walk.picks)))
    return { dimension: elementAt(joins, number).dimension, key: parts.join(', ') }
  }
}
