/** A join of static tables makes more pairs of rows than are kept in memory. */
export class TooManyRows extends Error {
  override readonly name = 'TooManyRows'
  constructor(rows: number, most: number) {
    super(
      `a join of static tables makes ${rows} pairs of rows, and at most ${most} are kept; join by more of their columns`,
    )
  }
}

/** A scalar subquery gives more than one row. */
export class NotScalar extends Error {
  override readonly name = 'NotScalar'
  constructor(rows: number) {
    super(`a subquery that stands for one value gives ${rows} rows; aggregate it, or add LIMIT 1`)
  }
}
