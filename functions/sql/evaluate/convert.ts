import type { Value } from '../types.ts'

/** Turns a value that is not NULL into one of another type; NULL where there is none. */
export type Convert = (value: Value) => Value
