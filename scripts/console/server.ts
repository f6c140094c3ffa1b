import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Refusal, UsageError } from '../../functions/base/refusal.ts'
import { visibleLine } from '../../functions/base/visible.ts'
import { wordOf } from '../command-line/command.ts'
import type { LocalLake } from '../lakes/lake.ts'
import type { StageLake } from '../lakes/stage/open-stage.ts'
import { explainError } from '../terminal/explain-error.ts'
import { ask, exportRows } from './ask.ts'
import { type Asset, bundleApp } from './bundle.ts'
import { cookieName, type Identity, judge, SAFE_HEADERS } from './guard.ts'
import { LakeWatch } from './lake-watch.ts'
import { LiveEvents } from './live-events.ts'
import { isApiPath, ROUTES } from './routes.ts'
import { serveFile } from './serve-file.ts'

/** A console that is running. */
export interface Console {
  /** With the token. */
  readonly url: string
  close(): Promise<void>
}

/** The most bytes of a request's body: a statement. */
const BODY = 256 << 10

/**
 * Serves the console of a lake on 127.0.0.1, to whoever has the token of its address. `where` are the options that name the
 * lake in a command; with port 0 any free one is taken. Throws UsageError for a port that is taken.
 */
export async function startConsole(
  lake: LocalLake | StageLake,
  { where, port }: { readonly where: string; readonly port: number },
): Promise<Console> {
  const server = createServer()
  const assets = bundleApp() // while the server starts, and the browser
  assets.catch(() => undefined) // who asks for one is told
  const events = new LiveEvents(() => watch, lake.uri.startsWith('file:') ? 1000 : 5000)
  const watch = new LakeWatch(lake, where, () => events.tell())
  watch.update().catch(() => undefined) // a view that needs the log says what is wrong with it
  const identity = { token: randomBytes(24).toString('hex'), port: await listen(server, port) }
  const context: Context = { identity, assets, watch, events }
  server.on('request', (request, response) => {
    answer(request, response, context).catch(error => fail(response, error))
  })
  return {
    url: `http://127.0.0.1:${identity.port}/?token=${identity.token}`,
    close: async () => {
      events.close()
      server.closeAllConnections()
      await new Promise(done => server.close(done))
    },
  }
}

interface Context {
  readonly identity: Identity
  readonly assets: Promise<ReadonlyMap<string, Asset>>
  readonly watch: LakeWatch
  readonly events: LiveEvents
}

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  await new Promise<void>((done, refuse) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE'
      refuse(isTaken ? new UsageError(`port ${port} is taken: name another with --port, or 0 for any`) : error)
    })
    server.listen(port, '127.0.0.1', done)
  })
  return (server.address() as AddressInfo).port // of a TCP server that listens
}

async function answer(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  const { identity, assets, watch, events } = context
  const { method = '', headers } = request
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const verdict = judge({ method, url, headers }, identity)
  if (verdict.kind === 'refuse') return send(response, verdict.status, 'text/plain', `${verdict.reason}\n`)
  if (verdict.kind === 'sign in') return signIn(response, url, identity)
  const { pathname } = url
  if (method === 'POST') return post(request, response, context, pathname)
  if (pathname === '/api/live') return events.add(response)
  if (isApiPath(pathname)) {
    const early = await watch.ready()
    if (early) return send(response, 202, 'application/json', JSON.stringify(early))
    return json(response, await ROUTES[pathname](watch, url.searchParams))
  }
  if (pathname.startsWith('/files/')) {
    return serveFile(watch, decodeURIComponent(pathname.slice('/files/'.length)), headers.range, response)
  }
  const isPage = !pathname.startsWith('/api/') && !pathname.startsWith('/assets/')
  const asset = (await assets).get(isPage ? 'index.html' : pathname)
  if (!asset) return send(response, 404, 'text/plain', 'there is no such page\n')
  return send(response, 200, asset.type, asset.body)
}

/** Gives the cookie, and leads to the same page without the token, which so gets into no history. */
function signIn(response: ServerResponse, url: URL, identity: Identity): void {
  const cookie = `${cookieName(identity)}=${identity.token}; HttpOnly; SameSite=Strict; Path=/`
  url.searchParams.delete('token')
  const location = `/${url.pathname.replace(/^\/+/, '')}${url.search}` // never the name of another host
  response.writeHead(303, { ...SAFE_HEADERS, 'set-cookie': cookie, location }).end()
}

async function post(
  request: IncomingMessage,
  response: ServerResponse,
  { watch }: Context,
  path: string,
): Promise<void> {
  if (path === '/api/ask') {
    const { sql } = JSON.parse(await bodyOf(request))
    return json(response, await ask(watch.lake, String(sql)))
  }
  if (path !== '/api/export') return send(response, 404, 'text/plain', 'there is no such page\n')
  const form = new URLSearchParams(await bodyOf(request))
  const format = wordOf('format', form.get('format') ?? '', ['csv', 'parquet'])
  await exportRows(watch.lake, { sql: form.get('sql') ?? '', format }, response)
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request) {
    size += piece.length
    if (size > BODY) throw new UsageError(`a statement has at most ${BODY} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function json(response: ServerResponse, value: unknown): void {
  send(response, 200, 'application/json', JSON.stringify(value))
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response.writeHead(status, { ...SAFE_HEADERS, 'content-type': type }).end(body)
}

/** Says what went wrong; once an answer has begun, only its end can tell. */
function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy()
  const isAsked = error instanceof UsageError || error instanceof Refusal || error instanceof SyntaxError
  const message = visibleLine(explainError(error))
  send(response, isAsked ? 400 : 500, 'application/json', JSON.stringify({ error: message }))
}
