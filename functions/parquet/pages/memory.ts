import { inRange } from '../../base/at.ts'

/*
 * Memory of column chunks under construction, kept for the next column: a fresh megabyte costs more to be had from the
 * system than to be filled, and what is dropped stays until the next garbage collection.
 */

const buffers: Uint8Array[] = []
const codes: Int32Array<ArrayBuffer>[] = []
/** No more than so many of each are kept, and none above these sizes. */
const KEPT = 32
const MOST_BYTES = 2 << 20
const MOST_CODES = 1 << 20

/** A buffer of at least `size` bytes, with any content. */
export function takeBuffer(size: number): Uint8Array {
  const buffer = buffers.pop()
  return buffer && buffer.length >= size ? buffer : new Uint8Array(size)
}

/** Gives a buffer back that nobody uses any more. */
export function giveBuffer(buffer: Uint8Array): void {
  if (buffers.length < KEPT && buffer.length <= MOST_BYTES) buffers.push(buffer)
}

/** An array for at least `size` codes, with any content. */
export function takeCodes(size: number): Int32Array<ArrayBuffer> {
  const array = codes.pop()
  return array && array.length >= size ? array : new Int32Array(size)
}

/** Gives an array back that nobody uses any more. */
export function giveCodes(array: Int32Array<ArrayBuffer>): void {
  if (codes.length < KEPT && array.length > 0 && array.length <= MOST_CODES) codes.push(array)
}

/**
 * Copies bytes from one array to another. `set` has to be given a new view each time, which costs more than most values
 * are long, so short ones are copied in a loop.
 */
export function copyBytes(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  const length = end - start
  if (length < 48) for (let i = 0; i < length; i++) to[at + i] = inRange(from[start + i])
  else to.set(from.subarray(start, end), at)
}
