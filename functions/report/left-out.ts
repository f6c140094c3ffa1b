import { many } from '../base/text.ts'
import { type Html, html } from '../draw/html.ts'

/** A file that a commit has left out. */
export interface LeftOut {
  readonly key: string
  readonly reason: string
}

/** Files that are named. */
const NAMED = 100

/** The files that a commit has left out, with the reasons; nothing where there are none. */
export function leftOutPanels(files: Readonly<Record<'quarantined' | 'deferred', readonly LeftOut[]>>): Html {
  const { quarantined, deferred } = files
  return html`${panel('Quarantined', quarantined, 'bad')}${panel('Deferred', deferred, 'warn')}`
}

function panel(title: string, files: readonly LeftOut[], tone: string): Html | false {
  if (files.length === 0) return false
  const names = files.slice(0, NAMED).map(({ key, reason }) => html`<li><code>${key}</code><span>${reason}</span></li>`)
  const more = files.length > NAMED && html`<p class="muted">and ${many(files.length - NAMED, 'file')} more</p>`
  return html`<section class="panel"><h2><span class="tag ${tone}">${title}</span> ${many(files.length, 'file')}</h2>
    <ul class="names">${names}</ul>${more}</section>`
}
