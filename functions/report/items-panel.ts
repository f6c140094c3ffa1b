import { count, many } from '../base/text.ts'
import { type GanttBar, gantt } from '../draw/gantt.ts'
import { type Html, html } from '../draw/html.ts'
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
  const keys = html`<span class="keys"><span class="key wait">wait</span>
    <span class="key open">read footers and customers</span><span class="key join">join and write</span>
    <span class="key commit">commit</span></span>`
  return html`<section class="panel" aria-labelledby="items"><div class="head">
    <h2 id="items">Its items over time</h2>${keys}${shown.length < all.length && html`<span class="muted">the ${shown.length} slowest of ${count(all.length)}</span>`}</div>
    <div class="wide" tabindex="0" role="region" aria-label="Items over time">${gantt('Items over time', [...bars, last])}</div>
    </section>`
}

/** An item as a bar, by the name of its file, or of its first one. */
function barOf({ silver, rows, sources, named, times }: TimedItem, planned: number): GanttBar[] {
  if (!times) return []
  const started = Date.parse(times.started)
  const name = named[0]?.split('/').at(-1) ?? silver
  return [
    {
      label: sources > 1 ? `${name} + ${sources - 1}` : name,
      note: many(rows, 'row'),
      phases: [
        { kind: 'wait', from: Math.min(planned, started), to: started },
        { kind: 'open', from: started, to: started + times.opened },
        { kind: 'join', from: started + times.opened, to: started + times.written },
      ],
    },
  ]
}
