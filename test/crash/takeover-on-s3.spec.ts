import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LaptopOnS3, put } from '../support/laptop-on-s3.ts'
import type { S3Bucket } from '../support/s3-bucket.ts'

/** What a real Spark 3.5 left when it was killed in its third batch. */
const SPARK = fileURLToPath(new URL('../fixtures/spark-takeover/', import.meta.url))

describe('a lake on S3', () => {
  let laptop: LaptopOnS3
  before(async () => {
    laptop = await LaptopOnS3.start()
  })
  after(() => laptop.stop())

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
    const old = laptop.s3.bucket('old')
    putSpark(old)
    const sql = join(laptop.folder, 'taken.sql')
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
    const dry = await laptop.done('takeover', '--lake', laptop.lake, ...places, ...job, '--dry-run')
    assert.match(
      dry,
      /^dry run: 16 rows in 4 silver files would be the first batch, and 4 bronze files marked as processed$/m,
    )
    assert.equal(laptop.course.objects.size, 0)
    const taken = await laptop.done('takeover', '--lake', laptop.lake, ...places, ...job)
    assert.match(taken, /^batch \S+: 16 rows in 4 silver files, committed$/m)
    assert.match(taken, /^4 bronze files marked as processed/m)
    assert.match(await laptop.done('run', '--lake', laptop.lake, '--sql', sql), /2 bronze files → 1 silver file/)
    const count =
      'SELECT COUNT(*) AS n, COUNT(DISTINCT review_id) AS ids, COUNT(customer_name) AS names FROM silver.reviews'
    assert.deepEqual(await laptop.rows(count), [{ n: 24, ids: 24, names: 24 }])
    assert.match(await laptop.done('run', '--lake', laptop.lake, '--sql', sql), /nothing new/)
    const again = await laptop.silversmith(['takeover', '--lake', laptop.lake, ...job])
    assert.match(again.stderr, /^the lake has a log already/)
  })
})
