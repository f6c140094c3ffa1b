/** The first of the indexes below `count` for which something holds, as it must for all after it; `count` if it holds for none. */
export function firstIndex(count: number, holds: (index: number) => boolean): number {
  let [from, to] = [0, count]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (holds(middle)) to = middle
    else from = middle + 1
  }
  return from
}
