import { type Html, html } from './html.ts'

/** A graph that is laid out already, in units of its own. `x` and `y` are the middle of a node. */
export interface LaidGraph {
  readonly width: number
  readonly height: number
  readonly nodes: readonly {
    readonly id: string
    readonly kind: string
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
  }[]
  readonly edges: readonly {
    readonly from: string
    readonly to: string
    readonly points: readonly { readonly x: number; readonly y: number }[]
  }[]
}

/** What a node shows: a class of the style sheet, and a line below its name. */
export interface NodeState {
  readonly status: string
  readonly note: string
}

/** A state machine. States that `states` does not have are drawn without a colour. */
export function graph(
  title: string,
  { width, height, nodes, edges }: LaidGraph,
  states: ReadonlyMap<string, NodeState>,
): Html {
  const entered = enteredStates(nodes, edges, states)
  const places = new Map(nodes.map(({ id, x }) => [id, x]))
  const lines = edges.map(({ from, to, points }) => {
    // the states alone don't say whether a run went back
    const isForward = (places.get(from) ?? 0) < (places.get(to) ?? 0)
    const isUsed = isForward && entered.has(from) && entered.has(to)
    const [first, ...rest] = points
    return (
      first &&
      html`<path class="edge ${isUsed ? 'used' : ''}" marker-end="url(#arrow)" d="M${first.x} ${first.y}${rest.map(({ x, y }) => `L${x} ${y}`).join('')}"/>`
    )
  })
  const boxes = nodes.map(({ id, kind, x, y, width: wide, height: high }) => {
    const { status = 'idle', note = '' } = states.get(id) ?? {}
    const round = kind === 'Choice' || kind === 'Wait' ? high / 2 : 8
    return html`<g class="state ${status} ${kind.toLowerCase()}">
      <rect x="${x - wide / 2}" y="${y - high / 2}" width="${wide}" height="${high}" rx="${round}"/>
      <text x="${x}" y="${note === '' ? y + 4 : y - 3}" text-anchor="middle">${id}</text>${note !== '' && html`<text class="note" x="${x}" y="${y + 13}" text-anchor="middle">${note}</text>`}<title>${id}: ${status}${note === '' ? '' : `, ${note}`}</title>
      </g>`
  })
  return html`<svg class="machine" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}"><defs>
    <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
    <path class="head" d="M0 0L8 4L0 8Z"/></marker></defs>${lines}${boxes}</svg>`
}

/** The states that a run has come to. A choice leaves no trace of its own: it lies between two states that do. */
function enteredStates(
  nodes: LaidGraph['nodes'],
  edges: LaidGraph['edges'],
  states: ReadonlyMap<string, NodeState>,
): ReadonlySet<string> {
  const entered = new Set(
    [...states].filter(([, { status }]) => ['done', 'running', 'failed'].includes(status)).map(([id]) => id),
  )
  const choices = nodes.filter(({ id, kind }) => kind === 'Choice' && !entered.has(id))
  for (const { id } of choices) {
    const isBetween = edges.some(({ from, to }) => to === id && entered.has(from))
    if (isBetween && edges.some(({ from, to }) => from === id && entered.has(to))) entered.add(id)
  }
  return entered
}
