import { inRange } from '../../base/at.ts'

/*
 * Memory of column chunks under construction, kept for the next column: getting a fresh megabyte from the system costs more
 * than filling it, and what is dropped stays until the next garbage collection.
 */

/** The most arrays of a kind that are kept. */
const KEPT = 32

/** Arrays of one kind; those with more than `most` elements are not kept. */
function pool<A extends ArrayLike<number>>(make: (size: number) => A, most: number) {
  const kept: A[] = []
  return {
    /** An array of at least `size` elements, with arbitrary content. */
    take(size: number): A {
      const array = kept.pop()
      return array && array.length >= size ? array : make(size)
    },
    /** Gives back an array that is no longer used. */
    give(array: A): void {
      if (kept.length < KEPT && array.length > 0 && array.length <= most) kept.push(array)
    },
  }
}

export const bufferPool = pool<Uint8Array>(size => new Uint8Array(size), 2 << 20)
export const codePool = pool(size => new Int32Array(size), 1 << 20)

/**
 * Copies bytes from one array to another. `set` needs a new view each time, which costs more than copying most values, so
 * short ones are copied in a loop.
 */
export function copyBytes(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  const length = end - start
  if (length < 48) for (let i = 0; i < length; i++) to[at + i] = inRange(from[start + i])
  else to.set(from.subarray(start, end), at)
}
