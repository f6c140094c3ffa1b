import type { SqlType, Value } from '../../sql/types.ts'
import { type Vector, VectorBuilder } from './vector.ts'

/** Gathers the values of groups. The result of a group so far can be read at any time. */
export interface Accumulator {
  add(group: number, row: number): void
  /** The code of a group's result in the column that `vector` makes, -1 for NULL. */
  read(group: number): number
  /** Forgets a group. */
  clear(group: number): void
  vector(codes: Int32Array): Vector
}

/** What accumulators share whose results are values. */
export function computed(type: SqlType, result: (group: number) => Value): Pick<Accumulator, 'read' | 'vector'> {
  const builder = new VectorBuilder(type)
  return { read: group => builder.code(result(group)), vector: codes => builder.vector(codes) }
}
