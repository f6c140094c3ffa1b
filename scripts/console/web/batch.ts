import { bytes, count, duration, executionName, listed, many } from '../../../functions/base/text.ts'
import { figure } from '../../../functions/draw/figure.ts'
import { type Html, html } from '../../../functions/draw/html.ts'
import type { BatchPage } from '../../../functions/maintain/console/batch-page.ts'
import type { CommitLine } from '../../../functions/report/commit-line.ts'
import { DONE } from '../../../functions/report/flow.ts'
import { flowPicture } from '../../../functions/report/flow-picture.ts'
import { itemsPanel } from '../../../functions/report/items-panel.ts'
import { leftOutPanels } from '../../../functions/report/left-out.ts'
import { flowAddresses } from './flow-addresses.ts'
import { showLater } from './later-table.ts'
import { address, type ConsolePage, get, timeText } from './view.ts'

const FILE_COLUMNS = [
  'file',
  'read',
  'written',
  'unmatched',
  'filtered',
  'without key',
  'size',
  'into',
  'modified',
] as const

/** One batch: its rows, its items over time, its files, its query, its commits. */
export const batchView: ConsolePage = {
  title: 'Batch',
  live: false,
  load: async asked => {
    const id = asked.get('id') ?? ''
    const batch = await get('/api/batch', { batch: id })
    const last = batch.lines.at(-1)
    return {
      page: html`${head(id, batch, last)}${last && figures(batch, last, id)}
<section class="panel" aria-labelledby="rows"><h2 id="rows">Where its rows went</h2>
  <div class="wide" tabindex="0" role="region" aria-label="Flow">${flowPicture(batch.flow, flowAddresses(id))}</div></section>
${last && itemsPanel(batch.items, { ...last, plannedAt: batch.plannedAt })}${leftOutPanels(batch)}
<section class="panel" aria-labelledby="files"><h2 id="files">Files</h2><div id="file-list" class="table" role="region">
  </div></section>
${query(batch)}${last && details(batch, last)}`,
      start: root => (last ? startFiles(root, last) : undefined),
    }
  },
}

function head(
  id: string,
  { lines, newer, older, packedInto, absorbed }: BatchPage,
  last: CommitLine | undefined,
): Html {
  const chain = lines.map(
    ({ version, operation, replacedBy }) =>
      html`<li class="${replacedBy !== null && 'lost'}">
        <a href="/api/commit?version=${version}" target="_blank">version ${version}</a> ${operation}${replacedBy !== null && html` <span class="muted">replaced</span>`}</li>`,
  )
  return html`<p class="crumbs">
    <a href="/batches">Batches</a>${older !== null && html` <a href="/batch/${older}" rel="prev">← older</a>`}${newer !== null && html` <a href="/batch/${newer}" rel="next">newer →</a>`}</p>
    <h1>Batch <code>${id}</code></h1>${packedInto !== null && html`<p>It was packed into batch <a href="/batch/${packedInto}"><code>${packedInto}</code></a>, which is shown here.</p>`}${absorbed.length > 0 && html`<p>${many(absorbed.length, 'other batch')} of the day ${absorbed.length === 1 ? 'was' : 'were'} packed into ${packedInto === null ? 'it' : 'that'}: ${listed(absorbed, 3)}.</p>`}
    <p class="lead">${last && DONE[last.operation]} ${last && timeText(last.committedAt)} by <code>${executionName(last?.execution ?? '')}</code>
    </p>${lines.length > 1 && html`<ol class="chain" aria-label="Its commits">${chain}</ol>`}`
}

function figures({ waiting, dimensions, rules, bronzeFiles, items }: BatchPage, last: CommitLine, id: string): Html {
  return html`<dl class="figures">${figure('Written', html`<a href="${address('/rows', { batch: id })}">${many(last.rows.written, 'row')}</a>`, `of ${count(last.rows.read)} read`)}${figure('Bronze', many(bronzeFiles, 'file'), bytes(last.bytesRead))}${figure('Silver', many(items.length, 'file'), bytes(last.bytesWritten))}${figure('Took', duration(last.milliseconds), 'from its plan to its commit')}${dimensions.map(({ name, rows, snapshot }) => figure(`Joined with ${name}`, count(rows), html`snapshot <code>${snapshot.slice(0, 8)}</code>`))}${rules.map(({ name, violated, action }) => figure(`Rule ${name}`, count(violated), html`rows break it (<code>${action}</code>)`))}${waiting !== null && figure('Still waiting', html`<a href="${address('/rows', { set: 'parked', batch: id })}">${many(waiting, 'row')}</a>`, 'of those that it has parked')}</dl>`
}

function query({ sql, before }: BatchPage): Html {
  if (!before || before.difference.length === 0) {
    const same = before
      ? html`The query of batch <a href="/batch/${before.batch}">${before.batch}</a> too.`
      : 'The query of the first batch.'
    return html`<section class="panel"><h2>Query</h2><p class="muted">${same}</p><details id="sql">
      <summary>silver.sql as it was</summary><pre class="sql" tabindex="0">${sql}</pre></details></section>`
  }
  const lines = before.difference.map(
    line =>
      html`<span class="${line.startsWith('+ ') ? 'added' : line.startsWith('- ') ? 'removed' : ''}">${line}\n</span>`,
  )
  return html`<section class="panel"><h2>Query</h2>
    <p class="muted">Another than that of batch <a href="/batch/${before.batch}">${before.batch}</a>:</p>
    <pre class="sql diff" tabindex="0">${lines}</pre></section>`
}

function details({ location, dimensions }: BatchPage, last: CommitLine): Html {
  const from = dimensions.map(
    ({ name, snapshot, files }) =>
      html`<div><dt>${name}</dt><dd><code>${snapshot}</code><ul class="names">${files.map(
        key => html`<li>
        <code>${key}</code></li>`,
      )}</ul></dd></div>`,
  )
  return html`<section class="panel"><h2>Where it lies</h2><dl class="facts-list"><div><dt>silver</dt><dd>
    <code>${location}</code></dd></div><div><dt>attempt</dt><dd><code>${last.attempt}</code></dd></div>${from}<div>
    <dt>commit</dt><dd><a href="/api/commit?version=${last.version}" target="_blank">its JSON ↗</a></dd></div></dl>
    </section>`
}

function startFiles(root: HTMLElement, { version, bronzeFiles, parkedFiles }: CommitLine): (() => void) | undefined {
  const fetch = async (start: number, to: number) => {
    const { files } = await get('/api/batch/files', { version, offset: start, limit: to - start })
    return files.map(({ key, rows, size, silver, modified }) => [
      ...[key, rows.read, rows.written, rows.unmatched, rows.filtered, rows.nullKey, bytes(size), silver],
      modified?.slice(0, 19).replace('T', ' ') ?? '',
    ])
  }
  const source = { columns: FILE_COLUMNS, rows: bronzeFiles + parkedFiles, fetch }
  return showLater(root, '#file-list', source, { name: 'Bronze and parked files', widths: { file: 300 } })
}
