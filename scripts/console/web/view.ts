import { many } from '../../../functions/base/text.ts'
import { type Html, html } from '../../../functions/draw/html.ts'
import type { Api, ApiPath } from '../api.ts'

/** What a view's address asks for. */
export type Asked = URLSearchParams

/** A page of the console. */
export interface ConsolePage {
  readonly title: string
  /** Whether it is drawn again when something happens in the lake. */
  readonly live: boolean
  /** Its content, and what makes its tables and forms work once it is there; that returns what ends it. */
  load(asked: Asked): Promise<Drawn>
}

export interface Drawn {
  readonly page: Html
  readonly start?: (root: HTMLElement) => (() => void) | undefined
}

/** Milliseconds after which a server that still reads the log is asked again. */
const AGAIN = 300

/** Asks the server. Throws an Error with what it says of a mistake. */
export async function get<Path extends ApiPath>(
  path: Path,
  asked: Readonly<Record<string, string | number | undefined | null>> = {},
): Promise<Api[Path]> {
  for (;;) {
    const response = await fetch(address(path, asked))
    if (response.status !== 202) return answerOf(response)
    const { reading }: { readonly reading: number } = await response.json()
    const main = document.getElementById('main')
    if (main)
      main.innerHTML =
        html`<p class="empty" role="status">Reading the log: ${many(reading, 'commit')} so far …</p>`.text
    await new Promise(done => setTimeout(done, AGAIN))
  }
}

/** Sends something to the server. Throws an Error with what it says of a mistake. */
export async function post<Answer>(path: string, body: unknown): Promise<Answer> {
  return answerOf(await fetch(path, { method: 'POST', body: JSON.stringify(body) }))
}

async function answerOf<Answer>(response: Response): Promise<Answer> {
  if (response.ok) return response.json()
  const text = await response.text()
  let message = text
  try {
    message = JSON.parse(text).error ?? text
  } catch {
    // it is a text
  }
  throw new Error(message)
}

/** An address with what it asks for; what is empty is left out. */
export function address(
  path: string,
  asked: Readonly<Record<string, string | number | undefined | null>> = {},
): string {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined && value !== null && value !== '')
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  return query === '' ? path : `${path}?${query}`
}

/** A command that can be copied. */
export function commandBox(command: string): Html {
  return html`<div class="command"><code>${command}</code>
    <button type="button" class="quiet" data-copy="${command}" aria-label="Copy the command">Copy</button></div>`
}

/** A time as people read it, with the whole of it for who looks closely. */
export function timeText(iso: string): Html {
  return html`<time datetime="${iso}" title="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 19)}</time>`
}
