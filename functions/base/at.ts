/*
 * An index out of range is a mistake here or a forged file. It must not become plausible data, as with `?? 0`: the
 * RangeError stops the file, which is quarantined.
 */

/** The element at an index. Throws RangeError, with the index, if there is none. */
export function elementAt<T>(array: ArrayLike<T>, index: number): T {
  const value = array[index]
  if (value === undefined) throw new RangeError(`index ${index} of ${array.length} elements`)
  return value
}

/**
 * The element at an index, in a hot loop: `inRange(array[index])`. Throws RangeError if there is none. The load stays where
 * it is written, so that V8 compiles it for the kind of array there, with a check that it makes anyway; `elementAt` would see
 * every kind of array in the project.
 */
export function inRange(value: number | undefined): number {
  return value === undefined ? outOfRange() : value
}

/** Separate, so that inRange is small enough to be inlined always. */
function outOfRange(): never {
  throw new RangeError('an index is out of range')
}
