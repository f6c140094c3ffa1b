import assert from 'node:assert/strict'
import { InvalidInput, StoreUnavailable } from '../../functions/base/errors.ts'
import { quiet } from '../../functions/base/logger.ts'
import { worker } from '../../functions/base/worker.ts'

const url = 'http://worker.test/'
const TOKEN = 'a-secret-of-the-test'
const told = { name: 'test', report: () => ({ fields: {} }), log: quiet }

function call(
  body: BodyInit | null,
  options: { token?: string | undefined; method?: string; run?: (input: unknown) => unknown } = {},
) {
  const { fetch } = worker({ ...told, run: async input => (options.run ?? (each => each))(input), token: () => TOKEN })
  const authorization = 'token' in options ? options.token : `Bearer ${TOKEN}`
  const method = options.method ?? 'POST'
  const headers = authorization === undefined ? {} : { authorization }
  return fetch(new Request(url, { method, headers, ...(method === 'POST' && { body }), duplex: 'half' } as RequestInit))
}

async function problemOf(response: Response) {
  assert.equal(response.headers.get('content-type'), 'application/problem+json')
  const { name, status, detail } = await response.json()
  assert.equal(status, response.status)
  return [status, name, detail]
}

describe('worker()', () => {
  it('answers a request with what the function returns', async () => {
    const response = await call('{"a": [1, "ü"]}')
    assert.equal(response.status, 200)
    assert.deepEqual(await response.json(), { a: [1, 'ü'] })
    assert.equal(await (await call('1', { run: () => undefined })).json(), null)
  })

  it('throws errors to Lambda with their name and where they are described, without a stack', async () => {
    const error = new StoreUnavailable('S3 is away')
    const { handler } = worker({
      ...told,
      run: async () => {
        throw error
      },
      token: () => undefined,
    })
    await assert.rejects(handler({}), {
      name: 'StoreUnavailable',
      message: 'S3 is away (docs/troubleshooting.md#storeunavailable)',
      stack: 'StoreUnavailable: S3 is away (docs/troubleshooting.md#storeunavailable)',
    })
  })

  it('refuses a missing, wrong or shortened token', async () => {
    for (const token of [undefined, '', `Bearer ${TOKEN.slice(0, -1)}`, `Bearer ${TOKEN}x`, `Basic ${TOKEN}`, TOKEN]) {
      const [status, name] = await problemOf(await call('{}', { token }))
      assert.deepEqual([status, name], [401, 'Unauthorized'])
    }
  })

  it('refuses everything as long as no token is configured', async () => {
    for (const token of [undefined, '']) {
      const { fetch } = worker({ ...told, run: async () => 'secret', token: () => token })
      const headers = { authorization: 'Bearer ' }
      const [status, name] = await problemOf(await fetch(new Request(url, { method: 'POST', headers, body: '{}' })))
      assert.deepEqual([status, name], [503, 'NoToken'])
    }
  })

  it('gives up on a body that stops halfway', async () => {
    const stream = new ReadableStream({ start: controller => controller.enqueue(new TextEncoder().encode('{"a":')) })
    const { fetch } = worker({ ...told, run: async () => assert.fail('ran'), token: () => TOKEN, bodyDeadline: 1 })
    const headers = { authorization: `Bearer ${TOKEN}` }
    const init = { method: 'POST', headers, body: stream, duplex: 'half' } as RequestInit // Node's types lack duplex
    assert.deepEqual(await problemOf(await fetch(new Request(url, init))), [
      408,
      'BodyTimeout',
      'the body did not arrive within 1 ms',
    ])
  })

  it('refuses bodies that are malformed or over 256 KiB', async () => {
    assert.deepEqual(await problemOf(await call('{"a":')), [400, 'InvalidInput', 'the body is not JSON'])
    assert.deepEqual(await problemOf(await call('')), [400, 'InvalidInput', 'the body is not JSON'])
    const largest = JSON.stringify('x'.repeat((256 << 10) - 2))
    assert.equal((await call(largest)).status, 200)
    const [status, name] = await problemOf(await call(`${largest} `))
    assert.deepEqual([status, name], [413, 'BodyTooLarge'])
  })

  it('stops reading a body that does not end', async () => {
    let sent = 0
    const endless = new ReadableStream({
      pull: controller => {
        sent += 65_536
        controller.enqueue(new Uint8Array(65_536))
      },
    })
    assert.equal((await call(endless)).status, 413)
    assert(sent < 2 << 20)
  })

  it('only takes POST', async () => {
    const [status, name] = await problemOf(await call(null, { method: 'GET' }))
    assert.deepEqual([status, name], [405, 'MethodNotAllowed'])
  })

  it('distinguishes errors by status: the input, what passes by itself, the rest', async () => {
    const fail = (error: unknown) => () => {
      throw error
    }
    assert.deepEqual(await problemOf(await call('{}', { run: fail(new InvalidInput('bad')) })), [
      400,
      'InvalidInput',
      'bad',
    ])
    assert.deepEqual(await problemOf(await call('{}', { run: fail(new StoreUnavailable('away')) })), [
      503,
      'StoreUnavailable',
      'away',
    ])
    assert.deepEqual(await problemOf(await call('{}', { run: fail(new TypeError('bug')) })), [500, 'TypeError', 'bug'])
    assert.deepEqual(await problemOf(await call('{}', { run: fail('text') })), [
      500,
      'UnknownError',
      'the worker failed',
    ])
  })
})
