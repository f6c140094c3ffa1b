import { anchorOf, InvalidInput, isRetryable, SilversmithError } from './errors.ts'
import { type Logger, observed, quiet, type Report } from './logger.ts'

/** What a worker's module exports: `fetch` for edge runtimes, `handler` for Lambda. */
export interface Worker {
  readonly fetch: (request: Request) => Promise<Response>
  readonly handler: (event: unknown) => Promise<unknown>
}

export interface WorkerOptions {
  /** Where it logs how each invocation ended. */
  readonly log?: Logger
  /** The token that HTTP requests must carry; without one it refuses all. */
  readonly token?: () => string | undefined
}

/** Step Functions' limit for a state's input or output; a larger body makes no sense. */
const MAX_BODY = 256 << 10

/** Milliseconds within which a request's body must arrive. */
const BODY_DEADLINE = 10_000

/**
 * Makes a worker from a function. Lambda calls `handler` with the parsed event, and Step Functions sees a thrown error by
 * its `name`. `fetch` takes the same JSON by POST with `Authorization: Bearer <token>`, and answers errors as
 * problem+json (RFC 9457) with the error's `name`. Without a configured token it answers 503. The log says how each
 * invocation ended.
 */
export function worker<Output>(
  options: WorkerOptions & {
    readonly name: string
    readonly run: (input: unknown) => Promise<Output>
    /** What the log says about an output. */
    readonly report: (output: Output, input: unknown) => Report
    readonly bodyDeadline?: number
  },
): Worker {
  const { name, token = () => undefined, report, log = quiet, bodyDeadline = BODY_DEADLINE } = options
  const run = observed(name, options.run, report, log)
  return {
    handler: async input => {
      try {
        return await run(input)
      } catch (error) {
        throw asCause(error)
      }
    },
    fetch: async request => {
      const expected = token()
      if (expected === undefined || expected === '') return problem(503, 'NoToken', 'no token is configured')
      if (!(await isAuthorized(request, expected))) {
        return problem(401, 'Unauthorized', 'the bearer token is missing or wrong', { 'www-authenticate': 'Bearer' })
      }
      if (request.method !== 'POST') return problem(405, 'MethodNotAllowed', 'use POST', { allow: 'POST' })
      try {
        const body = await readBody(request, bodyDeadline)
        if (body === TOO_LATE) return problem(408, 'BodyTimeout', `the body did not arrive within ${bodyDeadline} ms`)
        if (body === undefined) return problem(413, 'BodyTooLarge', `the body is over ${MAX_BODY} bytes`)
        return Response.json((await run(parse(body))) ?? null)
      } catch (error) {
        return describe(error)
      }
    },
  }
}

/**
 * Reduces an error to what Step Functions shows: its name, and a message that ends with where it is described. Lambda would
 * put the stack into the execution's cause, where nobody can read it; the worker's log has it.
 */
function asCause(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (error instanceof SilversmithError) error.message += ` (${anchorOf(error.name)})`
  error.stack = `${error.name}: ${error.message}`
  return error
}

function describe(error: unknown): Response {
  if (!(error instanceof Error)) return problem(500, 'UnknownError', 'the worker failed')
  const status = error instanceof InvalidInput ? 400 : isRetryable(error) ? 503 : 500
  return problem(status, error.name, error.message)
}

function problem(status: number, name: string, detail: string, headers: Record<string, string> = {}): Response {
  const body = JSON.stringify({ type: 'about:blank', status, title: name, name, detail })
  return new Response(body, { status, headers: { 'content-type': 'application/problem+json', ...headers } })
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch (error) {
    throw new InvalidInput('the body is not JSON', { cause: error })
  }
}

const TOO_LATE = Symbol('too late')

/**
 * The body's text; undefined if it is too large, TOO_LATE if it does not arrive within `deadline` milliseconds. Nothing more
 * is read then.
 */
async function readBody(request: Request, deadline: number): Promise<string | undefined | typeof TOO_LATE> {
  if (!request.body) return ''
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader()
  let late = false
  const timer = setTimeout(() => {
    late = true
    reader.cancel().catch(() => undefined) // ends the pending read
  }, deadline)
  try {
    const decoder = new TextDecoder()
    let bytes = 0
    let text = ''
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      bytes += chunk.value.length
      if (bytes > MAX_BODY) return undefined
      text += decoder.decode(chunk.value, { stream: true })
    }
    return late ? TOO_LATE : text + decoder.decode()
  } finally {
    clearTimeout(timer)
    reader.cancel().catch(() => undefined)
  }
}

/** Compares digests of the tokens, so that the time taken reveals nothing about them. */
async function isAuthorized(request: Request, expected: string): Promise<boolean> {
  const [, given = ''] = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
  const digest = async (text: string) =>
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  const [a, b] = await Promise.all([digest(given), digest(expected)])
  return a.reduce((difference, byte, i) => difference | (byte ^ (b[i] ?? 0)), 0) === 0
}
