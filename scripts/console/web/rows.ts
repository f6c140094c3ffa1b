import { many } from '../../../functions/base/text.ts'
import { type Html, html } from '../../../functions/draw/html.ts'
import type { AskedRows, RowsView } from '../api.ts'
import { askBox, startAsk } from './ask-box.ts'
import { type Asked, address, type ConsolePage, get, post } from './view.ts'

const SETS = { silver: 'Silver', parked: 'Waiting', quarantined: 'In quarantine' } as const

/** The rows themselves, read from the Parquet files as they come into sight; filtered and asked by SQL. */
export const rowsView: ConsolePage = {
  title: 'Rows',
  live: false,
  load: async asked => {
    const view = await get('/api/rows', { set: asked.get('set'), batch: asked.get('batch') })
    const filter = filterOf(asked)
    const found = filter && (await post<AskedRows>('/api/ask', { sql: filter }))
    const rows = view.files.reduce((sum, file) => sum + (file.rows ?? 0), 0)
    return {
      page: html`<h1>Rows</h1>${bar(view)}${view.set !== 'quarantined' && filterForm(view, asked)}${heading(view, rows, found)}<div id="row-table" class="table tall" role="region">
        </div><ul id="faults" class="names">
        </ul>${askBox(asked.get('sql') ?? filter ?? 'SELECT star_rating, COUNT(*) AS reviews FROM silver.reviews GROUP BY 1 ORDER BY 1')}`,
      start: root => start(root, view, found, asked),
    }
  },
}

function bar({ set, batch }: RowsView): Html {
  const links = Object.entries(SETS).map(
    ([name, label]) =>
      html`<a href="${address('/rows', { set: name === 'silver' ? '' : name, batch })}" ${name === set && html`aria-current="true"`}>${label}</a>`,
  )
  const only =
    batch !== null &&
    html`<span class="chip">batch <a href="/batch/${batch}">${batch}</a> <a href="${address('/rows', { set })}" aria-label="Show all batches">×</a>
      </span>`
  return html`<div class="bar"><div class="segments" role="group" aria-label="Which rows">${links}</div>${only}</div>`
}

function heading({ set, files }: RowsView, rows: number, found: AskedRows | null | undefined | ''): Html {
  if (found)
    return html`<p class="lead">${found.more && 'The first '}${many(found.rows.length, 'row')} of those that are asked for.</p>`
  if (files.length === 0)
    return html`<p class="empty">${set === 'silver' ? 'No row is in silver.' : set === 'parked' ? 'No review waits for its customer.' : 'No file is in quarantine.'}</p>`
  return html`<p class="lead">${set === 'quarantined' ? many(files.length, 'file') : many(rows, 'row')}${set !== 'quarantined' && html` in ${many(files.length, 'file')}`}</p>`
}

const TESTS = { is: 'is', contains: 'contains', null: 'is NULL', set: 'is not NULL' } as const

function filterForm({ set, columns, batch }: RowsView, asked: Asked): Html {
  const options = (names: readonly (readonly [string, string])[], chosen: string | null) =>
    names.map(([name, label]) => html`<option value="${name}" ${name === chosen && html`selected`}>${label}</option>`)
  return html`<form class="inline" action="/rows" method="get">${set !== 'silver' && html`<input type="hidden" name="set" value="${set}">`}${batch !== null && html`<input type="hidden" name="batch" value="${batch}">`}<label>Column <select id="column" name="column">${options(
    columns.map(name => [name, name]),
    asked.get('column'),
  )}</select></label><label><span class="unseen">Condition</span>
    <select id="test" name="test">${options(Object.entries(TESTS), asked.get('test'))}</select></label><label>
    <span class="unseen">Value</span>
    <input id="value" name="value" value="${asked.get('value') ?? ''}" size="18" spellcheck="false"></label>
    <button type="submit">Filter</button>${asked.has('column') && html`<a href="${address('/rows', { batch, set: set === 'silver' ? '' : set })}">show all</a>`}</form>`
}

/** The SQL of a filter, which DuckDB or Athena runs; undefined for none. Names and values are quoted. */
function filterOf(asked: Asked): string | undefined {
  const [column, value, batch] = ['column', 'value', 'batch'].map(name => asked.get(name) ?? '')
  if (!column) return undefined
  const name = `"${column.replaceAll('"', '""')}"`
  const text = `'${(value ?? '').replaceAll("'", "''")}'`
  const tests: Readonly<Record<string, string>> = {
    is: `CAST(${name} AS VARCHAR) = ${text}`,
    contains: `strpos(lower(CAST(${name} AS VARCHAR)), lower(${text})) > 0`,
    null: `${name} IS NULL`,
    set: `${name} IS NOT NULL`,
  }
  const conditions = [
    tests[asked.get('test') ?? 'is'] ?? tests.is,
    ...(batch ? [`batch = '${batch.replaceAll("'", "''")}'`] : []),
  ]
  const table = asked.get('set') === 'parked' ? 'silver.parked' : 'silver.reviews'
  return `SELECT * FROM ${table}\nWHERE ${conditions.join('\n  AND ')}`
}

function start(root: HTMLElement, view: RowsView, found: AskedRows | null | undefined | '', asked: Asked): () => void {
  const ends: (() => void)[] = [startAsk(root, asked.has('sql'))]
  const element = root.querySelector('#row-table')
  let isOver = false
  const show = async () => {
    const { showTable } = await import('./table/show-table.ts')
    const name = `${SETS[view.set]} rows`
    if (!element || isOver) return
    if (found) {
      const columns = inOrder(view.columns, found.columns)
      const at = columns.map(column => found.columns.indexOf(column))
      const fetch = async (from: number, to: number) => found.rows.slice(from, to).map(row => at.map(i => row[i]))
      return void ends.push(showTable(element, { columns, rows: found.rows.length, fetch }, { name, link }))
    }
    const { ParquetRows } = await import('./parquet-rows.ts')
    const { files, columns } = view.set === 'quarantined' ? await readable(root, view) : await withOwn(view)
    if (isOver || files.length === 0) return element.classList.add('none')
    ends.push(showTable(element, new ParquetRows(files, columns), { name, link }))
  }
  void show()
  return () => {
    isOver = true
    for (const end of ends) end()
  }
}

/** A review's id leads to what happened to it. */
const link = (column: string, value: unknown): string | undefined =>
  column.toLowerCase() === 'review_id' && typeof value === 'string' ? address('/why', { id: value }) : undefined

/** Columns in the order that is wished, the others behind. */
function inOrder(wished: readonly string[], columns: readonly string[]): string[] {
  const first = wished.filter(name => columns.includes(name))
  return [...first, ...columns.filter(name => !first.includes(name))]
}

/** Parked files have the columns of bronze, and where each row came from. */
async function withOwn(view: RowsView): Promise<Pick<RowsView, 'files' | 'columns'>> {
  const [first] = view.files
  if (view.set === 'silver' || !first) return view
  const { openUnknown } = await import('./parquet-rows.ts')
  const opened = await openUnknown(first)
  return 'fault' in opened ? view : { files: view.files, columns: inOrder(view.columns, opened.columns) }
}

/** The files of the quarantine that can be read in the browser; what is wrong with the others is said. */
async function readable(root: HTMLElement, view: RowsView): Promise<Pick<RowsView, 'files' | 'columns'>> {
  const { openUnknown } = await import('./parquet-rows.ts')
  const opened = await Promise.all(view.files.slice(0, 100).map(file => openUnknown(file)))
  const list = root.querySelector('#faults')
  const lines = view.files.map((file, i) => {
    const each = opened[i]
    const seen =
      each && 'file' in each ? `${many(each.file.rows ?? 0, 'row')} can be read` : 'nothing of it can be read'
    return html`<li><code>${file.key}</code><span>${file.reason}</span><span class="muted">${seen}</span></li>`
  })
  if (list) list.innerHTML = html`${lines}`.text
  const whole = opened.flatMap(each => ('file' in each ? [each] : []))
  const columns = [...new Set(whole.flatMap(each => each.columns))]
  return { files: whole.map(({ file }) => file), columns: inOrder(view.columns, columns) }
}
