import assert from 'node:assert/strict'
import { S3Store } from '../../../functions/adapters/s3/s3-store.ts'
import { writeSilver } from '../../../functions/engine/join/silver.ts'
import type { SourceFile } from '../../../functions/engine/sources/source-file.ts'
import { columnsOf, readFooter } from '../../../functions/parquet/metadata/footer.ts'
import { joinQuery } from '../../support/compiled-queries.ts'
import { Duck } from '../../support/duckdb.ts'
import { codecs, customersOf } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'
import { type S3Server, startS3 } from '../../support/s3-server.ts'

describe('the append path on S3', function () {
  this.timeout(60_000)
  let duck: Duck
  let s3: S3Server
  before(async () => {
    duck = await Duck.open()
    s3 = await startS3()
  })
  after(async () => {
    duck.close()
    await s3.close()
  })

  it('lets S3 copy the body: next to nothing of it goes through the worker', async () => {
    const sql =
      "SELECT i AS id, 'k' || (i % 1000) AS customer_id, md5(i::VARCHAR) || md5((i + 1)::VARCHAR) || md5((i + 2)::VARCHAR) AS body FROM range(200000) t(i)"
    const bytes = await duck.parquet(sql, 'ROW_GROUP_SIZE 204800')
    assert.ok(bytes.length > 8 << 20)
    const bucket = s3.bucket('lake')
    const key = 'bronze/reviews/a b+c%2Fd.parquet'
    bucket.put(key, Buffer.from(bytes), { ifNoneMatch: undefined, ifMatch: undefined })
    const store = new S3Store(s3.client(), 'lake')
    const info = (await store.head(key)) ?? assert.fail()
    let read = 0
    const source: SourceFile = {
      ...info,
      path: {},
      parked: false,
      excluded: [],
      read: async range => {
        const part = await store.get(key, { range, ifMatch: info.etag })
        read += part.length
        return part
      },
    }
    const customersFile = sourceOf(
      'c',
      await duck.parquet("SELECT 'k' || i AS customer_id, 'name ' || i AS name FROM range(1000) t(i)"),
    )
    const query = joinQuery(columnsOf(await readFooter(source)), columnsOf(await readFooter(customersFile)))
    const customers = await customersOf([customersFile], query)
    read = 0
    const requests: string[] = []
    s3.inject = (method, url) => {
      requests.push(`${method}${url.searchParams.has('partNumber') ? ' part' : ''}`)
      return undefined
    }
    const silver = store.writer('silver/part-00000.parquet', { ifNoneMatch: '*' })
    await writeSilver(
      { query, dimensions: [customers], sources: [source], silver, parked: null, metadata: () => ({}) },
      codecs,
    )
    assert.deepEqual((await silver.close()).written, true)
    assert.ok(read < bytes.length * 0.1, `${read} of ${bytes.length} bytes were read`)
    assert.deepEqual(requests.sort(), ['GET', 'GET', 'POST', 'POST', 'PUT part', 'PUT part'])

    const written = await store.get('silver/part-00000.parquet')
    const { bodyEnd } = await readFooter(source)
    assert.deepEqual(written.subarray(0, bodyEnd), bytes.subarray(0, bodyEnd))
    const rows = await duck.rows(
      `SELECT count(*)::INT AS n, count(*) FILTER (name = 'name ' || (id % 1000))::INT AS right FROM read_parquet('${duck.file(written)}')`,
    )
    assert.deepEqual(rows, [{ n: 200_000, right: 200_000 }])
  })
})
