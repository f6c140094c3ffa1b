import type { showTable } from './table/show-table.ts'

type Shown = Parameters<typeof showTable>

/** Shows a table once its code is loaded, in the element that a selector finds. Returns what takes it away. */
export function showLater(
  root: HTMLElement,
  selector: string,
  source: Shown[1],
  options: Shown[2],
): (() => void) | undefined {
  const element = root.querySelector(selector)
  if (!element) return undefined
  let end: (() => void) | undefined
  let isOver = false
  void import('./table/show-table.ts').then(({ showTable }) => {
    if (!isOver) end = showTable(element, source, options)
  })
  return () => {
    isOver = true
    end?.()
  }
}
