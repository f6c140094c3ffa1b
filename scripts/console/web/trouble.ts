import { count, duration, many } from '../../../functions/base/text.ts'
import { barChart } from '../../../functions/draw/charts.ts'
import { type Html, html } from '../../../functions/draw/html.ts'
import type { TroubleView } from '../api.ts'
import type { Trouble } from '../trouble.ts'
import { address, type ConsolePage, commandBox, get } from './view.ts'

/** What wants a look, with the command that deals with it. */
export const troubleView: ConsolePage = {
  title: 'Trouble',
  live: true,
  load: async () => {
    const view = await get('/api/trouble')
    const none = html`<p class="empty good">Nothing is stuck${view.at === null ? ', as far as the log says; bronze is still being looked at' : ''}.</p>`
    return {
      page: html`<h1>Trouble</h1>${
        view.alarms !== null &&
        html`<p class="lead">
        <a href="${view.alarms}" target="_blank" rel="noreferrer">The alarms in AWS ↗</a>
        </p>`
      }${view.troubles.length === 0 ? none : html`<ul class="troubles">${view.troubles.map(card)}</ul>`}${waiting(view)}`,
    }
  },
}

function card({ kind, severity, title, detail, command, named }: Trouble): Html {
  const names = named.map(
    ({ name, note }) => html`<li><code>${name}</code>${note !== '' && html`<span>${note}</span>`}</li>`,
  )
  return html`<li class="trouble ${severity}" id="${kind}"><h2>
    <span class="tag ${severity}">${severity === 'bad' ? 'Problem' : 'Waits'}</span> ${title}</h2>
    <p>${detail}</p>${command !== null && commandBox(command)}${
      names.length > 0 &&
      html`<details id="${kind}-names" ${names.length <= 5 && html`open`}>
    <summary>${many(names.length, 'name')}</summary><ul class="names">${names}</ul>
    </details>`
    }${
      kind === 'quarantine' &&
      html`<p>
    <a href="/rows?set=quarantined">Their rows, as far as they can be read</a></p>`
    }</li>`
}

function waiting({ parkedByDay, wanted, customers, now }: TroubleView): Html {
  if (parkedByDay.length === 0) return html``
  const points = parkedByDay.slice(-60).map(({ day, rows }) => ({ label: day, value: rows, tone: 'waiting' }))
  const rows = wanted.map(
    ({ customer, reviews, since }) =>
      html`<tr><th scope="row">${customer === null ? html`<em>not known</em>` : customer}</th>
        <td class="number">${count(reviews)}</td><td>${duration(Date.parse(now) - Date.parse(since))}</td></tr>`,
  )
  const table = html`<table>
    <caption>The customers for whom most reviews wait${customers > wanted.length && `, ${wanted.length} of ${count(customers)}`}</caption>
    <thead><tr><th scope="col">Customer</th><th scope="col" class="number">Reviews</th><th scope="col">The oldest waits</th>
    </tr></thead><tbody>${rows}</tbody></table>`
  return html`<section class="panel" aria-labelledby="waiting"><div class="head">
    <h2 id="waiting">Reviews that wait, by the day since when</h2>
    <a href="${address('/rows', { set: 'parked' })}">Show them</a>
    </div>${barChart('Reviews that wait, by day', points, 180)}${wanted.length > 0 && table}</section>`
}
