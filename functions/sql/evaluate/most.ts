/** The most elements or characters that a function makes by a count in its arguments; beyond that it gives NULL. */
export const MOST = 1 << 24

/** A text repeated `times` times, '' if that is negative; null if it gets longer than MOST. */
export function repeated(text: string, times: number): string | null {
  return text.length * times > MOST ? null : text.repeat(Math.max(times, 0))
}
