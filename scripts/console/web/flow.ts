import { bytes, count, many } from '../../../functions/base/text.ts'
import { figure } from '../../../functions/draw/figure.ts'
import { html } from '../../../functions/draw/html.ts'
import { flowPicture } from '../../../functions/report/flow-picture.ts'
import { flowAddresses } from './flow-addresses.ts'
import { type Asked, address, type ConsolePage, get } from './view.ts'

const DAY = 86_400_000
const RANGES = [
  ['all', 'All time'],
  ['30', '30 days'],
  ['7', '7 days'],
  ['1', '24 hours'],
] as const

/** What became of the rows, for all time, some days, a range or a batch. */
export const flowView: ConsolePage = {
  title: 'Flow',
  live: true,
  load: async asked => {
    const range = rangeOf(asked)
    const { flow, totals } = await get('/api/flow', range)
    const { rows, bronze } = flow
    const difference = rows.written - rows.matched
    const chosen = asked.get('days') ?? (range.from || range.to || range.batch ? '' : 'all')
    const links = RANGES.map(
      ([days, label]) =>
        html`<a href="${days === 'all' ? '/flow' : address('/flow', { days })}" ${chosen === days && html`aria-current="true"`}>${label}</a>`,
    )
    return {
      page: html`<h1>Where the rows went</h1>
<div class="bar"><div class="segments" role="group" aria-label="Time">${links}</div>
<form class="inline" action="/flow" method="get">
  <label>from (UTC) <input id="from" type="datetime-local" name="from" value="${local(asked.get('from'))}"></label>
  <label>to <input id="to" type="datetime-local" name="to" value="${local(asked.get('to'))}"></label>
  <label>or batch <input id="batch" name="batch" value="${asked.get('batch') ?? ''}" placeholder="20261124T071500Z-3f9a12cd" size="26" spellcheck="false">
  </label><button type="submit">Show</button></form></div>
${
  flow.commits === 0
    ? html`<p class="empty">No commit that counts today lies in this range.</p>`
    : html`<div class="panel">
  <div class="wide" tabindex="0" role="region" aria-label="Flow">${flowPicture(flow, flowAddresses(range.batch))}</div></div>`
}
<dl class="figures">${figure('Commits', count(flow.commits), 'those whose files count today')}${figure('Bronze', many(bronze.files, 'file'), bytes(flow.bytesRead))}${figure('Silver', many(flow.silver.files, 'file'), bytes(flow.silver.bytes))}${figure('Quarantined', html`<a href="/trouble#quarantine">${many(flow.quarantined, 'file')}</a>`, 'their rows are not counted: nobody can read them')}${figure('Wait today', html`<a href="/rows?set=parked">${many(totals.parked.rows, 'row')}</a>`, 'in the whole lake')}</dl>
<p class="balance">
  <strong>${count(rows.read)}</strong> read${rows.generated !== undefined && ` + ${count(rows.generated)} made of them`} = ${count(rows.filtered)} filtered + ${rows.rejected !== undefined && `${count(rows.rejected)} rejected + `}${count(rows.nullKey)} without key + ${count(rows.unmatched)} without customer + ${count(rows.matched)} matched</p>
${difference !== 0 && html`<p class="muted">Written are ${count(Math.abs(difference))} ${difference > 0 ? 'more' : 'fewer'} than matched: ${difference > 0 ? 'a key has several customers, or a LEFT JOIN keeps reviews without one' : 'the query keeps only some of the joined rows'}.</p>`}`,
    }
  },
}

function rangeOf(asked: Asked): { readonly from?: string; readonly to?: string; readonly batch?: string } {
  const days = Number(asked.get('days'))
  if (days > 0) return { from: new Date(Math.floor(Date.now() / 60_000) * 60_000 - days * DAY).toISOString() }
  const [from, to, batch] = ['from', 'to', 'batch'].map(name => asked.get(name) ?? undefined)
  return { ...(from && { from: utc(from) }), ...(to && { to: utc(to) }), ...(batch && { batch }) }
}

/** All times are UTC, in forms as in addresses. */
function utc(time: string): string {
  return /Z$/.test(time) ? time : `${time}Z`
}

function local(time: string | null): string {
  return time?.slice(0, 16) ?? ''
}
