import assert from 'node:assert/strict'
import { columnsOf, readFooter } from '../../functions/parquet/metadata/footer.ts'
import { ParquetError } from '../../functions/parquet/metadata/parquet-error.ts'
import { printType } from '../../functions/sql/type-text.ts'
import { Duck } from '../support/duckdb.ts'
import { sourceOf } from '../support/lake-files.ts'

describe('readFooter()', () => {
  let duck: Duck
  before(async () => {
    duck = await Duck.open()
  })
  after(() => duck.close())

  it('reads only the end of a file', async () => {
    const source = sourceOf('large', await duck.parquet('SELECT i, hash(i) AS h FROM range(100000) t(i)'))
    const footer = await readFooter(source)
    assert.equal(footer.rows, 100_000)
    assert.equal(source.requests(), 1)
    assert.ok(source.bytesRead() <= 64 << 10)
  })

  it('gives the types as Spark reads them', async () => {
    const bytes =
      await duck.parquet(`SELECT true AS bo, 1::TINYINT AS ti, 1::SMALLINT AS si, 1::INT AS i, 1::BIGINT AS bi,
      1::FLOAT AS f, 1::DOUBLE AS d, 'x' AS s, 'x'::BLOB AS b, DATE '2024-01-01' AS da, TIMESTAMPTZ '2024-01-01 00:00:00Z' AS tz,
      TIMESTAMP '2024-01-01' AS ts, 1.5::DECIMAL(5,2) AS d5, 1.5::DECIMAL(15,2) AS d15, 1.5::DECIMAL(30,2) AS d30,
      1::UTINYINT AS u8, 1::USMALLINT AS u16, 1::UINTEGER AS u32, 1::UBIGINT AS u64, [1, 2] AS l,
      {'a': 1, 'b': ['x']} AS st, MAP {'k': 1.5::DOUBLE} AS m`)
    const columns = columnsOf(await readFooter(sourceOf('types', bytes)))
    assert.deepEqual(Object.fromEntries(columns.map(({ name, type }) => [name, type && printType(type)])), {
      bo: 'boolean',
      ti: 'tinyint',
      si: 'smallint',
      i: 'int',
      bi: 'bigint',
      f: 'float',
      d: 'double',
      s: 'string',
      b: 'binary',
      da: 'date',
      tz: 'timestamp',
      ts: 'timestamp',
      d5: 'decimal(5,2)',
      d15: 'decimal(15,2)',
      d30: 'decimal(30,2)',
      u8: 'smallint',
      u16: 'int',
      u32: 'bigint',
      u64: 'decimal(20,0)',
      l: 'array<int>',
      st: 'struct<a:int,b:array<string>>',
      m: 'map<string,double>',
    })
  })

  it('says why a file is refused', async () => {
    const good = await duck.parquet('SELECT 1 AS i')
    const end = good.length
    const changed = (at: number, ...bytes: number[]) => {
      const copy = good.slice()
      copy.set(bytes, at)
      return copy
    }
    const cases: readonly (readonly [Uint8Array<ArrayBuffer>, RegExp])[] = [
      [new Uint8Array(0), /^not a Parquet file: it has 0 bytes$/],
      [
        new TextEncoder().encode('review_id,customer_id\nr1,c1\n'),
        /^not a Parquet file: it does not end in PAR1, and looks like text, such as CSV$/,
      ],
      [
        new TextEncoder().encode('{"review_id": "é"}\n'),
        /^not a Parquet file: it does not end in PAR1, and looks like JSON$/,
      ],
      [new Uint8Array([1]), /^not a Parquet file: it has 1 byte$/],
      [good.slice(0, end - 20), /^not a Parquet file: it does not end in PAR1$/],
      [changed(end - 1, 0x45), /^the file is encrypted \(its footer too\)$/],
      [
        changed(end - 8, 0xff, 0xff, 0xff, 0x7f),
        /^not a whole Parquet file: its footer of 2147483647 bytes does not fit into \d+ bytes$/,
      ],
      [changed(end - 8, 0, 0, 0, 0), /^not a whole Parquet file: its footer of 0 bytes/],
      [changed(end - 8, 9, 0, 0, 0), /./],
    ]
    for (const [bytes, reason] of cases) {
      await assert.rejects(readFooter(sourceOf('key', bytes)), (error: Error) => {
        assert.ok(error instanceof ParquetError, String(error))
        assert.match(error.message, reason)
        return true
      })
    }
    await assert.rejects(readFooter({ ...sourceOf('key', good), size: end + 100 }), /cut short/)
  })

  it('refuses encrypted files', async () => {
    await duck.run("SET force_mbedtls_unsafe = 'true'")
    await duck.run("PRAGMA add_parquet_key('k', '0123456789112345')")
    const bytes = await duck.parquet('SELECT 1 AS i', "ENCRYPTION_CONFIG {footer_key: 'k'}")
    await assert.rejects(readFooter(sourceOf('key', bytes)), /encrypted/)
  })
})
