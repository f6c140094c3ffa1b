import { count, duration } from '../base/text.ts'
import { type Html, html } from './html.ts'

/** A bar over time. Its phases follow each other; times are UTC milliseconds. */
export interface GanttBar {
  readonly label: string
  readonly href?: string | undefined
  /** What is said at its end. */
  readonly note: string
  readonly phases: readonly { readonly kind: string; readonly from: number; readonly to: number }[]
}

const WIDTH = 960
const LABEL = 210
const NOTE = 150
const ROW = 22
const HEAD = 26

/** A Gantt chart: a line a bar, on one scale from the first beginning to the last end. */
export function gantt(title: string, bars: readonly GanttBar[]): Html {
  const times = bars.flatMap(({ phases }) => phases.flatMap(({ from, to }) => [from, to]))
  const [start, end] = times.length === 0 ? [0, 0] : [Math.min(...times), Math.max(...times)]
  const span = Math.max(1, end - start)
  const x = (time: number) => LABEL + ((time - start) / span) * (WIDTH - LABEL - NOTE)
  const height = HEAD + bars.length * ROW + 8
  const ticks = niceSteps(span, 5).map(
    at =>
      html`<line class="grid" x1="${x(start + at)}" x2="${x(start + at)}" y1="${HEAD - 6}" y2="${height}"/>
        <text class="tick" x="${x(start + at)}" y="14" text-anchor="middle">${at === 0 ? '0' : duration(at)}</text>`,
  )
  const lines = bars.map(({ label, href, note, phases }, i) => {
    const y = HEAD + i * ROW
    const name = html`<text class="label" x="${LABEL - 10}" y="${y + 14}" text-anchor="end">${shortened(label)}<title>${label}</title>
      </text>`
    const parts = phases.map(
      ({ kind, from, to }) =>
        html`<rect class="phase ${kind}" x="${x(from).toFixed(1)}" y="${y + 4}" width="${Math.max(1.5, x(to) - x(from)).toFixed(1)}" height="${ROW - 8}" rx="2">
          <title>${label}: ${kind}, ${duration(to - from)}</title></rect>`,
    )
    const last = phases.at(-1)
    return html`${href === undefined ? name : html`<a href="${href}">${name}</a>`}${parts}<text class="note" x="${x(last?.to ?? end) + 6}" y="${y + 14}">${note}</text>`
  })
  return html`<svg class="gantt" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}: ${count(bars.length)} bars over ${duration(span)}">${ticks}${lines}</svg>`
}

/** Round numbers from 0 to at most `most`, about as many as wanted. */
export function niceSteps(most: number, wanted: number): number[] {
  const rough = most / wanted
  const power = 10 ** Math.floor(Math.log10(rough || 1))
  const step = [1, 2, 5, 10].map(factor => factor * power).find(each => each >= rough) ?? power
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step)
}

/** The end of a long name, by which it differs from others. */
function shortened(label: string): string {
  const characters = [...label]
  return characters.length <= 30 ? label : `…${characters.slice(-29).join('')}`
}
