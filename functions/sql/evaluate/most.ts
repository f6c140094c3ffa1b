/** A function that counts makes no array of more elements, and no text of more characters, out of little: it gives NULL. */
export const MOST = 1 << 24

/** A text so many times, none if `times` is negative; null if it gets longer than MOST. */
export function repeated(text: string, times: number): string | null {
  return text.length * times > MOST ? null : text.repeat(Math.max(times, 0))
}
