import { count } from '../base/text.ts'
import { type Html, html } from './html.ts'

/** A place that rows come from or go to. `column` counts from the left, from 0. */
export interface FlowNode {
  readonly id: string
  readonly label: string
  /** What it means for the rows, which is its colour: `source`, `good`, `waiting`, `lost`, `bad`. */
  readonly tone: 'source' | 'good' | 'waiting' | 'lost' | 'bad'
  readonly column: number
  /** Where the rows or files behind the number are shown. */
  readonly href?: string | undefined
  /** The number that is shown, where it is another than what flows through. */
  readonly value?: number | undefined
}

export interface FlowLink {
  readonly from: string
  readonly to: string
  readonly rows: number
}

/** Units of the drawing, which scales with the page. */
const WIDTH = 960
const NODE = 14
const GAP = 46
const LABELS = 190
/** The height of all rows together, and the least that any is given: few rows must not vanish beside millions. */
const ROWS = 220
const LEAST = 3

/** A Sankey diagram: nodes in columns, as high as the rows that go through them, and bands between them. */
export function sankey(title: string, nodes: readonly FlowNode[], links: readonly FlowLink[]): Html {
  const sidesOf = (id: string) => [links.filter(({ to }) => to === id), links.filter(({ from }) => from === id)]
  const through = (id: string) => Math.max(...sidesOf(id).map(sum))
  const shown = nodes.filter(({ id }) => through(id) > 0)
  const columns = Math.max(1, ...shown.map(({ column }) => column))
  const byColumn = [...Map.groupBy(shown, ({ column }) => column).values()]
  const total = Math.max(1, ...byColumn.map(some => some.reduce((all, { id }) => all + through(id), 0)))
  const high = (rows: number) => (rows === 0 ? 0 : Math.max(LEAST, (rows / total) * ROWS))
  const place = (column: readonly FlowNode[]) => {
    let bottom = 24
    return column.map(node => {
      // as high as its bands together, each of which has the least height
      const height = Math.max(...sidesOf(node.id).map(side => side.reduce((all, { rows }) => all + high(rows), 0)))
      const x = (node.column * (WIDTH - LABELS - NODE)) / columns
      const y = bottom
      bottom += height + GAP
      return { node, x, y, height, rows: through(node.id), out: 0, in: 0 }
    })
  }
  const placed = new Map(byColumn.flatMap(place).map(each => [each.node.id, each]))
  const bottom = Math.max(24 - GAP + 40, ...[...placed.values()].map(({ y, height }) => y + height + 40))
  const bands = links.flatMap(({ from, to, rows }) => {
    const [a, b] = [placed.get(from), placed.get(to)]
    if (!a || !b || rows === 0) return []
    const height = high(rows)
    const [x1, x2, y1, y2] = [a.x + NODE, b.x, a.y + a.out + height / 2, b.y + b.in + height / 2]
    a.out += height
    b.in += height
    const middle = (x1 + x2) / 2
    const path = `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`
    return [
      html`<path class="band ${b.node.tone}" d="${path}" stroke-width="${height.toFixed(1)}">
        <title>${a.node.label} → ${b.node.label}: ${count(rows)} rows</title></path>`,
    ]
  })
  const boxes = [...placed.values()].map(({ node, x, y, height, rows }) => {
    const box = html`<rect class="node ${node.tone}" x="${x}" y="${y}" width="${NODE}" height="${Math.max(LEAST, height).toFixed(1)}" rx="2"/>
<text x="${x + NODE + 8}" y="${y + 12}">
  <tspan class="number">${count(node.value ?? rows)}</tspan> <tspan class="label" x="${x + NODE + 8}" dy="17">${node.label}</tspan>
  </text>`
    return node.href === undefined
      ? box
      : html`<a href="${node.href}">
        <rect class="hit" x="${x}" y="${y - 4}" width="${LABELS}" height="${Math.max(40, height)}"/>${box}</a>`
  })
  return html`<svg class="sankey" viewBox="0 0 ${WIDTH} ${Math.ceil(bottom)}" role="group" aria-label="${title}">
    <title>${title}</title>${bands}${boxes}</svg>`
}

function sum(links: readonly FlowLink[]): number {
  return links.reduce((all, { rows }) => all + rows, 0)
}
