import { gzipSync } from 'node:zlib'
import { parquetMetadata } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { Duck } from './duckdb.ts'
import { withFooter } from './with-footer.ts'

/** A broken or odd bronze file: what it is, its bytes, and what the user is told; null where its rows are joined. */
export interface BadFile {
  readonly what: string
  readonly bytes: Uint8Array
  readonly told: RegExp | null
  /** Its name below the reviews, where that matters. */
  readonly name?: string
}

const text = (content: string) => new TextEncoder().encode(content)

/** A sound file: one row of customer 1. */
export function goodFile(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'review_id', data: ['r'], type: 'STRING' },
        { name: 'customer_id', data: ['1'], type: 'STRING' },
        { name: 'stars', data: [5], type: 'INT32' },
      ],
    }),
  )
}

/** Changes one column chunk's metadata. */
function withChunk(bytes: Uint8Array<ArrayBuffer>, change: (chunk: Record<string, unknown>) => void): Uint8Array {
  return withFooter(bytes, metadata => {
    const chunk = metadata.row_groups[0]?.columns[1]?.meta_data
    if (chunk) change(chunk as unknown as Record<string, unknown>) // anything goes
  })
}

function patched(bytes: Uint8Array, at: number, ...values: number[]): Uint8Array {
  const copy = bytes.slice()
  copy.set(values, at < 0 ? copy.length + at : at)
  return copy
}

/** Makes them all. */
export async function makeBadFiles(duck: Duck): Promise<BadFile[]> {
  const good = goodFile()
  const { metadata_length: footer } = parquetMetadata(good)
  const sql = (select: string, options = '') => duck.parquet(select, options)
  const row = "SELECT 'r' AS review_id, '1' AS customer_id, 5::INTEGER AS stars"
  const chunk = parquetMetadata(good).row_groups[0]?.columns[1]?.meta_data
  const page = Number(chunk?.data_page_offset)
  return [
    { what: 'an empty file', bytes: new Uint8Array(0), told: /not a Parquet file: it has 0 bytes/ },
    { what: 'one byte', bytes: text('P'), told: /not a Parquet file: it has 1 byte$/ },
    { what: 'the magic alone', bytes: text('PAR1'), told: /not a Parquet file: it has 4 bytes/ },
    { what: 'the magic twice', bytes: text('PAR1PAR1'), told: /not a Parquet file: it has 8 bytes/ },
    { what: 'a footer of no length', bytes: text('PAR1\0\0\0\0PAR1'), told: /footer of 0 bytes does not fit/ },
    { what: 'a line of text', bytes: text('these are no rows\n'), told: /does not end in PAR1/ },
    { what: 'a CSV file', bytes: text('review_id,customer_id,stars\nr,1,5\n'), told: /looks like text, such as CSV/ },
    { what: 'a JSON file', bytes: text('{"review_id": "r", "customer_id": "1"}'), told: /looks like JSON/ },
    {
      what: 'an error page in HTML',
      bytes: text('<html><body>502 Bad Gateway</body></html>'),
      told: /does not end in PAR1/,
    },
    {
      what: "an error of S3's in XML",
      bytes: text('<Error><Code>AccessDenied</Code></Error>'),
      told: /does not end in PAR1/,
    },
    { what: 'an ORC file', bytes: text(`ORC${'\0'.repeat(50)}ORC`), told: /does not end in PAR1/ },
    { what: 'zeros', bytes: new Uint8Array(10_000), told: /does not end in PAR1/ },
    { what: 'a gzipped Parquet file', bytes: gzipSync(good), told: /does not end in PAR1/ },
    { what: 'a file whose last byte is missing', bytes: good.slice(0, -1), told: /does not end in PAR1/ },
    { what: 'the first half of a file', bytes: good.slice(0, good.length >> 1), told: /does not end in PAR1/ },
    {
      what: 'a file whose first half is missing',
      bytes: good.slice(good.length >> 1),
      told: /does not begin with PAR1/,
    },
    { what: 'a file whose first ten bytes are missing', bytes: good.slice(10), told: /does not begin with PAR1/ },
    { what: 'an encrypted file', bytes: patched(good, -4, ...text('PARE')), told: /encrypted/ },
    {
      what: 'a footer longer than the file',
      bytes: patched(good, -8, 0, 0, 1, 0),
      told: /footer of 65536 bytes does not fit/,
    },
    {
      what: 'a footer of 4 GiB',
      bytes: patched(good, -8, 255, 255, 255, 255),
      told: /footer of 4294967295 bytes does not fit/,
    },
    {
      what: 'a footer that is too short',
      bytes: patched(good, -8, 4, 0, 0, 0),
      told: /schema ends|footer|corrupt/,
    },
    {
      what: 'a footer of random bytes',
      bytes: patched(good, -8 - footer, ...Array.from({ length: footer }, (_, i) => (i * 89 + 41) & 255)),
      told: /footer|corrupt|thrift|schema/,
    },
    {
      what: 'a page header of random bytes',
      bytes: patched(good, page, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
      told: /thrift|page|corrupt/,
    },
    { what: 'a codec nobody uses (LZO)', bytes: withChunk(good, each => (each.codec = 'LZO')), told: /codec LZO/ },
    {
      what: 'a row count that is not that of the row groups',
      bytes: withFooter(good, metadata => (metadata.num_rows = 7n)),
      told: /counts 7 rows, the row groups 1/,
    },
    {
      what: 'a row group that claims a trillion rows',
      bytes: withFooter(good, metadata => {
        metadata.num_rows = 10n ** 12n
        for (const group of metadata.row_groups) group.num_rows = 10n ** 12n
      }),
      told: /claims 1000000000000 rows/,
    },
    {
      what: 'a column that lies past the end',
      bytes: withChunk(good, each => {
        each.data_page_offset = 1_000_000n
        each.dictionary_page_offset = undefined
      }),
      told: /outside of the file's body/,
    },
    {
      what: 'a column of two exabytes',
      bytes: withChunk(good, each => (each.total_compressed_size = 2n ** 61n)),
      told: /outside of the file's body|too large|i64|corrupt/,
    },
    {
      what: 'no customer_id',
      bytes: await sql("SELECT 'r' AS review_id, 5::INTEGER AS stars"),
      told: /customer_id is missing/,
    },
    {
      what: 'raw Kafka rows',
      bytes: await sql(
        "SELECT 'k'::BLOB AS key, 'v'::BLOB AS value, 't' AS topic, 3 AS partition, 9::BIGINT AS \"offset\"",
      ),
      told: /customer_id is missing/,
    },
    {
      what: 'a customer_id that is a struct',
      bytes: await sql("SELECT 'r' AS review_id, {'id': '1'} AS customer_id"),
      told: /customer_id is struct/,
    },
    {
      what: 'a customer_id that is a list',
      bytes: await sql("SELECT 'r' AS review_id, ['1'] AS customer_id"),
      told: /customer_id is array/,
    },
    {
      what: 'stars in words',
      bytes: await sql("SELECT 'r' AS review_id, '1' AS customer_id, 'five' AS stars"),
      told: /stars is string here/,
    },
    { what: 'columns that differ only in case', bytes: await twins(), told: /differ only in case/ },
    {
      what: 'a path that has another type',
      bytes: good,
      name: 'stars=many/a.parquet',
      told: /stars=many, which can't be read as int/,
    },
    { what: 'no rows', bytes: await sql(`${row} WHERE false`), told: null },
    { what: 'more columns than the others', bytes: await sql(`${row}, 1 AS more, {'a': 1} AS nested`), told: null },
    {
      what: 'fewer columns than the others',
      bytes: await sql("SELECT '1' AS customer_id, 3::INTEGER AS stars"),
      told: null,
    },
    {
      what: 'narrower numbers',
      bytes: await sql("SELECT 'r' AS review_id, '1' AS customer_id, 5::TINYINT AS stars"),
      told: null,
    },
    {
      what: 'columns in another order and case',
      bytes: await sql("SELECT 5::INTEGER AS STARS, '1' AS Customer_Id, 'r' AS review_ID"),
      told: null,
    },
    {
      what: 'a value of 4 MiB',
      bytes: await sql("SELECT repeat('x', 4194304) AS review_id, '1' AS customer_id, 5::INTEGER AS stars"),
      told: null,
    },
    { what: 'gzip pages', bytes: await sql(row, 'COMPRESSION gzip'), told: null },
    { what: 'zstd pages', bytes: await sql(row, 'COMPRESSION zstd'), told: null },
    { what: 'a name in capitals', bytes: good, name: 'A.PARQUET', told: null },
    { what: 'a name with what SQL quotes with', bytes: good, name: `it's a "name";--\`x\`.parquet`, told: null },
    { what: 'a name with an encoded slash', bytes: good, name: 'a%2Fb%00.parquet', told: null },
    { what: 'a name with a newline and a tab', bytes: good, name: 'line\nbreak\tand more.parquet', told: null },
    { what: 'a name in other scripts', bytes: good, name: 'ünï/日本/😀.parquet', told: null },
    { what: 'a path with dots and equals signs', bytes: good, name: 'a..b/=x/y==/b.parquet', told: null },
    {
      what: 'a path whose column SQL could trip over',
      bytes: good,
      name: "x'; DROP TABLE reviews;--=1/a.parquet",
      told: /has ";" in it/,
    },
    { what: 'a column name that no table can hold', bytes: await sql(`${row}, 1 AS "a;b.c"`), told: /has ";" in it/ },
    { what: 'a path of 1,000 characters', bytes: good, name: `${'long/'.repeat(195)}a.parquet`, told: null },
  ]
}

async function twins(): Promise<Uint8Array> {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'review_id', data: ['r'], type: 'STRING' },
        { name: 'customer_id', data: ['1'], type: 'STRING' },
        { name: 'stars', data: [5], type: 'INT32' },
        { name: 'Stars', data: [4], type: 'INT32' },
      ],
    }),
  )
}
