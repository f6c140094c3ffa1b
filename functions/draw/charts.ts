import { niceSteps } from './gantt.ts'
import { type Html, html } from './html.ts'

/** A column of a chart. */
export interface Point {
  readonly label: string
  readonly value: number
  /** Its colour: a class of the style sheet. */
  readonly tone?: string | undefined
  readonly href?: string | undefined
  /** What is said after the number. */
  readonly note?: string | undefined
}

const WIDTH = 960
const LEFT = 64
const BOTTOM = 26
/** The widest bar with its gap. */
const WIDEST = 72

/** Bars side by side, from zero. */
export function barChart(title: string, points: readonly Point[], height = 220): Html {
  const { y, axis, top } = scale(points, height)
  const step = Math.min(WIDEST, (WIDTH - LEFT) / Math.max(1, points.length))
  const gap = step > 6 ? Math.min(8, step * 0.25) : 0
  const every = Math.ceil(points.length / 8)
  const bars = points.map(({ label, value, tone = 'bar', href, note }, i) => {
    const x = LEFT + i * step
    const tall = Math.max(value === 0 && tone !== 'bad' ? 0 : 2, Math.abs(y(value) - y(0)))
    const text = `${label}: ${shown(value)}${note === undefined ? '' : `, ${note}`}`
    const bar = html`<rect class="hit" x="${x.toFixed(2)}" y="${top}" width="${step.toFixed(2)}" height="${height - BOTTOM - top}"/>
      <rect class="${tone}" x="${(x + gap / 2).toFixed(2)}" y="${(value < 0 ? y(0) : y(0) - tall).toFixed(1)}" width="${Math.max(0.5, step - gap).toFixed(2)}" height="${tall.toFixed(1)}"/>
      <title>${text}</title>`
    const name =
      i % every === 0 &&
      html`<text class="tick" x="${(x + step / 2).toFixed(1)}" y="${height - 8}" text-anchor="middle">${cut(label)}</text>`
    return html`${href === undefined ? html`<g>${bar}</g>` : html`<a href="${href}" aria-label="${text}">${bar}</a>`}${name}`
  })
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${height}" role="group" aria-label="${title}">${axis}${bars}</svg>`
}

/** A line through the points, evenly spaced. */
export function lineChart(title: string, points: readonly Point[], height = 220): Html {
  const { y, axis } = scale(points, height)
  const step = (WIDTH - LEFT - 12) / Math.max(1, points.length - 1)
  const every = Math.ceil(points.length / 8)
  const at = points.map(({ value }, i) => `${(LEFT + i * step).toFixed(1)} ${y(value).toFixed(1)}`)
  const dots = points.map(
    ({ label, value }, i) =>
      html`<circle class="dot" cx="${(LEFT + i * step).toFixed(1)}" cy="${y(value).toFixed(1)}" r="${points.length > 60 ? 2 : 4}">
        <title>${label}: ${shown(value)}</title>
        </circle>${i % every === 0 && html`<text class="tick" x="${(LEFT + i * step).toFixed(1)}" y="${height - 8}" text-anchor="middle">${cut(label)}</text>`}`,
  )
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">${axis}<path class="line" d="M${at.join('L')}"/>${dots}</svg>`
}

function scale(points: readonly Point[], height: number) {
  const values = points.map(({ value }) => value)
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)]
  const top = 12
  const span = most - least || 1
  const y = (value: number) => top + ((most - value) / span) * (height - BOTTOM - top)
  const below = niceSteps(-least, 4).slice(1) // without the 0
  const steps = [...niceSteps(most, 4), ...below.map(step => -step)]
  const axis = steps.map(
    step =>
      html`<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${y(step).toFixed(1)}" y2="${y(step).toFixed(1)}"/>
        <text class="tick" x="${LEFT - 8}" y="${(y(step) + 4).toFixed(1)}" text-anchor="end">${shown(step)}</text>`,
  )
  return { y, axis, top }
}

const NUMBER = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 2 })

function shown(value: number): string {
  return Math.abs(value) < 10_000 ? value.toLocaleString('en-US', { maximumFractionDigits: 3 }) : NUMBER.format(value)
}

function cut(label: string): string {
  const characters = [...label]
  return characters.length <= 14 ? label : `${characters.slice(0, 13).join('')}…`
}
