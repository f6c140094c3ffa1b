import { bytes, count, duration, executionName, many } from '../base/text.ts'
import { figure } from '../draw/figure.ts'
import { type Html, html } from '../draw/html.ts'
import { STYLE } from '../draw/style.ts'
import type { BatchCommit, BronzeFile, UnparkedFile } from '../protocol/commit.ts'
import type { ItemResult } from '../protocol/result.ts'
import { type CommitLine, lineOf, plannedBefore } from './commit-line.ts'
import { DONE, flowOf } from './flow.ts'
import { flowPicture } from './flow-picture.ts'
import { describeItems, timeItems } from './items.ts'
import { itemsPanel } from './items-panel.ts'
import { leftOutPanels } from './left-out.ts'

/** Files of the batch, and of each dimension, that are named. */
const FILES = 500
const DIMENSION_FILES = 20

/** What a report says of an item: a part of its result. */
export type ReportedItem = Pick<ItemResult, 'plannedAt' | 'times'>

/**
 * What one commit did, as a page that needs nothing else and runs no script. Pure: the commit and the results of its
 * items (in their order, undefined for files that are gone) decide every byte. It has keys, counts, reasons and the
 * query, and no value of any row.
 */
export function batchReport(commit: BatchCommit, results: readonly (ReportedItem | undefined)[]): string {
  const line = lineOf(commit, null)
  const plannedAt = results.find(result => result !== undefined)?.plannedAt ?? plannedBefore(line)
  const { batch, committedAt, version, execution } = commit
  const done = DONE[commit.operation]
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Batch ${batch}</title><style>${STYLE}</style></head><body><main>
<h1>Batch <code>${batch}</code></h1>
<p class="lead">
  ${done} <time datetime="${committedAt}">${committedAt.slice(0, 19).replace('T', ' ')} UTC</time> by <code>${executionName(execution)}</code>, version ${version} of the log</p>
${figures(commit, line)}
<section class="panel" aria-labelledby="rows"><h2 id="rows">Where its rows went</h2>
  <div class="wide" tabindex="0" role="region" aria-label="Flow">${flowPicture(flowOf([line]))}</div></section>
${itemsPanel(timeItems(describeItems(commit), results), { plannedAt, committedAt, version })}
${trouble(commit)}
${files(commit)}
<section class="panel" aria-labelledby="query"><h2 id="query">Query</h2>
  <pre class="sql" tabindex="0">${commit.query.sql}</pre></section>
${place(commit)}
</main></body></html>
`.text
}

function figures({ rules = [], bronze, silver }: BatchCommit, line: CommitLine): Html {
  const parked = line.parked > 0 && figure('Parked', many(line.parked, 'row'), 'until what they lack arrives')
  const broken = rules.map(({ name, violated, action }) =>
    figure(`Rule ${name}`, count(violated), html`rows break it (<code>${action}</code>)`),
  )
  return html`<dl class="figures">
  ${figure('Written', many(line.rows.written, 'row'), `of ${count(line.rows.read)} read`)}
  ${figure('Bronze', many(bronze.length, 'file'), bytes(line.bytesRead))}
  ${figure('Silver', many(silver.length, 'file'), bytes(line.bytesWritten))}
  ${figure('Took', duration(line.milliseconds), 'from its plan to its commit')}${parked}${broken}</dl>`
}

/** What wants a look: files that were left out, and parked files that could not be joined when they were tried again. */
function trouble(commit: BatchCommit): Html {
  const { quarantined, deferred, parked } = commit
  const faults = parked.flatMap(({ key, fault }) => (fault === undefined ? [] : [{ key, reason: fault }]))
  // a parked file that was deferred is listed once
  const left = deferred.filter(({ key }) => !faults.some(fault => fault.key === key))
  if (quarantined.length + left.length + faults.length === 0) {
    return html`<section class="panel"><h2>Trouble</h2><p class="muted">None: every file could be read.</p></section>`
  }
  return leftOutPanels({ quarantined, deferred: [...left, ...faults] })
}

/** The files that were joined. */
function files({ bronze, unparked, rules }: BatchCommit): Html {
  const all = [...bronze, ...unparked]
  const counts = ['read', 'written', 'unmatched', 'filtered', 'without key', ...(rules ? ['rejected'] : [])]
  const head = [...counts, 'size'].map(name => html`<th class="number" scope="col">${name}</th>`)
  const more =
    all.length > FILES &&
    html`<p class="muted">and ${many(all.length - FILES, 'file')} more: <code>npx silversmith batch</code> has them all</p>`
  return html`<section class="panel" aria-labelledby="files"><h2 id="files">Files</h2>
  <div class="wide" tabindex="0" role="region" aria-label="Files"><table>
  <thead><tr><th scope="col">file</th>${head}<th scope="col">into</th></tr></thead><tbody>
${all.slice(0, FILES).map(file => fileRow(file, rules !== undefined))}</tbody></table></div>${more}</section>`
}

function fileRow({ key, rows, size, silver }: BronzeFile | UnparkedFile, hasRules: boolean): Html {
  const counts = [rows.read, rows.written, rows.unmatched, rows.filtered, rows.nullKey]
  const cells = [...counts, ...(hasRules ? [rows.rejected ?? 0] : [])].map(count)
  return html`<tr><td><code>${key}</code></td>${[...cells, bytes(size)].map(cell => html`<td class="number">${cell}</td>`)}<td><code>${silver}</code></td></tr>
`
}

/** What was joined with, and where the batch lies. */
function place({ customers, dimensions = [], location, attempt }: BatchCommit): Html {
  const joined = [...(customers ? [{ name: 'customers', ...customers }] : []), ...dimensions]
  const rows = joined.map(({ name, rows, snapshot, files }) => {
    const named = files.slice(0, DIMENSION_FILES).map(({ key }) => html`<li><code>${key}</code></li>`)
    const more =
      files.length > DIMENSION_FILES && html`<li>and ${many(files.length - DIMENSION_FILES, 'file')} more</li>`
    return html`<div><dt>${name}</dt><dd>${many(rows, 'row')}, snapshot <code>${snapshot}</code><ul class="names">${named}${more}</ul></dd></div>`
  })
  const none = joined.length === 0 && html`<p class="muted">The query joins none.</p>`
  return html`<section class="panel"><h2>Dimensions</h2>${none}<dl class="facts-list">${rows}</dl></section>
<section class="panel"><h2>Where it lies</h2><dl class="facts-list">
  <div><dt>silver</dt><dd><code>${location}</code></dd></div>
  <div><dt>attempt</dt><dd><code>${attempt}</code></dd></div></dl></section>`
}
