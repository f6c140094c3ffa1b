import { count, duration } from '../../../functions/base/text.ts'
import { barChart, lineChart, type Point } from '../../../functions/draw/charts.ts'
import { type Html, html } from '../../../functions/draw/html.ts'
import type { AskedRows } from '../api.ts'
import { post } from './view.ts'

/** Points of a chart. */
const POINTS = 200

/** A box for a statement; its rows are shown as a table or a chart, or taken away as a file. */
export function askBox(sql: string): Html {
  return html`<section class="panel ask" aria-labelledby="ask"><h2 id="ask">Ask</h2>
<form id="ask-form" method="post" action="/api/export"><label class="unseen" for="sql">Statement</label>
  <textarea id="sql" name="sql" rows="${Math.min(12, sql.split('\n').length + 1)}" spellcheck="false" aria-describedby="ask-help">${sql}</textarea>
<p id="ask-help" class="muted">One SELECT over silver.reviews, as <code>silversmith query</code> takes it: it only reads. Ctrl+Enter runs it.</p>
<div class="bar"><button type="submit" id="run" class="primary" name="run">Run</button>
  <div class="segments" role="group" aria-label="Show as">${['table', 'bar', 'line'].map((kind, i) => html`<button type="button" data-show="${kind}" aria-pressed="${i === 0 ? 'true' : 'false'}">${kind}</button>`)}</div>
  <span class="spread"></span><button type="submit" name="format" value="csv">Export CSV</button>
  <button type="submit" name="format" value="parquet">Export Parquet</button></div></form>
<p id="ask-state" class="muted" role="status"></p><div id="ask-result"></div></section>`
}

/** Makes the box work. Returns what ends it. */
export function startAsk(root: HTMLElement, atOnce: boolean): () => void {
  const form = root.querySelector<HTMLFormElement>('#ask-form')
  const box = root.querySelector<HTMLTextAreaElement>('#sql')
  const [state, result] = [root.querySelector('#ask-state'), root.querySelector('#ask-result')]
  if (!form || !box || !state || !result) return () => undefined
  let rows: AskedRows | undefined
  let kind = 'table'
  let end: (() => void) | undefined
  const show = async () => {
    end?.()
    end = undefined
    if (!rows) return
    const { columns } = rows
    const asked = rows
    if (kind === 'table') {
      result.innerHTML = '<div class="table" role="region"></div>'
      const { showTable } = await import('./table/show-table.ts')
      const fetch = async (from: number, to: number) => asked.rows.slice(from, to)
      if (result.firstElementChild && asked === rows)
        end = showTable(
          result.firstElementChild,
          { columns: unique(columns), rows: asked.rows.length, fetch },
          { name: 'Answer' },
        )
      return
    }
    result.innerHTML = chartOf(asked, kind === 'line').text
  }
  const run = async () => {
    state.textContent = 'Asking …'
    state.classList.remove('problem')
    try {
      rows = await post<AskedRows>('/api/ask', { sql: box.value })
      state.textContent = `${rows.more ? 'the first ' : ''}${count(rows.rows.length)} rows, ${duration(rows.milliseconds)}`
      const address = new URL(location.href)
      address.searchParams.set('sql', box.value)
      history.replaceState(null, '', address)
    } catch (error) {
      rows = undefined
      result.innerHTML = ''
      state.textContent = error instanceof Error ? error.message : String(error)
      state.classList.add('problem')
    }
    await show()
  }
  form.addEventListener('submit', event => {
    if (event.submitter instanceof HTMLButtonElement && event.submitter.name === 'format') return // a download
    event.preventDefault()
    void run()
  })
  box.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void run()
  })
  const buttons = form.querySelectorAll<HTMLButtonElement>('[data-show]')
  for (const button of buttons) {
    button.addEventListener('click', () => {
      kind = button.dataset.show ?? 'table'
      for (const each of buttons) each.setAttribute('aria-pressed', String(each === button))
      void show()
    })
  }
  if (atOnce) void run()
  return () => end?.()
}

/** The last column with numbers over the first column. */
function chartOf({ columns, rows }: AskedRows, isLine: boolean): Html {
  const isNumber = (value: unknown) => value !== null && value !== '' && Number.isFinite(Number(value))
  const at = columns.findLastIndex((_, i) => (i > 0 || columns.length === 1) && rows.some(row => isNumber(row[i])))
  if (at < 0) return html`<p class="problem">A chart needs a column of numbers behind the first column.</p>`
  const points: Point[] = rows
    .slice(0, POINTS)
    .map(row => ({ label: String(row[0] ?? 'null'), value: isNumber(row[at]) ? Number(row[at]) : 0 }))
  const title = `${columns[at]} by ${columns[0]}`
  const left = rows.length > POINTS && html`<p class="muted">The first ${POINTS} rows.</p>`
  return html`<figure>
    <figcaption>${title}</figcaption>${isLine ? lineChart(title, points) : barChart(title, points)}${left}</figure>`
}

/** Column names that each occur once: a table tells its columns by their names. */
function unique(names: readonly string[]): string[] {
  return names.map((name, i) => (names.indexOf(name) === i ? name : `${name} (${i + 1})`))
}
