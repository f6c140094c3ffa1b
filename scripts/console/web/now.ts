import { bytes, count, duration, many } from '../../../functions/base/text.ts'
import { graph, type LaidGraph, type NodeState } from '../../../functions/draw/graph.ts'
import { type Html, html } from '../../../functions/draw/html.ts'
import type { RunMark } from '../../../functions/maintain/console/now.ts'
import type { NowView } from '../api.ts'
import { type ConsolePage, get, timeText } from './view.ts'

let machine: LaidGraph | undefined

/** The first screen: is it fresh, is anything stuck, where did my rows go? */
export const nowView: ConsolePage = {
  title: 'Now',
  live: true,
  load: async () => {
    const now = await get('/api/now')
    machine ??= await get('/api/machine')
    return {
      page: html`<h1 class="unseen">Now</h1>
        <section class="answers" aria-label="At a glance">${fresh(now)}${stuck(now)}${rows(now)}</section>${running(now, machine)}${strip(now.runs)}`,
    }
  },
}

/** Fresh for as long as the schedule may leave files alone, twice. */
const FRESH = 30 * 60_000

function fresh({ now, published, bronze, run }: NowView): Html {
  const age = (time: string) => duration(Date.parse(now) - Date.parse(time))
  const waiting = bronze?.backlog
  const oldest = waiting?.oldest ? Date.parse(now) - Date.parse(waiting.oldest) : 0
  const isWorking = run.status === 'running'
  const verdict =
    published.newest === null
      ? ['idle', 'Nothing yet']
      : oldest > FRESH && !isWorking
        ? ['warn', 'Behind']
        : [isWorking ? 'running' : 'good', isWorking ? 'Catching up' : 'Fresh']
  const backlog = !waiting
    ? 'Looking at bronze …'
    : waiting.files === 0
      ? 'No file waits in bronze.'
      : `${many(waiting.files, 'file')} (${bytes(waiting.bytes)}) ${waiting.files === 1 ? 'waits' : 'wait'}, the oldest for ${age(waiting.oldest ?? now)}.`
  return answer('Is it fresh?', verdict, [
    published.newest === null
      ? 'No row has been committed.'
      : html`Newest rows <strong>${age(published.newest)}</strong> ago.`,
    backlog,
  ])
}

function stuck({ troubles, bronze }: NowView): Html {
  const bad = troubles.filter(({ severity }) => severity === 'bad')
  const verdict =
    bad.length > 0
      ? ['bad', `${many(bad.length, 'problem')}`]
      : troubles.length > 0
        ? ['warn', 'Something waits']
        : [bronze ? 'good' : 'idle', bronze ? 'Nothing stuck' : 'Looking …']
  const lines = troubles
    .slice(0, 3)
    .map(({ title, severity, kind }) => html`<a class="${severity}" href="/trouble#${kind}">${title}</a>`)
  const more = troubles.length - lines.length
  return answer('Is anything stuck?', verdict, [
    ...(lines.length === 0 ? ['All committed batches are published, and no file is in quarantine.'] : lines),
    ...(more > 0 ? [html`<a href="/trouble">and ${more} more</a>`] : []),
  ])
}

function rows({ totals, flow }: NowView): Html {
  const lost = flow.rows.filtered + flow.rows.nullKey + (flow.rows.rejected ?? 0)
  const parts = [
    ['good', totals.rows, 'in silver', '/rows'],
    ['waiting', totals.parked.rows, 'wait for their customer', '/rows?set=parked'],
    ['lost', lost, flow.rows.rejected ? 'filtered, rejected or without a key' : 'filtered or without a key', '/flow'],
  ] as const
  const all = parts.reduce((sum, [, value]) => sum + value, 0) || 1
  let x = 0
  const bars = parts.map(([tone, value]) => {
    const width = value === 0 ? 0 : Math.max(0.8, (value / all) * 100)
    const bar = html`<rect class="${tone}" x="${x.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="6"/>`
    x += width
    return bar
  })
  const legend = parts.map(
    ([tone, value, label, href]) =>
      html`<li class="${tone}"><a href="${href}"><strong>${count(value)}</strong> ${label}</a></li>`,
  )
  return html`<article class="answer"><h2>Where did my rows go?</h2>
    <p class="verdict">${count(totals.rows)} <small>rows in silver</small></p>
    <svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>
    <ul class="legend">${legend}</ul></article>`
}

function answer(question: string, [tone = '', word = '']: readonly string[], lines: readonly (Html | string)[]): Html {
  return html`<article class="answer ${tone}"><h2>${question}</h2><p class="verdict"><span class="dot" aria-hidden="true">
    </span>${word}</p>${lines.map(line => html`<p>${line}</p>`)}</article>`
}

function running({ run, pace, now }: NowView, laid: LaidGraph): Html {
  const words = {
    running: 'A run is working',
    perhaps: 'Perhaps a run is working',
    done: 'The last run',
    failed: 'The last run did not end',
    none: 'No run yet',
  }
  const states = new Map<string, NodeState>(
    run.states.map(({ name, status, milliseconds, started }) => {
      const took = milliseconds ?? (status === 'running' && started ? Date.parse(now) - Date.parse(started) : null)
      return [name, { status, note: took === null ? status : duration(took) }]
    }),
  )
  const isWorking = run.status === 'running' || run.status === 'perhaps'
  const items = run.items
  const facts = [
    items && `${count(items.done)} of ${many(items.total, 'item')} done`,
    items && items.failed > 0 && `${count(items.failed)} left something out`,
    items?.running && `${count(items.running)} running`,
    run.rows && `${count(run.rows.done)} of ${many(run.rows.total, 'row')}`,
    run.bytes !== null && bytes(run.bytes),
    pace && `${count(Math.round(pace.rowsPerSecond))} rows/s`,
    pace && isWorking && pace.left > 0 && `${duration(pace.left)} left`,
  ].filter(each => typeof each === 'string')
  const bar =
    isWorking && items && html`<progress max="${items.total}" value="${items.done}" aria-label="Items done"></progress>`
  const links = [
    run.batch !== null &&
      run.states.some(({ name, status }) => name === 'Commit' && status === 'done') &&
      html`<a href="/batch/${run.batch}">batch ${run.batch}</a>`,
    run.href !== null && html`<a href="${run.href}" target="_blank" rel="noreferrer">in AWS's console ↗</a>`,
  ]
  const steps = run.states.map(
    ({ name, status, milliseconds, note }) =>
      html`<li>${name}: ${status}${milliseconds !== null && `, ${duration(milliseconds)}`}${note !== '' && `, ${note}`}</li>`,
  )
  return html`<section class="panel run ${run.status}" aria-labelledby="run"><div class="head">
    <h2 id="run">${words[run.status]}</h2>${run.started && html`<span class="muted">${timeText(run.started)}</span>`}<span class="links">${links}</span>
    </div>${bar}<p class="facts">${facts.map(fact => html`<span>${fact}</span>`)}</p>
    <div class="wide" tabindex="0" role="region" aria-label="State machine">${graph('The state machine, and what the run did in it', laid, states)}</div>
    <ol class="unseen">${steps}</ol></section>`
}

const OUTCOMES: Readonly<Record<RunMark['outcome'], string>> = {
  good: 'committed',
  'left out': 'committed, with files left out',
  replaced: 'replaced since',
  abandoned: 'abandoned',
  failed: 'failed',
  running: 'running',
}

function strip(runs: readonly RunMark[]): Html {
  if (runs.length === 0) return html``
  const most = Math.max(1, ...runs.map(({ milliseconds }) => milliseconds ?? 0))
  const marks = runs.map(({ outcome, name, at, milliseconds, rows, batch, href }) => {
    const text = [
      name,
      OUTCOMES[outcome],
      at.slice(0, 19),
      milliseconds !== null && duration(milliseconds),
      rows !== null && many(rows, 'row'),
    ]
      .filter(each => each !== false)
      .join(', ')
    const tall = 8 + 24 * Math.sqrt((milliseconds ?? 0) / most)
    const bar = html`<svg viewBox="0 0 10 32" aria-hidden="true">
      <rect class="${outcome.replace(' ', '-')}" x="0" y="${(32 - tall).toFixed(1)}" width="10" height="${tall.toFixed(1)}" rx="2"/>
      </svg>`
    const to = href ?? (batch === null ? null : `/batch/${batch}`)
    if (to === null) return html`<li title="${text}"><span class="unseen">${text}</span>${bar}</li>`
    const outside = href !== null && html`target="_blank" rel="noreferrer"`
    return html`<li title="${text}"><a href="${to}" aria-label="${text}" ${outside}>${bar}</a></li>`
  })
  const kinds = [...new Set(runs.map(({ outcome }) => outcome))].map(
    outcome => html`<span class="key ${outcome.replace(' ', '-')}">${OUTCOMES[outcome]}</span>`,
  )
  return html`<section class="panel" aria-labelledby="strip"><div class="head">
    <h2 id="strip">The last ${many(runs.length, 'run')}</h2><span class="keys">${kinds}</span>
    <span class="muted">as high as they took long</span></div><ol class="strip">${marks}</ol></section>`
}
