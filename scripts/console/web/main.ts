import { html, joined } from '../../../functions/draw/html.ts'
import { batchView } from './batch.ts'
import { batchesView } from './batches.ts'
import { flowView } from './flow.ts'
import { nowView } from './now.ts'
import { queryPage } from './query.ts'
import { rowsView } from './rows.ts'
import { startTheme } from './theme.ts'
import { troubleView } from './trouble.ts'
import { type ConsolePage, get } from './view.ts'
import { whyView } from './why.ts'

/** The views by their path; what stands behind a path's own part is its `id`. */
const VIEWS: Readonly<Record<string, ConsolePage>> = {
  '/': nowView,
  '/flow': flowView,
  '/batches': batchesView,
  '/batch': batchView,
  '/rows': rowsView,
  '/trouble': troubleView,
  '/why': whyView,
  '/query': queryPage,
}
/** Those that the navigation shows, in its order. */
const NAMED = ['/', '/flow', '/batches', '/rows', '/trouble', '/why', '/query']

const main = element('main')
const live = element('live')
let end: (() => void) | undefined
let shown = ''
let turn = 0

function element(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`the page has no #${id}`)
  return found
}

/** The view of the address, and what is asked of it. */
function route(): { readonly path: string; readonly view: ConsolePage | undefined; readonly asked: URLSearchParams } {
  const [, first = '', ...rest] = location.pathname.split('/')
  const asked = new URLSearchParams(location.search)
  if (rest.length > 0) asked.set('id', decodeURIComponent(rest.join('/')))
  return { path: `/${first}`, view: VIEWS[`/${first}`], asked }
}

/** Shows the view of the address. `isAgain`: the same one, because something has happened in the lake. */
async function show(isAgain: boolean): Promise<void> {
  const mine = ++turn
  const { path, view, asked } = route()
  if (!isAgain) drawNavigation(path)
  if (!view) {
    main.innerHTML = html`<h1>There is no such page</h1><p><a href="/">To the start page</a></p>`.text
    return
  }
  if (!isAgain) main.setAttribute('aria-busy', 'true')
  try {
    const { page, start } = await view.load(asked)
    if (mine !== turn || (isAgain && page.text === shown)) return
    replace(page.text)
    end = start?.(main)
    if (!isAgain && location.hash !== '') document.getElementById(location.hash.slice(1))?.scrollIntoView()
  } catch (error) {
    if (mine !== turn) return
    const message = error instanceof Error ? error.message : String(error)
    replace(html`<h1>${view.title}</h1><p class="problem" role="alert">${message}</p>`.text)
  } finally {
    if (mine === turn) main.removeAttribute('aria-busy')
  }
  document.title = `${view.title} · Silversmith`
}

/** Puts a page in the place of the one before, and the focus where it was. */
function replace(text: string): void {
  end?.()
  end = undefined
  const focused = document.activeElement
  const id = focused && main.contains(focused) ? focused.id : ''
  const open = new Set([...main.querySelectorAll('details[open]')].map(({ id: each }) => each))
  shown = text
  main.innerHTML = text // every text in it was escaped by html``
  for (const details of main.querySelectorAll('details')) if (open.has(details.id)) details.open = true
  if (id !== '') document.getElementById(id)?.focus({ preventScroll: true })
}

function drawNavigation(path: string): void {
  const current = path === '/batch' ? '/batches' : path
  const links = NAMED.map(
    each => html`<a href="${each}" ${each === current && html`aria-current="page"`}>${VIEWS[each]?.title}</a>`,
  )
  element('nav').innerHTML = joined(links).text
  element('nav').querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

function go(href: string): void {
  history.pushState(null, '', href)
  scrollTo(0, 0)
  void show(false)
  main.focus({ preventScroll: true })
}

document.addEventListener('click', event => {
  if (!(event.target instanceof Element)) return
  const copied = event.target.closest('[data-copy]')
  if (copied) return void copy(copied)
  const link = event.target.closest('a')
  const href = link?.getAttribute('href')
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
  const isView = href?.startsWith('/') && !href.startsWith('/api/') && !href.startsWith('/files/')
  if (!href || !isPlain || !isView || link?.getAttribute('target')) return
  event.preventDefault()
  go(href)
})

// a form that only asks is an address
document.addEventListener('submit', event => {
  const form = event.target
  if (!(form instanceof HTMLFormElement) || form.method !== 'get') return
  event.preventDefault()
  const asked = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (typeof value === 'string' && value !== '') asked.set(name, value)
  const query = asked.toString()
  go(`${new URL(form.action).pathname}${query === '' ? '' : `?${query}`}`)
})

async function copy(button: Element): Promise<void> {
  await navigator.clipboard.writeText(button.getAttribute('data-copy') ?? '')
  button.textContent = 'Copied'
  setTimeout(() => {
    button.textContent = 'Copy'
  }, 1500)
}

addEventListener('popstate', () => void show(false))

function listen(): void {
  const events = new EventSource('/api/live')
  events.addEventListener('open', () => {
    live.textContent = 'live'
    live.className = 'live on'
  })
  events.addEventListener('error', () => {
    live.textContent = 'not connected'
    live.className = 'live off'
  })
  events.addEventListener('change', () => {
    if (route().view?.live) void show(true)
  })
}

/** Says which lake this is, on every page. */
async function nameLake(): Promise<void> {
  element('lake').textContent = (await get('/api/now')).lake.name
}

startTheme(element('theme'))
void show(false)
nameLake().catch(() => undefined) // the view says what is wrong
listen()
