import { bytes, count, duration, many } from '../../../functions/base/text.ts'
import { barChart } from '../../../functions/draw/charts.ts'
import { type Html, html } from '../../../functions/draw/html.ts'
import type { TimelineBar } from '../../../functions/maintain/console/timeline.ts'
import type { CommitLine } from '../../../functions/report/commit-line.ts'
import { showLater } from './later-table.ts'
import { type Asked, address, type ConsolePage, get } from './view.ts'

const COLUMNS = [
  'version',
  'batch',
  'operation',
  'committed',
  'written',
  'read',
  'parked',
  'filtered',
  'without key',
  'bronze files',
  'quarantined',
  'bytes',
  'took',
  'replaced by',
] as const

const MEASURES = {
  rows: ['rows written', bar => bar.written],
  bytes: ['bytes written', bar => bar.bytesWritten],
  seconds: ['seconds', bar => bar.milliseconds / 1000],
} as const satisfies Readonly<Record<string, readonly [string, (bar: TimelineBar) => number]>>

/** All commits: over time, and in a list that any number of them scrolls in. */
export const batchesView: ConsolePage = {
  title: 'Batches',
  live: true,
  load: async asked => {
    const { total, bars } = await get('/api/timeline', { bars: 160 })
    return {
      page: html`<h1>Batches</h1>${
        total === 0
          ? html`<p class="empty">Nothing is committed yet.</p>`
          : html`${chart(bars, total, asked)}<div id="commits" class="table tall" role="region">
        </div>`
      }`,
      start: root => startList(root, total),
    }
  },
}

function chart(bars: readonly TimelineBar[], total: number, asked: Asked): Html {
  const measure = asked.get('show') === 'bytes' ? 'bytes' : asked.get('show') === 'seconds' ? 'seconds' : 'rows'
  const [label, value] = MEASURES[measure]
  const points = bars.map(bar => {
    const isOne = bar.from === bar.to
    const note = [
      bar.replaced > 0 && `${bar.replaced} replaced since`,
      bar.replaces > 0 && `${bar.replaces} of them replace`,
      bar.quarantined > 0 && `${many(bar.quarantined, 'file')} in quarantine`,
    ].filter(each => each !== false)
    return {
      ...{
        label: isOne ? `version ${bar.from}` : `${bar.from}–${bar.to}`,
        value: value(bar),
        note: [bar.committedAt.slice(0, 19), ...note].join(', '),
      },
      tone:
        bar.quarantined > 0
          ? 'bad'
          : bar.replaced === bar.to - bar.from + 1
            ? 'lost'
            : bar.replaces > 0
              ? 'source'
              : 'good',
      href: `/batch/${bar.batch}`,
    }
  })
  const links = Object.entries(MEASURES).map(
    ([name, [text]]) =>
      html`<a href="${address('/batches', { show: name === 'rows' ? '' : name })}" ${name === measure && html`aria-current="true"`}>${text}</a>`,
  )
  const keys = html`<span class="keys"><span class="key good">append</span><span class="key source">replace</span>
    <span class="key lost">replaced since</span><span class="key bad">with quarantine</span></span>`
  return html`<section class="panel" aria-label="Timeline"><div class="head">
    <div class="segments" role="group" aria-label="What is shown">${links}</div>${keys}<span class="muted">${many(total, 'commit')}${bars.length < total && `, ${Math.ceil(total / bars.length)} a bar`}</span>
    </div>${barChart(`Commits over time, by ${label}`, points, 200)}</section>`
}

function startList(root: HTMLElement, total: number): (() => void) | undefined {
  const fetch = async (start: number, to: number) => {
    const { lines } = await get('/api/batches', { offset: start, limit: to - start })
    return lines.map(valuesOf)
  }
  const link = (column: string, value: unknown) => (column === 'batch' ? `/batch/${value}` : undefined)
  const options = { name: 'Commits, the newest first', link, widths: { batch: 235, committed: 165 } }
  return showLater(root, '#commits', { columns: COLUMNS, rows: total, fetch }, options)
}

function valuesOf(line: CommitLine): unknown[] {
  const { version, batch, operation, committedAt, rows, parked, bronzeFiles, quarantined } = line
  const replaces = line.replaces === null ? operation : `${operation} of ${line.replaces}`
  return [
    ...[String(version), batch, replaces, committedAt.slice(0, 19).replace('T', ' '), rows.written, rows.read, parked],
    ...[rows.filtered, rows.nullKey, bronzeFiles, quarantined, bytes(line.bytesWritten), duration(line.milliseconds)],
    line.replacedBy === null ? '' : `version ${count(line.replacedBy)}`,
  ]
}
