import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** Who the server is: what only those know who may ask it. */
export interface Identity {
  readonly port: number
  /** Hex. */
  readonly token: string
}

/** What becomes of a request: `sign in` gives the cookie to who came with the token, and drops the token from the address. */
export type RequestVerdict =
  | { readonly kind: 'allow' | 'sign in' }
  | { readonly kind: 'refuse'; readonly status: 403 | 405; readonly reason: string }

/** The headers of every answer: no script, style, frame or form but the console's own, and nothing kept. */
export const SAFE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const

/** The cookie's name: browsers don't keep ports apart. */
export function cookieName({ port }: Pick<Identity, 'port'>): string {
  return `silversmith-${port}`
}

/**
 * Judges a request by its headers, before anything of it is read. Another name than this machine's own means that a page
 * elsewhere has its name resolved to here (DNS rebinding); another origin, that a page elsewhere asks.
 */
export function judge(
  request: { readonly method: string; readonly url: URL; readonly headers: IncomingHttpHeaders },
  identity: Identity,
): RequestVerdict {
  const { method, url, headers } = request
  const hosts = ['127.0.0.1', 'localhost'].map(name => `${name}:${identity.port}`)
  const host = headers.host ?? ''
  if (!hosts.includes(host)) return refuse('this server answers by the name 127.0.0.1 only')
  if (headers.origin !== undefined && headers.origin !== `http://${host}`) return refuse('another page may not ask')
  const site = headers['sec-fetch-site']
  const isNavigation = headers['sec-fetch-mode'] === 'navigate'
  if (typeof site === 'string' && !['same-origin', 'none'].includes(site) && !isNavigation) {
    return refuse('another page may not ask')
  }
  if (!['GET', 'HEAD', 'POST'].includes(method)) return { kind: 'refuse', status: 405, reason: 'only GET and POST' }
  const token = url.searchParams.get('token')
  if (token !== null && method === 'GET') {
    return same(token, identity.token) ? { kind: 'sign in' } : refuse('the token is another')
  }
  if (!same(cookieOf(headers.cookie ?? '', cookieName(identity)), identity.token)) {
    return refuse('open the address that silversmith console has printed: it holds the token')
  }
  // a form of another page sends no Origin that is ours; our own requests always do
  if (method === 'POST' && headers.origin === undefined) return refuse('a POST needs an Origin')
  return { kind: 'allow' }
}

function refuse(reason: string): RequestVerdict {
  return { kind: 'refuse', status: 403, reason }
}

function cookieOf(header: string, name: string): string {
  const pairs = header.split(';').map(pair => pair.trim())
  return pairs.find(pair => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
}

function same(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)]
  return x.length === y.length && timingSafeEqual(x, y)
}
