import { many } from '../../../functions/base/text.ts'
import { type Html, html } from '../../../functions/draw/html.ts'
import type { ReviewPath } from '../../../functions/maintain/console/path.ts'
import type { WhyView } from '../api.ts'
import { type ConsolePage, commandBox, get } from './view.ts'

/** What happened to one review, and what would move it. */
export const whyView: ConsolePage = {
  title: 'Why',
  live: false,
  load: async asked => {
    const [id, column] = [asked.get('id') ?? '', asked.get('column') ?? 'review_id']
    const found = id === '' ? null : await get('/api/why', { id, column })
    return {
      page: html`<h1>What happened to a review</h1>
<form class="inline" action="/why" method="get" role="search">
  <label>Review <input id="id" name="id" value="${id}" required size="24" spellcheck="false" autocomplete="off" placeholder="R0007CR5DP5TQG">
  </label><label>in column <input id="column" name="column" value="${column}" size="14" spellcheck="false"></label>
  <button type="submit">Follow it</button></form>
<div aria-live="polite">${found ? answer(found) : html`<p class="empty">Type the id of a review to see its way from its bronze file to its row of silver, or where it has stopped.</p>`}</div>`,
    }
  },
}

function answer({ id, paths, unsearched, lost, where }: WhyView): Html {
  const left =
    unsearched.length > 0 &&
    html`<details id="unsearched"><summary>${many(unsearched.length, 'file')} could not be searched</summary>
      <ul class="names">${unsearched.map(
        ({ key, reason }) => html`<li><code>${key}</code><span>${reason}</span>
      </li>`,
      )}</ul></details>`
  if (paths.length === 0) {
    return html`<p class="empty">No row of bronze has the id <code>${id}</code>${lost > 0 && `, nor does any that is left of ${many(lost, 'joined file')} that are gone or changed`}.</p>${left}`
  }
  return html`${paths.map(path => drawPath(path, where))}${left}`
}

const ENDS: Readonly<Record<ReviewPath['end'], readonly [tone: string, text: string]>> = {
  'in silver': ['good', 'It is in silver'],
  waits: ['warn', 'It waits'],
  out: ['idle', 'It is not in silver, and nothing will move it'],
}

function drawPath({ steps, story, end, move }: ReviewPath, where: string): Html {
  const [tone, text] = ENDS[end]
  const drawn = steps.map(
    ({ place, reached, text: said }) =>
      html`<li class="${reached.replace(' ', '-')}" ${reached === 'here' && html`aria-current="step"`}>
        <strong>${place}</strong><span>${said}</span></li>`,
  )
  const facts = story.map(([name, said]) => html`<div><dt>${name}</dt><dd>${said}</dd></div>`)
  return html`<section class="panel path ${tone}"><h2><span class="dot" aria-hidden="true"></span>${text}</h2>
    <ol class="steps">${drawn}</ol>${move && html`<p class="move">What would move it: ${move.text}.</p>${move.command !== null && commandBox(`npx silversmith ${move.command.replace(/^(\S+)/, `$1${where.replaceAll('$', '$$$$')}`)}`)}`}<dl class="facts-list">${facts}</dl>
    </section>`
}
