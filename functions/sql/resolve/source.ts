import type { Generator, Join } from '../compiled.ts'
import type { LiteralValue, View } from '../expr.ts'
import type { DerivedPlan } from '../static-plan.ts'
import type { FileColumn } from '../types.ts'
import type { Condition } from './conditions.ts'
import type { Scope } from './scope.ts'

/**
 * What FROM, or a whole SELECT, gives, under some names and conditions: rows of the reviews, maybe joined with dimensions
 * (`stream`), or rows of dimensions alone (`static`).
 */
export interface Source extends Scope {
  readonly kind: 'stream' | 'static'
  /** A stream: over reviews alone, before the joins. */
  readonly filters: readonly Condition[]
  /** A stream: what makes several rows of a review, in order. */
  readonly generators: readonly Generator[]
  /** A stream: those made so far. */
  readonly joins: readonly Join[]
  /** A stream: those of the joins, in their order. Static: what it reads. */
  readonly dimensions: readonly SourceDimension[]
  /** A stream: on joined rows. Static: over its dimensions, before a join with the stream. */
  readonly where: readonly Condition[]
  /** A stream: dimensions of inner joins whose key still has to come from WHERE. */
  readonly pending: PendingJoins | null
}

/** Of a source that does nothing to its rows. */
export const EMPTY_SOURCE = {
  filters: [],
  generators: [],
  joins: [],
  dimensions: [],
  where: [],
  pending: null,
} as const

/** A dimension as a query names it. */
export interface SourceDimension {
  readonly name: View
  readonly columns: readonly FileColumn[]
  /** See Dimension. */
  readonly table?: string
  readonly values?: readonly (readonly LiteralValue[])[]
  readonly plan?: DerivedPlan
}

export interface PendingJoins {
  readonly dimensions: readonly SourceDimension[]
  readonly on: readonly Condition[]
  /** Where the first of the joins stands in the text. */
  readonly at: number
}
