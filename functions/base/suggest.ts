/**
 * `; did you mean x?` for the candidate closest to a word, or '' if none is close: at most a third of the word's letters may
 * have to be inserted, deleted, replaced or swapped. Nothing is close to a single letter. Case does not matter.
 */
export function suggestion(word: string, candidates: Iterable<string>): string {
  const wanted = word.toLowerCase().slice(0, 100)
  let best = ''
  if (wanted.length < 2) return ''
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase().slice(0, 100))
    if (distance < least) {
      best = candidate
      least = distance
    }
  }
  return best === '' ? '' : `; did you mean ${best}?`
}

/** Damerau's distance, in which swapping two neighbours counts as one edit. */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(previous, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(before, j - 2) + 1 : replaced
      row.push(Math.min(replaced, swapped, at(previous, j) + 1, at(row, j - 1) + 1))
    }
    before = previous
    previous = row
  }
  return at(previous, b.length)
}

function at(row: readonly number[], i: number): number {
  return row[i] ?? Number.MAX_SAFE_INTEGER
}
