/** 1234567 → `1,234,567`. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** `1 file`, `20 files`, `2 batches`. */
export function many(value: number, noun: string): string {
  const plural = `${noun}${/(?:s|ch|x)$/.test(noun) ? 'es' : 's'}`
  return `${count(value)} ${value === 1 ? noun : plural}`
}

/** Bytes as people read them: `11.2 MB`. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let unit = 0
  let scaled = value
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1000
    unit++
  }
  return `${unit === 0 ? scaled : scaled.toFixed(1)} ${units[unit]}`
}

/** Milliseconds as people read them: `850 ms`, `12.3 s`, `4 min 10 s`, `3 h 5 min`, `12 d 6 h`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  const hours = Math.round(minutes / 60)
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** A text in lines of at most this many columns, broken at spaces. */
export function wrapLines(text: string, columns: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > columns) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

/** `a`, `a and b`, `a, b and c`; if there are more than `most`, the first ones and how many more there are. */
export function listed(names: readonly string[], most = 10): string {
  const shown = names.length > most ? [...names.slice(0, most), `${count(names.length - most)} more`] : names
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

/** An execution's name: the last part of its ARN, or of the id of a run on one machine. */
export function executionName(execution: string): string {
  return execution.slice(execution.lastIndexOf(':') + 1)
}
