import { count, duration, many } from '../base/text.ts'
import { type GanttBar, gantt } from '../draw/gantt.ts'
import { type Html, html } from '../draw/html.ts'
import type { ItemTimes } from '../protocol/result.ts'
import type { TimedItem } from './items.ts'

/** Bars of the Gantt chart. */
const BARS = 60

/** The items of a commit over time, from its plan (ISO 8601) to the commit. */
export function itemsPanel(
  all: readonly TimedItem[],
  commit: { readonly plannedAt: string; readonly committedAt: string; readonly version: number },
): Html {
  const timed = all.filter(({ times }) => times !== null)
  if (timed.length === 0) {
    return html`<section class="panel"><h2>Its items over time</h2>
      <p class="muted">Its silver files do not say how long they took: an earlier version wrote them, or they are gone.</p>
      </section>`
  }
  const slowest = new Set(timed.toSorted((a, b) => (b.times?.written ?? 0) - (a.times?.written ?? 0)).slice(0, BARS))
  const shown = timed.filter(item => slowest.has(item))
  const bars = shown.flatMap(item => barOf(item, Date.parse(commit.plannedAt)))
  const ends = bars.flatMap(({ phases }) => phases.map(({ to }) => to))
  const last: GanttBar = {
    ...{ label: 'commit', note: `version ${commit.version}` },
    phases: [{ kind: 'commit', from: Math.max(...ends), to: Math.max(...ends, Date.parse(commit.committedAt)) }],
  }
  const isSpent = shown.some(({ times }) => times?.spent)
  const isOld = shown.some(({ times }) => !times?.spent)
  const keys = html`<span class="keys"><span class="key wait">wait</span>${
    isSpent &&
    html`<span class="key read">read</span>
    <span class="key join">join</span><span class="key write">write</span>`
  }${
    isOld &&
    html`<span class="key open">read footers and customers</span>
    <span class="key rest">all else, by an earlier version</span>`
  }<span class="key commit">commit</span></span>`
  return html`<section class="panel" aria-labelledby="items"><div class="head">
    <h2 id="items">Its items over time</h2>${keys}${shown.length < all.length && html`<span class="muted">the ${shown.length} slowest of ${count(all.length)}</span>`}</div>
    <div class="wide" tabindex="0" role="region" aria-label="Items over time">${gantt('Items over time', [...bars, last])}</div>
    ${isSpent && html`<p class="muted">An item reads, joins and writes row group by row group: each segment is the sum of its time.</p>`}${itemsTable(shown, Date.parse(commit.plannedAt))}
    </section>`
}

/** What the picture shows, in words. */
function itemsTable(items: readonly TimedItem[], planned: number): Html {
  const rows = items.map(item => {
    const { times } = item
    const spent = times?.spent
    const cells = [
      times && Date.parse(times.started) - Math.min(planned, Date.parse(times.started)),
      ...[spent?.read, spent?.join, spent?.write, times?.written],
    ]
    return html`<tr><th scope="row">${nameOf(item)}</th>${cells.map(time => html`<td class="number">${time === undefined || time === null ? 'not known' : duration(time)}</td>`)}</tr>`
  })
  const heads = ['wait', 'read', 'join', 'write', 'read to write'].map(
    name => html`<th scope="col" class="number">${name}</th>`,
  )
  return html`<details id="items-as-table"><summary>As a table</summary><div class="scroll" tabindex="0" role="region" aria-label="Items over time as a table">
    <table><thead><tr><th scope="col">item</th>${heads}</tr></thead><tbody>${rows}</tbody></table></div></details>`
}

/** An item by the name of its file, or of its first one. */
function nameOf({ silver, sources, named }: TimedItem): string {
  const name = named[0]?.split('/').at(-1) ?? silver
  return sources > 1 ? `${name} + ${sources - 1}` : name
}

function barOf(item: TimedItem, planned: number): GanttBar[] {
  const { rows, times } = item
  if (!times) return []
  const started = Date.parse(times.started)
  const wait = { kind: 'wait', from: Math.min(planned, started), to: started }
  return [{ label: nameOf(item), note: many(rows, 'row'), phases: [wait, ...phasesOf(times, started)] }]
}

/** The phases of an item one after the other, each as long as it took in all; for an earlier version, those that it knew. */
function phasesOf({ opened, written, spent }: ItemTimes, started: number): GanttBar['phases'] {
  if (!spent)
    return [
      { kind: 'open', from: started, to: started + opened },
      { kind: 'rest', from: started + opened, to: started + written },
    ]
  const { read, join } = spent
  return [
    { kind: 'read', from: started, to: started + read },
    { kind: 'join', from: started + read, to: started + read + join },
    { kind: 'write', from: started + read + join, to: started + written },
  ].filter(({ from, to }) => to > from)
}
