import { type Html, html } from './html.ts'

/** A number with what it is. */
export function figure(label: string, value: Html | string, note: Html | string = ''): Html {
  return html`<div class="figure"><dt>${label}</dt>
    <dd>${value}</dd>${note !== '' && html`<dd class="note">${note}</dd>`}</div>`
}
