import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Finished, startCommand } from '../scripts/run-command.ts'
import { startWatching } from '../scripts/start-watching.ts'
import { Duck } from '../support/duckdb.ts'
import type { S3Bucket } from '../support/s3-bucket.ts'
import { type S3Server, startS3 } from '../support/s3-server.ts'

/** What a real Spark 3.5 left when it was killed in its third batch. */
const SPARK = fileURLToPath(new URL('../fixtures/spark-takeover/', import.meta.url))
const SESSION = { accessKeyId: 'ASIATEMPORARY', secretAccessKey: 'secret', sessionToken: 'of this session' }

/** A laptop with temporary credentials in its environment, and nothing else that the AWS SDK would find: commands in processes of their own. */
describe('a lake on S3', () => {
  let folder: string
  let s3: S3Server
  let duck: Duck
  let course: S3Bucket
  const LAKE = 's3://course/someone'

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'silversmith-'))
    s3 = await startS3()
    s3.credentials = SESSION
    course = s3.bucket('course')
    duck = await Duck.open()
  })
  after(async () => {
    duck.close()
    await s3.close()
    rmSync(folder, { recursive: true })
  })
  beforeEach(() => course.objects.clear())

  const environment = (more: Readonly<Record<string, string | undefined>> = {}) => ({
    AWS_ENDPOINT_URL: s3.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: SESSION.accessKeyId,
    AWS_SECRET_ACCESS_KEY: SESSION.secretAccessKey,
    AWS_SESSION_TOKEN: SESSION.sessionToken,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    XDG_CACHE_HOME: join(folder, 'cache'),
    ...more,
  })
  const silversmith = (args: readonly [string, ...string[]], more = {}) => startCommand(folder, args, environment(more))
  async function done(...args: [string, ...string[]]): Promise<string> {
    const { status, stdout, stderr } = await silversmith(args)
    assert.equal(status, 0, stderr + stdout)
    return stdout
  }
  const rows = async (lake: string, sql: string): Promise<unknown> =>
    JSON.parse(await done('query', '--lake', lake, '--format', 'json', sql))
  const put = (bucket: S3Bucket, key: string, bytes: Uint8Array) =>
    bucket.put(key, Buffer.from(bytes), { ifNoneMatch: undefined, ifMatch: undefined })
  const versions = (bucket: S3Bucket) => [...bucket.objects].map(([key, { etag }]) => `${key} ${etag}`).sort()

  /** Reviews `name-0`, `name-1`, … by some customers, as Spark would write them. */
  const reviews = (name: string, customers: readonly string[]) =>
    duck.parquet(
      `SELECT '${name}-' || i AS review_id, ([${customers.map(each => `'${each}'`).join(', ')}])[i + 1] AS customer_id,
       CAST(i % 5 + 1 AS INTEGER) AS star_rating FROM range(${customers.length}) AS t(i)`,
    )
  const customers = (...ids: string[]) =>
    duck.parquet(
      `SELECT id AS customer_id, 'Name of ' || id AS customer_name, 'F' AS gender, '1990-01-01' AS date_of_birth,
       'Here' AS city, 'CO' AS state FROM unnest([${ids.map(each => `'${each}'`).join(', ')}]) AS t(id)`,
    )

  async function makeBronze(): Promise<void> {
    put(course, 'someone/bronze/reviews/a.parquet', await reviews('a', ['c1', 'c2', 'late']))
    put(course, 'someone/bronze/customers/1.parquet', await customers('c1', 'c2', 'c3'))
  }

  it('asks for nothing that the policy in the docs does not give', async () => {
    await makeBronze()
    const asked: { readonly method: string; readonly key: string; readonly prefix: string | null }[] = []
    s3.inject = (method, url) => {
      const key = decodeURIComponent(url.pathname.slice('/course/'.length))
      asked.push({ method, key, prefix: url.searchParams.get('prefix') })
      return undefined
    }
    await done('run', '--lake', LAKE)
    s3.inject = () => undefined
    const kinds = new Set(asked.map(({ method, key }) => (key === '' ? 'list' : method)))
    assert.deepEqual([...kinds].sort(), ['GET', 'HEAD', 'PUT', 'list'])
    for (const { method, key, prefix } of asked) {
      assert.match(key === '' ? String(prefix) : key, method === 'PUT' ? /^someone\/silver\/reviews\// : /^someone\//)
    }
  })

  it('is joined once, then file by file, and a late customer brings the review that waited', async () => {
    await makeBronze()
    const first = await done('run', '--lake', LAKE)
    assert.match(first, /written 2, parked until their customer comes 1/)
    assert.match(first, /silver {5}s3:\/\/course\/someone\/silver\/reviews\/ingest_date=/)
    assert.match(first, /^ +1 +1$/m) // the stars are counted
    const before = versions(course)
    assert.match(await done('run', '--lake', `${LAKE}/`), /nothing new: every bronze file is in silver/)
    assert.deepEqual(
      versions(course).filter(each => !each.includes('claim.json')),
      before.filter(each => !each.includes('claim.json')),
    )
    put(course, 'someone/bronze/reviews/b.parquet', await reviews('b', ['c3']))
    assert.match(await done('run', '--lake', LAKE), /1 bronze file → 1 silver file/)
    put(course, 'someone/bronze/customers/2.parquet', await customers('late'))
    assert.match(await done('run', '--lake', LAKE), /1 parked file → 1 silver file/)
    const sql = 'SELECT review_id, customer_name FROM silver.reviews ORDER BY review_id'
    assert.deepEqual(await rows(LAKE, sql), [
      { review_id: 'a-0', customer_name: 'Name of c1' },
      { review_id: 'a-1', customer_name: 'Name of c2' },
      { review_id: 'a-2', customer_name: 'Name of late' },
      { review_id: 'b-0', customer_name: 'Name of c3' },
    ])
    assert(
      [...course.objects.keys()].every(key => key.startsWith('someone/')),
      'nothing beside the lake',
    )
  })

  it('is joined by run --watch too, which looks again every so often', async () => {
    await makeBronze()
    const watching = startWatching(folder, ['--lake', LAKE, '--every', '1s', '--json'], environment())
    try {
      const written = async () => JSON.parse(await watching.line(/^\{/)).rows.written
      assert.equal(await written(), 2)
      put(course, 'someone/bronze/reviews/b.parquet', await reviews('b', ['c3']))
      assert.equal(await written(), 1)
      assert.equal((await watching.end()).status, 0)
    } finally {
      watching.child.kill('SIGKILL')
    }
  })

  it('answers to every command', async () => {
    await makeBronze()
    await done('run', '--lake', LAKE)
    put(course, 'someone/bronze/reviews/b.parquet', await reviews('b', ['c3']))
    assert.match(await done('status', '--lake', LAKE), /^backlog {4}1 file/m)
    assert.match(await done('backfill', '--lake', LAKE, '--dry-run'), /to do +1 file/)
    assert.match(await done('backfill', '--lake', LAKE), /^\S+ +append +1 +1 +1 +0 +0 +0$/m)
    assert.match(await done('why', '--lake', LAKE, 'a-0'), /silver/)
    assert.match(await done('why', '--lake', LAKE, 'a-2'), /parked/)
    assert.match(await done('history', '--lake', LAKE), /append/)
    assert.match(await done('validate', '--lake', LAKE), /2 batches, 3 rows: a query counts/)
    assert.match(await done('explain', '--lake', LAKE), /s3:\/\/course\/someone\/silver\/reviews/)
    assert.match(await done('vacuum', '--lake', LAKE), /nothing to remove/)
    assert.deepEqual(await rows(LAKE, 'SELECT missing_key FROM silver.parked'), [{ missing_key: 'late' }])
    assert.deepEqual(await rows(LAKE, 'SELECT sum(written) AS n FROM silver.batches WHERE live'), [{ n: 3 }])
    const there = versions(course)
    writeFileSync(
      join(folder, 'new.sql'),
      'SELECT r.review_id, upper(c.customer_name) AS customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id',
    )
    const diff = await done('diff', '--lake', LAKE, '--sql', 'new.sql', '--all')
    assert.match(diff, /^in all {5}2 batches, rows 3 → 3: 0 the same, 3 changed, 0 gone, 0 added$/m)
    assert.match(diff, /^ +customer_name +Name of c1 +NAME OF C1$/m)
    assert.deepEqual(versions(course), there)
    const uris = (await done('files', '--lake', LAKE, '--format', 'uris')).trim().split('\n')
    assert.equal(uris.length, 2)
    for (const uri of uris) assert(course.objects.has(uri.slice('s3://course/'.length)), uri)
    for (const key of [...course.objects.keys()]) if (key.includes('/log/')) course.objects.delete(key)
    assert.match((await silversmith(['run', '--lake', LAKE])).stderr, /npx silversmith rebuild/)
    assert.match(await done('rebuild', '--lake', LAKE), /the log has 2 commits again/)
    await done('run', '--lake', LAKE)
    assert.deepEqual(await rows(LAKE, 'SELECT COUNT(*) AS n FROM silver.reviews'), [{ n: 3 }])
  })

  it('takes bronze from another bucket and from a directory, and remembers where it lies', async () => {
    const landing = s3.bucket('landing')
    put(landing, 'in/reviews/2026/a.parquet', await reviews('a', ['c1']))
    const directory = join(folder, 'customers')
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, '1.parquet'), await customers('c1', 'c2'))
    const before = versions(landing)
    const wrong = ['--reviews', 's3a://landing/in/reviews', '--customers', join(folder, 'typo')] as const
    assert.match(
      (await silversmith(['run', '--lake', LAKE, ...wrong])).stderr,
      /typo: there are no Parquet files under/,
    )
    await done('run', '--lake', LAKE, '--reviews', 's3a://landing/in/reviews', '--customers', directory)
    const moved = join(folder, 'moved-customers') // customers may move
    mkdirSync(moved, { recursive: true })
    writeFileSync(join(moved, '1.parquet'), await customers('c1', 'c2'))
    await done('run', '--lake', LAKE, '--customers', moved)
    put(landing, 'in/reviews/2026/b.parquet', await reviews('b', ['c2']))
    assert.match(await done('run', '--lake', LAKE), /1 bronze file → 1 silver file/)
    const sql = 'SELECT review_id, customer_name FROM silver.reviews ORDER BY review_id'
    assert.deepEqual(await rows(LAKE, sql), [
      { review_id: 'a-0', customer_name: 'Name of c1' },
      { review_id: 'b-0', customer_name: 'Name of c2' },
    ])
    const told = await done('why', '--lake', LAKE, 'b-0')
    assert.match(told, /bronze\/reviews\/2026\/b\.parquet/)
    assert.deepEqual(versions(landing).slice(0, 1), before) // bronze is read only
    const other = await silversmith(['run', '--lake', LAKE, '--reviews', 's3://landing/other'])
    assert.equal(other.status, 2)
    assert.match(
      other.stderr,
      /^s3:\/\/course\/someone was begun with --reviews s3:\/\/landing\/in\/reviews\/, which can't change: /,
    )
  })

  it('does not take other bronze beside its own', async () => {
    await makeBronze()
    s3.bucket('landing')
    const { status, stderr } = await silversmith(['run', '--lake', LAKE, '--reviews', 's3://landing/in'])
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
    const before = versions(course)
    const finished = await silversmith(args, more)
    assert.notEqual(finished.status, 0, finished.stdout)
    assert.equal(finished.stderr.trim().split('\n').length, 1, finished.stderr)
    assert.deepEqual(versions(course), before, 'nothing was written')
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
      await makeBronze()
      s3.expired.add('old')
      assert.match((await refused(['run', '--lake', LAKE], more)).stderr, message)
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
    await makeBronze()
    put(course, 'someone/silver/reviews/_silversmith/published.json', Buffer.from('{"format":1,"version":3}'))
    assert.match((await refused(['run', '--lake', LAKE], {})).stderr, /is the lake of a deployed stage.*--stage NAME/)
  })

  /** Puts what Spark left under `spark/` of the bucket, as if it had worked there by s3a. */
  function putSpark(bucket: S3Bucket): void {
    for (const entry of readdirSync(SPARK, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (!entry.isFile() || entry.name === 'make.py') continue
      const bytes = readFileSync(path)
      const moved = path.endsWith('.parquet')
        ? bytes
        : Buffer.from(bytes.toString().replaceAll('file:///tmp/silversmith-takeover/', 's3a://old/spark/'))
      put(bucket, `spark/${relative(SPARK, path)}`, moved)
    }
  }

  it('begins with what a Spark job on S3 has done, and goes on without a gap', async () => {
    const old = s3.bucket('old')
    putSpark(old)
    const sql = join(folder, 'taken.sql')
    writeFileSync(
      sql,
      'SELECT r.*, c.customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id',
    )
    const places = [
      '--reviews',
      's3://old/spark/bronze/reviews',
      '--customers',
      's3://old/spark/bronze/customers',
    ] as const
    const job = ['--checkpoint', 's3a://old/spark/checkpoint', '--silver', 's3a://old/spark/old-silver'] as const
    const dry = await done('takeover', '--lake', LAKE, ...places, ...job, '--dry-run')
    assert.match(
      dry,
      /^dry run: 16 rows in 4 silver files would be the first batch, and 4 bronze files marked as processed$/m,
    )
    assert.equal(course.objects.size, 0)
    const taken = await done('takeover', '--lake', LAKE, ...places, ...job)
    assert.match(taken, /^batch \S+: 16 rows in 4 silver files, committed$/m)
    assert.match(taken, /^4 bronze files marked as processed/m)
    assert.match(await done('run', '--lake', LAKE, '--sql', sql), /2 bronze files → 1 silver file/)
    const count =
      'SELECT COUNT(*) AS n, COUNT(DISTINCT review_id) AS ids, COUNT(customer_name) AS names FROM silver.reviews'
    assert.deepEqual(await rows(LAKE, count), [{ n: 24, ids: 24, names: 24 }])
    assert.match(await done('run', '--lake', LAKE, '--sql', sql), /nothing new/)
    const again = await silversmith(['takeover', '--lake', LAKE, ...job])
    assert.match(again.stderr, /^the lake has a log already/)
  })
})
