/**
 * Copies bytes from one array to another. `set` has to be given a new view each time, which costs more than most values
 * are long, so short ones are copied in a loop.
 */
export function copyBytes(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  const length = end - start
  if (length < 48) for (let i = 0; i < length; i++) to[at + i] = from[start + i] ?? 0
  else to.set(from.subarray(start, end), at)
}
