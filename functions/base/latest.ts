/**
 * Keeps what was loaded last: a warm worker gets item after item of one plan with one customers snapshot. A failed load is
 * not kept.
 */
export function latest<T>(load: (key: string) => Promise<T>): (key: string) => Promise<T> {
  let kept: { readonly key: string; readonly value: Promise<T> } | undefined
  return key => {
    if (kept?.key === key) return kept.value
    const value = load(key)
    kept = { key, value }
    value.catch(() => {
      if (kept?.value === value) kept = undefined
    })
    return value
  }
}
