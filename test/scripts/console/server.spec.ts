import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../../functions/adapters/directory/directory-store.ts'
import { readLog } from '../../../functions/log/read.ts'
import { type Console, startConsole } from '../../../scripts/console/server.ts'
import { customersFile, reviewsFile } from '../../../scripts/demo/bronze-file.ts'
import { makeCustomers, makeReviews } from '../../../scripts/demo/rows.ts'
import { openLake } from '../../../scripts/lakes/open-lake.ts'
import { runLocal } from '../../../scripts/local/run-local.ts'

const SQL = 'SELECT r.*, c.city FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id'

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

describe('the console', () => {
  let root = ''
  let served: Console
  let cookie = ''
  let origin = ''

  /** A request as it is written: fetch would clean the path, and refuse some headers. */
  const ask = (
    path: string,
    {
      method = 'GET',
      headers = {},
      body = '',
    }: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Answer> =>
    new Promise((done, fail) => {
      const sent = request(origin, { path, method, headers: { cookie, ...headers } }, async response => {
        let text = ''
        for await (const piece of response.setEncoding('utf8')) text += piece
        done({ status: response.statusCode ?? 0, headers: response.headers, body: text })
      })
      sent.on('error', fail)
      sent.end(body)
    })

  before(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'silversmith-console-'))
    root = join(folder, 'lake')
    await writeFile(join(folder, 'secret.txt'), 'secret')
    const store = new DirectoryStore(root)
    await store.put('bronze/customers/a.parquet', customersFile(makeCustomers(50, 1)))
    await store.put('bronze/reviews/a.parquet', reviewsFile(makeReviews(200, 60, Date.UTC(2026, 9, 1), 2)))
    await store.put('bronze/reviews/none.parquet', new TextEncoder().encode('no Parquet'))
    const lake = await openLake({ lake: root })
    const query = async () => ({
      ...{ sql: SQL, declarations: null, reviewsView: 'bronze_reviews', customersView: 'bronze_customers' },
    })
    const caps = { maxFilesPerBatch: 10, maxBytesPerBatch: 1e9 }
    const settings = { query, caps, maxConcurrency: 1, unmatched: 'park', ignoreSparkMetadata: false } as const
    await runLocal({ lake, input: {}, settings: { ...settings, verifyPages: false } })
    served = await startConsole(lake, { where: ` --lake ${root}`, port: 0 })
    origin = new URL(served.url).origin
    const { pathname, search } = new URL(served.url)
    const { status, headers } = await ask(pathname + search)
    assert.equal(status, 303)
    assert.equal(headers.location, '/')
    cookie = String(headers['set-cookie']).split(';')[0] ?? ''
    assert.match(String(headers['set-cookie']), /; HttpOnly; SameSite=Strict; Path=\/$/)
  })

  after(async () => {
    await served.close()
    await rm(join(root, '..'), { recursive: true })
  })

  it('answers each view', async () => {
    const { state } = await readLog(new DirectoryStore(root), (await openLake({ lake: root })).layout)
    const [batch = ''] = state.batches.keys()
    for (const path of [
      ...['/api/now', '/api/machine', '/api/flow', '/api/timeline', '/api/batches', `/api/batch?batch=${batch}`],
      ...['/api/batch/files', '/api/commit', '/api/rows?set=parked', '/api/trouble', '/api/query'],
      '/api/why?id=none',
    ]) {
      const { status, body } = await ask(path)
      assert.equal(status, 200, `${path}: ${body}`)
      JSON.parse(body)
    }
  })

  it('serves its app to every address of a view, with headers that allow nothing else', async () => {
    for (const path of ['/', '/flow', '/batch/20261124T071500Z-3f9a12cd', '/assets/main.js', '/assets/style.css']) {
      const { status, headers } = await ask(path)
      assert.equal(status, 200, path)
      assert.match(String(headers['content-security-policy']), /default-src 'none'; script-src 'self';/)
      assert.doesNotMatch(String(headers['content-security-policy']), /unsafe/)
      assert.equal(headers['x-content-type-options'], 'nosniff')
    }
    assert.match((await ask('/')).body, /<main id="main"/)
  })

  it('gives nothing to a wrong token, host or origin', async () => {
    for (const headers of [
      { cookie: '' },
      { cookie: 'silversmith=wrong' },
      { host: 'evil.example' },
      { origin: 'http://evil.example' },
    ]) {
      for (const path of ['/', '/api/now', '/api/live', '/assets/main.js']) {
        const { status, body } = await ask(path, { headers })
        assert.equal(status, 403, path)
        assert(body.length < 120)
      }
    }
    const { status, headers } = await ask('/?token=wrong', { headers: { cookie: '' } })
    assert.equal(status, 403)
    assert.equal(headers['set-cookie'], undefined)
  })

  it('leads nowhere else with the token', async () => {
    const token = new URL(served.url).searchParams.get('token')
    for (const path of ['//evil.example/', '///evil.example', '/\\evil.example', '/%2f%2fevil.example']) {
      const { headers } = await ask(`${path}?token=${token}`, { headers: { cookie: '' } })
      const location = new URL(String(headers.location ?? '/'), origin)
      assert.equal(location.origin, origin, path)
      assert.equal(location.searchParams.get('token'), null)
    }
  })

  it('serves ranges of the files that the log names', async () => {
    const { files } = JSON.parse((await ask('/api/rows')).body)
    const [{ key, size }] = files
    const part = await ask(`/files/${key}`, { headers: { range: 'bytes=0-3' } })
    assert.equal(part.status, 206)
    assert.equal(part.body, 'PAR1')
    assert.equal(part.headers['content-range'], `bytes 0-3/${size}`)
    assert.equal((await ask(`/files/${key}`, { headers: { range: `bytes=${size}-` } })).status, 416)
    assert.equal((await ask('/files/bronze/reviews/none.parquet')).body, 'no Parquet')
  })

  it('serves no other object, and nothing outside the lake', async () => {
    const commit = 'silver/reviews/_silversmith/log/00000000000000000000.json'
    for (const path of [
      ...['../secret.txt', '..%2fsecret.txt', '%2e%2e/secret.txt', '..\\secret.txt', '/etc/passwd', '%2fetc%2fpasswd'],
      ...[commit, 'bronze/customers/a.parquet', 'bronze/reviews/a.parquet', 'silver/reviews/../../../secret.txt', ''],
      'bronze/reviews/none.parquet/../../../../secret.txt',
    ]) {
      const { status, body } = await ask(`/files/${path}`)
      assert(status !== 200 || body.startsWith('<!doctype html>'), path) // a browser would ask for that page
      assert.doesNotMatch(body, /secret|root:|PAR1|"format"/, path)
    }
  })

  it('asks statements that only read, over silver alone', async () => {
    const sql = (text: string) =>
      ask('/api/ask', { method: 'POST', headers: { origin }, body: JSON.stringify({ sql: text }) })
    const counted = JSON.parse((await sql('SELECT COUNT(*) AS n FROM silver.reviews')).body)
    const { totals } = JSON.parse((await ask('/api/now')).body)
    assert.deepEqual([counted.columns, counted.rows], [['n'], [[totals.rows]]])
    for (const text of [
      'DROP TABLE silver.reviews',
      "COPY (SELECT 1) TO '/tmp/x'",
      'SELECT 1; SELECT 2',
      "SELECT * FROM read_text('/etc/passwd')",
      `SELECT * FROM '${root}/../secret.txt'`,
      '',
    ]) {
      const { status, body } = await sql(text)
      assert.notEqual(status, 200, text)
      assert.match(body, /"error"/)
      assert.doesNotMatch(body, /root:x/)
    }
    assert.equal((await ask('/api/ask', { method: 'POST', body: '{"sql":"SELECT 1"}' })).status, 403)
  })

  it('exports rows as CSV and Parquet', async () => {
    const sent = (format: string) =>
      ask('/api/export', {
        ...{ method: 'POST', headers: { origin } },
        body: new URLSearchParams({ format, sql: 'SELECT review_id FROM silver.reviews ORDER BY 1' }).toString(),
      })
    const csv = await sent('csv')
    assert.equal(csv.body.split('\n')[0], 'review_id')
    assert.match(String(csv.headers['content-disposition']), /attachment; filename="silver.csv"/)
    assert.equal((await sent('parquet')).body.slice(0, 4), 'PAR1')
    assert.equal((await sent('exe')).status, 400)
  })

  it('says what is wrong with what is asked', async () => {
    for (const [path, said] of [
      ['/api/batch?batch=x', /not a batch id/],
      ['/api/batch?batch=20261124T071500Z-00000000', /the log has no batch/],
      ['/api/flow?from=yesterday', /must be a time/],
      ['/api/batches?offset=-1', /must be a whole number/],
      ['/api/commit?version=99', /no version 99/],
      ['/api/rows?set=all', /must be silver, parked or quarantined/],
      ['/api/why', /id is missing/],
    ] as const) {
      const { status, body } = await ask(path)
      assert.equal(status, 400, path)
      assert.match(JSON.parse(body).error, said)
    }
  })
})
