/** Rows that are asked for as they come into sight. */
export interface RowSource {
  readonly columns: readonly string[]
  readonly rows: number
  /** The rows from one on and before another, each with its values in the order of the columns. */
  fetch(start: number, end: number): Promise<readonly (readonly unknown[])[]>
}
