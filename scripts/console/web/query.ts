import { bytes, many } from '../../../functions/base/text.ts'
import { type Html, html } from '../../../functions/draw/html.ts'
import type { ColumnCost } from '../../../functions/maintain/console/column-costs.ts'
import type { QueryView } from '../../../functions/maintain/console/query-view.ts'
import { type ConsolePage, get } from './view.ts'

/** What silver.sql does, column by column, and what that costs. */
export const queryPage: ConsolePage = {
  title: 'Query',
  live: false,
  load: async () => {
    const view = await get('/api/query')
    return {
      page: html`<h1>What the query does</h1>${view ? explained(view) : html`<p class="empty">Nothing is committed yet: the first batch shows its query here.</p>`}`,
    }
  },
}

function explained({ batch, sql, explanation, costs, measured, files, queries }: QueryView): Html {
  const by = new Map(costs.map(cost => [cost.name, cost]))
  const most = Math.max(1, ...costs.map(cost => cost.bytes))
  const total = (of: (cost: ColumnCost) => number) => costs.reduce((sum, cost) => sum + of(cost), 0)
  const rows = (explanation?.columns ?? []).map(
    ({ name, type, how, from }) =>
      html`<tr><th scope="row">${name}</th><td><code>${type}</code></td><td>
        <span class="tag ${how.replace(' ', '-')}">${how}</span></td><td><code class="from">${from}</code></td>
        <td>${costBar(by.get(name.toLowerCase()), most)}</td></tr>`,
  )
  return html`<p class="lead">As batch <a href="/batch/${batch}">${batch}</a> was made. ${costs.length > 0 && html`In ${measured === files ? many(files, 'silver file') : `${measured} of ${many(files, 'silver file')}`}, <strong>${bytes(total(cost => cost.copied))}</strong> were copied from bronze byte for byte and <strong>${bytes(total(cost => cost.bytes - cost.copied))}</strong> were rewritten.`}</p>
${!explanation && html`<p class="problem">The plan of the batch is gone, so its columns can't be told: the next batch has one.</p>`}
${
  rows.length > 0 &&
  html`<div class="panel scroll" tabindex="0" role="region" aria-label="Columns"><table class="columns">
  <caption>${many(rows.length, 'column')}, in the order of the table <span class="keys">
  <span class="key copied">copied as it is</span><span class="key anew">rewritten</span></span></caption><thead><tr>
  <th scope="col">Column</th><th scope="col">Type</th><th scope="col">How</th><th scope="col">From</th>
  <th scope="col">In silver</th></tr></thead><tbody>${rows}</tbody></table></div>`
}
${explanation && conditions(explanation)}
<section class="panel"><h2>silver.sql</h2><pre class="sql" tabindex="0">${sql}</pre></section>
${
  explanation &&
  html`<details id="ddl" class="panel"><summary>The table's DDL for Athena</summary>
  <pre class="sql" tabindex="0">${explanation.ddl}</pre></details>`
}
${queries.length > 1 && html`<p class="muted">The batches of today, by their query: ${queries.map(({ batches, newest, sha256 }, i) => html`${i > 0 && ', '}<a href="/batch/${newest}">${sha256.slice(0, 8)}</a> ${many(batches, 'batch')}`)}.</p>`}`
}

function costBar(cost: ColumnCost | undefined, most: number): Html {
  if (!cost) return html`<span class="muted">–</span>`
  const share = (value: number) => ((value / most) * 100).toFixed(2)
  return html`<span class="cost"><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="copied" x="0" y="0" width="${share(cost.copied)}" height="8"/>
    <rect class="anew" x="${share(cost.copied)}" y="0" width="${share(cost.bytes - cost.copied)}" height="8"/></svg>
    <span>${bytes(cost.bytes)}${cost.copied > 0 && cost.copied < cost.bytes && `, ${bytes(cost.copied)} copied`}</span>
    </span>`
}

function conditions({ filters, joins, where, rules = [] }: NonNullable<QueryView['explanation']>): Html {
  const lines = [
    ...filters.map(text => html`A review is filtered unless <code>${text}</code>`),
    ...joins.map(
      ({ dimension, kind, key, type, on, where, unmatched }) =>
        html`${kind} join with ${dimension} by <code>${key}</code>, compared as <code>${type}</code>${on !== null && html`, and for each pair <code>${on}</code>`}: a review that it lacks ${unmatched}${where !== undefined && html`, a joined row is kept only if <code>${where}</code>`}.`,
    ),
    where !== null && html`A joined row is left out unless <code>${where}</code>`,
    ...rules.map(
      ({ name, expect, action }) => html`Rule ${name}, which ${ACTIONS[action]} a row unless <code>${expect}</code>`,
    ),
  ].filter(line => line !== false)
  const shown = lines.length > 0 ? lines : ['Every review gives one row.']
  return html`<section class="panel"><h2>Which rows</h2>
    <ul class="conditions">${shown.map(line => html`<li>${line}</li>`)}</ul></section>`
}

const ACTIONS = { warn: 'counts', drop: 'keeps out', fail: 'fails the batch of' } as const
