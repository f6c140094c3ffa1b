import { grown } from '../../base/bytes.ts'
import { TooManyRows } from '../../base/errors.ts'
import type { StaticPlan } from '../../sql/static-plan.ts'
import { isList } from '../../sql/types.ts'
import { evaluateByRow } from './expressions.ts'
import { MAX_PAIRS } from './join.ts'
import { takeRows, VectorBuilder, type Vectors } from './vector.ts'

type GeneratePlan = Extract<StaticPlan, { op: 'generate' }>

/** Makes zero or more rows of each row. Throws TooManyRows. */
export function generateRows({ rows, columns, outer }: GeneratePlan, input: Vectors): Vectors {
  const listOf = evaluateByRow(rows, input)
  const sources = new Growing()
  const made = columns.map(({ type }) => ({ builder: new VectorBuilder(type), codes: new Growing() }))
  for (let row = 0; row < input.rows; row++) {
    const list = listOf(row)
    const items = isList(list) ? list : []
    for (const item of items.length === 0 && outer ? [null] : items) {
      sources.push(row)
      for (const [i, { builder, codes }] of made.entries())
        codes.push(builder.code((isList(item) ? item[i] : null) ?? null))
    }
  }
  const taken = takeRows(input, sources.all())
  const own = made.map(({ builder, codes }, i) => [columns[i]?.id ?? '', builder.vector(codes.all())] as const)
  return { rows: taken.rows, columns: new Map([...taken.columns, ...own]) }
}

/** A list of whole numbers. */
class Growing {
  #numbers = new Int32Array(1 << 10)
  #count = 0

  push(number: number): void {
    if (this.#count === MAX_PAIRS)
      throw new TooManyRows(
        `more than ${MAX_PAIRS} rows, the most that are kept, are made of a static table: filter it before`,
      )
    if (this.#count === this.#numbers.length) this.#numbers = grown(this.#numbers)
    this.#numbers[this.#count++] = number
  }

  all(): Int32Array {
    return this.#numbers.slice(0, this.#count)
  }
}
