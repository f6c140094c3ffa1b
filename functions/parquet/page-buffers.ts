/**
 * Buffers of pages under construction, kept for the next column: a fresh megabyte costs more to be had from the system
 * than to be filled.
 */
const free: Uint8Array[] = []
const KEPT = 32

/** A buffer of at least `size` bytes, with any content. */
export function takeBuffer(size: number): Uint8Array {
  const buffer = free.pop()
  return buffer && buffer.length >= size ? buffer : new Uint8Array(size)
}

/** Gives a buffer back that nobody uses any more. */
export function giveBuffer(buffer: Uint8Array): void {
  if (free.length < KEPT && buffer.length <= 2 << 20) free.push(buffer)
}
