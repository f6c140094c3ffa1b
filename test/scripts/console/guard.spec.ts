import assert from 'node:assert/strict'
import { judge } from '../../../scripts/console/guard.ts'
import { parseRange } from '../../../scripts/console/serve-file.ts'

const identity = { port: 4870, token: 'a'.repeat(48) }
const cookie = `silversmith-4870=${identity.token}`
const HOST = '127.0.0.1:4870'

const asked = (headers: Readonly<Record<string, string>>, { method = 'GET', path = '/' } = {}) =>
  judge({ method, url: new URL(path, 'http://127.0.0.1'), headers: { host: HOST, ...headers } }, identity).kind

describe('judge()', () => {
  it('lets in who has the cookie, and gives it to who has the token', () => {
    assert.equal(asked({ cookie }), 'allow')
    assert.equal(asked({ cookie: `other=1; ${cookie}`, 'sec-fetch-site': 'same-origin' }), 'allow')
    assert.equal(asked({}, { path: `/?token=${identity.token}` }), 'sign in')
  })

  for (const [what, headers, request] of [
    ['no cookie', {}],
    ['another token', {}, { path: '/?token=b' }],
    ['another token beside the cookie', { cookie }, { path: `/?token=${'b'.repeat(48)}` }],
    ['the cookie of another port', { cookie: cookie.replace('4870', '4871') }],
    ['a cookie that begins alike', { cookie: `${cookie}a` }],
    ['another host, whose name was resolved to this machine', { cookie, host: 'evil.example:4870' }],
    ['another port', { cookie, host: '127.0.0.1:80' }],
    ['no host', { cookie, host: '' }],
    ['another origin', { cookie, origin: 'http://evil.example' }],
    ['another port as its origin', { cookie, origin: 'http://127.0.0.1:8080' }],
    ['an origin that is none', { cookie, origin: 'null' }],
    ['a request of another site', { cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['a POST without an origin', { cookie }, { method: 'POST' }],
    ['the token by POST', {}, { method: 'POST', path: `/?token=${identity.token}` }],
    ['a method that changes something', { cookie }, { method: 'DELETE' }],
  ] as const) {
    it(`refuses ${what}`, () => assert.equal(asked(headers, request), 'refuse'))
  }
})

describe('parseRange()', () => {
  it('takes one range within the object', () => {
    assert.deepEqual(parseRange('bytes=0-9', 100), { start: 0, end: 10 })
    assert.deepEqual(parseRange('bytes=90-', 100), { start: 90, end: 100 })
    assert.deepEqual(parseRange('bytes=-8', 100), { start: 92, end: 100 })
    assert.deepEqual(parseRange('bytes=-800', 100), { start: 0, end: 100 })
    assert.deepEqual(parseRange('bytes=50-5000', 100), { start: 50, end: 100 })
  })

  it('refuses any other', () => {
    for (const header of [
      '',
      'bytes=',
      'bytes=-',
      'bytes=-0',
      'bytes=100-',
      'bytes=9-3',
      'bytes=0-1,5-6',
      'lines=1-2',
    ]) {
      assert.equal(parseRange(header, 100), undefined, header)
    }
  })
})
