import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Finished, startCommand } from '../scripts/run-command.ts'
import { Duck } from './duckdb.ts'
import type { S3Bucket } from './s3-bucket.ts'
import { type S3Server, startS3 } from './s3-server.ts'

const SESSION = { accessKeyId: 'ASIATEMPORARY', secretAccessKey: 'secret', sessionToken: 'of this session' }

/** A laptop with temporary credentials in its environment, and nothing else that the AWS SDK would find: commands in processes of their own. */
export class LaptopOnS3 {
  /** In the bucket `course`. */
  readonly lake = 's3://course/someone'
  readonly folder: string
  readonly s3: S3Server
  readonly course: S3Bucket
  readonly #duck: Duck

  private constructor(s3: S3Server, duck: Duck) {
    this.folder = mkdtempSync(join(tmpdir(), 'silversmith-'))
    this.s3 = s3
    this.#duck = duck
    s3.credentials = SESSION
    this.course = s3.bucket('course')
  }

  static async start(): Promise<LaptopOnS3> {
    return new LaptopOnS3(await startS3(), await Duck.open())
  }

  async stop(): Promise<void> {
    this.#duck.close()
    await this.s3.close()
    rmSync(this.folder, { recursive: true })
  }

  environment(more: Readonly<Record<string, string | undefined>> = {}): Record<string, string | undefined> {
    return {
      AWS_ENDPOINT_URL: this.s3.endpoint,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: SESSION.accessKeyId,
      AWS_SECRET_ACCESS_KEY: SESSION.secretAccessKey,
      AWS_SESSION_TOKEN: SESSION.sessionToken,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      XDG_CACHE_HOME: join(this.folder, 'cache'),
      ...more,
    }
  }

  silversmith(args: readonly [string, ...string[]], more = {}): Promise<Finished> {
    return startCommand(this.folder, args, this.environment(more))
  }

  /** What a command prints that must succeed. */
  async done(...args: [string, ...string[]]): Promise<string> {
    const { status, stdout, stderr } = await this.silversmith(args)
    assert.equal(status, 0, stderr + stdout)
    return stdout
  }

  async rows(sql: string): Promise<unknown> {
    return JSON.parse(await this.done('query', '--lake', this.lake, '--format', 'json', sql))
  }

  /** Reviews `name-0`, `name-1`, … by some customers, as Spark would write them. */
  reviews(name: string, customers: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
    return this.#duck.parquet(
      `SELECT '${name}-' || i AS review_id, ([${customers.map(each => `'${each}'`).join(', ')}])[i + 1] AS customer_id,
       CAST(i % 5 + 1 AS INTEGER) AS star_rating FROM range(${customers.length}) AS t(i)`,
    )
  }

  customers(...ids: string[]): Promise<Uint8Array<ArrayBuffer>> {
    return this.#duck.parquet(
      `SELECT id AS customer_id, 'Name of ' || id AS customer_name, 'F' AS gender, '1990-01-01' AS date_of_birth,
       'Here' AS city, 'CO' AS state FROM unnest([${ids.map(each => `'${each}'`).join(', ')}]) AS t(id)`,
    )
  }

  /** Three reviews, of which one waits, and three customers. */
  async makeBronze(): Promise<void> {
    put(this.course, 'someone/bronze/reviews/a.parquet', await this.reviews('a', ['c1', 'c2', 'late']))
    put(this.course, 'someone/bronze/customers/1.parquet', await this.customers('c1', 'c2', 'c3'))
  }
}

export function put(bucket: S3Bucket, key: string, bytes: Uint8Array): void {
  bucket.put(key, Buffer.from(bytes), { ifNoneMatch: undefined, ifMatch: undefined })
}

/** The objects of a bucket with their versions. */
export function versions(bucket: S3Bucket): string[] {
  return [...bucket.objects].map(([key, { etag }]) => `${key} ${etag}`).sort()
}
