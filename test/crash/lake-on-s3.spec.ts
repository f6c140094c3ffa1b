import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finished } from '../scripts/run-command.ts'
import { startWatching } from '../scripts/start-watching.ts'
import { LaptopOnS3, put, versions } from '../support/laptop-on-s3.ts'

describe('a lake on S3', () => {
  let laptop: LaptopOnS3
  before(async () => {
    laptop = await LaptopOnS3.start()
  })
  after(() => laptop.stop())
  beforeEach(() => laptop.course.objects.clear())

  it('asks for nothing that the policy in the docs does not give', async () => {
    await laptop.makeBronze()
    const asked: { readonly method: string; readonly key: string; readonly prefix: string | null }[] = []
    laptop.s3.inject = (method, url) => {
      const key = decodeURIComponent(url.pathname.slice('/course/'.length))
      asked.push({ method, key, prefix: url.searchParams.get('prefix') })
      return undefined
    }
    await laptop.done('run', '--lake', laptop.lake)
    laptop.s3.inject = () => undefined
    const kinds = new Set(asked.map(({ method, key }) => (key === '' ? 'list' : method)))
    assert.deepEqual([...kinds].sort(), ['GET', 'HEAD', 'PUT', 'list'])
    for (const { method, key, prefix } of asked) {
      assert.match(key === '' ? String(prefix) : key, method === 'PUT' ? /^someone\/silver\/reviews\// : /^someone\//)
    }
  })

  it('is joined once, then file by file, and a late customer brings the review that waited', async () => {
    await laptop.makeBronze()
    const first = await laptop.done('run', '--lake', laptop.lake)
    assert.match(first, /written 2, parked until their customer comes 1/)
    assert.match(first, /silver {5}s3:\/\/course\/someone\/silver\/reviews\/ingest_date=/)
    assert.match(first, /^ +1 +1$/m) // the stars are counted
    const before = versions(laptop.course)
    assert.match(await laptop.done('run', '--lake', `${laptop.lake}/`), /nothing new: every bronze file is in silver/)
    assert.deepEqual(
      versions(laptop.course).filter(each => !each.includes('claim.json')),
      before.filter(each => !each.includes('claim.json')),
    )
    put(laptop.course, 'someone/bronze/reviews/b.parquet', await laptop.reviews('b', ['c3']))
    assert.match(await laptop.done('run', '--lake', laptop.lake), /1 bronze file → 1 silver file/)
    put(laptop.course, 'someone/bronze/customers/2.parquet', await laptop.customers('late'))
    assert.match(await laptop.done('run', '--lake', laptop.lake), /1 parked file → 1 silver file/)
    const sql = 'SELECT review_id, customer_name FROM silver.reviews ORDER BY review_id'
    assert.deepEqual(await laptop.rows(sql), [
      { review_id: 'a-0', customer_name: 'Name of c1' },
      { review_id: 'a-1', customer_name: 'Name of c2' },
      { review_id: 'a-2', customer_name: 'Name of late' },
      { review_id: 'b-0', customer_name: 'Name of c3' },
    ])
    assert(
      [...laptop.course.objects.keys()].every(key => key.startsWith('someone/')),
      'nothing beside the lake',
    )
  })

  it('is joined by run --watch too, which looks again every so often', async () => {
    await laptop.makeBronze()
    const watching = startWatching(
      laptop.folder,
      ['--lake', laptop.lake, '--every', '1s', '--json'],
      laptop.environment(),
    )
    try {
      const written = async () => JSON.parse(await watching.line(/^\{/)).rows.written
      assert.equal(await written(), 2)
      put(laptop.course, 'someone/bronze/reviews/b.parquet', await laptop.reviews('b', ['c3']))
      assert.equal(await written(), 1)
      assert.equal((await watching.end()).status, 0)
    } finally {
      watching.child.kill('SIGKILL')
    }
  })

  it('answers to every command', async () => {
    await laptop.makeBronze()
    await laptop.done('run', '--lake', laptop.lake)
    put(laptop.course, 'someone/bronze/reviews/b.parquet', await laptop.reviews('b', ['c3']))
    assert.match(await laptop.done('status', '--lake', laptop.lake), /^backlog {4}1 file/m)
    assert.match(await laptop.done('backfill', '--lake', laptop.lake, '--dry-run'), /to do +1 file/)
    assert.match(await laptop.done('backfill', '--lake', laptop.lake), /^\S+ +append +1 +1 +1 +0 +0 +0$/m)
    assert.match(await laptop.done('why', '--lake', laptop.lake, 'a-0'), /silver/)
    assert.match(await laptop.done('why', '--lake', laptop.lake, 'a-2'), /parked/)
    assert.match(await laptop.done('history', '--lake', laptop.lake), /append/)
    assert.match(await laptop.done('validate', '--lake', laptop.lake), /2 batches, 3 rows: a query counts/)
    assert.match(await laptop.done('explain', '--lake', laptop.lake), /s3:\/\/course\/someone\/silver\/reviews/)
    assert.match(await laptop.done('vacuum', '--lake', laptop.lake), /nothing to remove/)
    assert.deepEqual(await laptop.rows('SELECT missing_key FROM silver.parked'), [{ missing_key: 'late' }])
    assert.deepEqual(await laptop.rows('SELECT sum(written) AS n FROM silver.batches WHERE live'), [{ n: 3 }])
    const there = versions(laptop.course)
    writeFileSync(
      join(laptop.folder, 'new.sql'),
      'SELECT r.review_id, upper(c.customer_name) AS customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id',
    )
    const diff = await laptop.done('diff', '--lake', laptop.lake, '--sql', 'new.sql', '--all')
    assert.match(diff, /^in all {5}2 batches, rows 3 → 3: 0 the same, 3 changed, 0 gone, 0 added$/m)
    assert.match(diff, /^ +customer_name +Name of c1 +NAME OF C1$/m)
    assert.deepEqual(versions(laptop.course), there)
    const uris = (await laptop.done('files', '--lake', laptop.lake, '--format', 'uris')).trim().split('\n')
    assert.equal(uris.length, 2)
    for (const uri of uris) assert(laptop.course.objects.has(uri.slice('s3://course/'.length)), uri)
    for (const key of [...laptop.course.objects.keys()]) if (key.includes('/log/')) laptop.course.objects.delete(key)
    assert.match((await laptop.silversmith(['run', '--lake', laptop.lake])).stderr, /npx silversmith rebuild/)
    assert.match(await laptop.done('rebuild', '--lake', laptop.lake), /the log has 2 commits again/)
    await laptop.done('run', '--lake', laptop.lake)
    assert.deepEqual(await laptop.rows('SELECT COUNT(*) AS n FROM silver.reviews'), [{ n: 3 }])
  })

  it('takes bronze from another bucket and from a directory, and remembers where it lies', async () => {
    const landing = laptop.s3.bucket('landing')
    put(landing, 'in/reviews/2026/a.parquet', await laptop.reviews('a', ['c1']))
    const directory = join(laptop.folder, 'customers')
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, '1.parquet'), await laptop.customers('c1', 'c2'))
    const before = versions(landing)
    const wrong = ['--reviews', 's3a://landing/in/reviews', '--customers', join(laptop.folder, 'typo')] as const
    assert.match(
      (await laptop.silversmith(['run', '--lake', laptop.lake, ...wrong])).stderr,
      /typo: there are no Parquet files under/,
    )
    await laptop.done('run', '--lake', laptop.lake, '--reviews', 's3a://landing/in/reviews', '--customers', directory)
    const moved = join(laptop.folder, 'moved-customers') // customers may move
    mkdirSync(moved, { recursive: true })
    writeFileSync(join(moved, '1.parquet'), await laptop.customers('c1', 'c2'))
    await laptop.done('run', '--lake', laptop.lake, '--customers', moved)
    put(landing, 'in/reviews/2026/b.parquet', await laptop.reviews('b', ['c2']))
    assert.match(await laptop.done('run', '--lake', laptop.lake), /1 bronze file → 1 silver file/)
    const sql = 'SELECT review_id, customer_name FROM silver.reviews ORDER BY review_id'
    assert.deepEqual(await laptop.rows(sql), [
      { review_id: 'a-0', customer_name: 'Name of c1' },
      { review_id: 'b-0', customer_name: 'Name of c2' },
    ])
    const told = await laptop.done('why', '--lake', laptop.lake, 'b-0')
    assert.match(told, /bronze\/reviews\/2026\/b\.parquet/)
    assert.deepEqual(versions(landing).slice(0, 1), before) // bronze is read only
    const other = await laptop.silversmith(['run', '--lake', laptop.lake, '--reviews', 's3://landing/other'])
    assert.equal(other.status, 2)
    assert.match(
      other.stderr,
      /^s3:\/\/course\/someone was begun with --reviews s3:\/\/landing\/in\/reviews\/, which can't change: /,
    )
  })

  it('does not take other bronze beside its own', async () => {
    await laptop.makeBronze()
    laptop.s3.bucket('landing')
    const { status, stderr } = await laptop.silversmith(['run', '--lake', laptop.lake, '--reviews', 's3://landing/in'])
    assert.equal(status, 2)
    assert.match(
      stderr,
      /^s3:\/\/course\/someone has bronze\/reviews\/ of its own: leave --reviews out, or move it away$/m,
    )
  })

  const refused = async (
    args: readonly [string, ...string[]],
    more: Record<string, string | undefined>,
  ): Promise<Finished> => {
    const before = versions(laptop.course)
    const finished = await laptop.silversmith(args, more)
    assert.notEqual(finished.status, 0, finished.stdout)
    assert.equal(finished.stderr.trim().split('\n').length, 1, finished.stderr)
    assert.deepEqual(versions(laptop.course), before, 'nothing was written')
    return finished
  }

  for (const [what, more, message] of [
    ['no credentials', { AWS_ACCESS_KEY_ID: undefined }, /^there are no AWS credentials: set AWS_PROFILE, or /],
    ['a temporary key without its token', { AWS_SESSION_TOKEN: undefined }, /not accepted: .*AWS_SESSION_TOKEN/],
    [
      'a token that has expired',
      { AWS_SESSION_TOKEN: 'old' },
      /^the AWS credentials have expired: .*AWS_SESSION_TOKEN/,
    ],
    ['another key', { AWS_ACCESS_KEY_ID: 'AKIAOTHER' }, /^the AWS credentials are not accepted: /],
  ] as const) {
    it(`says in one line what to set for ${what}, before anything is written`, async () => {
      await laptop.makeBronze()
      laptop.s3.expired.add('old')
      assert.match((await refused(['run', '--lake', laptop.lake], more)).stderr, message)
    })
  }

  it('says which place it has listed where nothing lies, and which bucket is not there', async () => {
    assert.match(
      (await refused(['run', '--lake', 's3://course/me'], {})).stderr,
      /^s3:\/\/course\/me is not a lake yet: there is nothing under s3:\/\/course\/me\/bronze\/reviews\/ or s3:\/\/course\/me\/silver\/reviews\/: put review files \(Parquet\) under the first, or say where they lie by --reviews/,
    )
    assert.match(
      (await refused(['status', '--lake', 's3://nobody/x'], {})).stderr,
      /^there is no bucket nobody: check --lake s3:\/\/nobody\/x\/$/m,
    )
    assert.match(
      (await refused(['status', '--lake', 's3://'], {})).stderr,
      /^s3:\/\/ names no bucket: write s3:\/\/bucket/,
    )
  })

  it('is not taken for one that is worked on here where a stage has told Athena', async () => {
    await laptop.makeBronze()
    put(laptop.course, 'someone/silver/reviews/_silversmith/published.json', Buffer.from('{"format":1,"version":3}'))
    assert.match(
      (await refused(['run', '--lake', laptop.lake], {})).stderr,
      /is the lake of a deployed stage.*--stage NAME/,
    )
  })
})
