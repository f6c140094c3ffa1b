import assert from 'node:assert/strict'
import { buildSnapshot } from '../../../functions/engine/dimensions/build-snapshot.ts'
import { keyBytes } from '../../../functions/engine/dimensions/key-bytes.ts'
import { openSnapshot } from '../../../functions/engine/dimensions/snapshot.ts'
import { UnreadableFile } from '../../../functions/engine/sources/file-fault.ts'
import { codeValues } from '../../../functions/parquet/pages/coded-column.ts'
import { byteArrays } from '../../../functions/parquet/pages/plain-values.ts'
import type { JoinKey } from '../../../functions/sql/compiled.ts'
import type { Expr } from '../../../functions/sql/expr.ts'
import type { SqlType, Value } from '../../../functions/sql/types.ts'
import { column } from '../../support/compiled-queries.ts'
import { Duck } from '../../support/duckdb.ts'
import { codecs } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'
import { MemoryWriter } from '../../support/memory-lake.ts'

function keyOf(right: Expr, type: SqlType): JoinKey {
  return { left: right, right, type, nullSafe: false }
}

describe('dimension snapshot', () => {
  let duck: Duck
  before(async () => {
    duck = await Duck.open()
  })
  after(() => duck.close())

  async function bytesOf(queries: readonly string[], key: string, type: SqlType = 'string', of: SqlType = type) {
    const files = []
    for (const [i, sql] of queries.entries()) files.push(sourceOf(`customers/${i}`, await duck.parquet(sql)))
    const target = new MemoryWriter()
    await buildSnapshot({ files, view: [], keys: [keyOf(column('customers', key, of), type)], target, codecs })
    return target.bytes()
  }
  async function snapshotOf(...request: Parameters<typeof bytesOf>) {
    return openSnapshot(await bytesOf(...request))
  }
  type Snapshot = Awaited<ReturnType<typeof snapshotOf>>

  function valuesOf(customers: Snapshot, name: string): Value[] {
    const found = customers.column(name) ?? assert.fail(`no column ${name}`)
    const value = codeValues(found.dictionary, found.physical, found.type)
    return Array.from(found.codes, code => value(code))
  }
  function rowsOf(customers: Snapshot, key: NonNullable<Value>, type: SqlType = 'string'): number[] {
    const bytes = keyBytes(type)(key)
    const entry = customers.find(bytes, 0, bytes.length)
    if (entry < 0) return []
    const { rowsOf } = customers
    return rowsOf ? Array.from(rowsOf.list.subarray(rowsOf.starts[entry], rowsOf.starts[entry + 1])) : [entry]
  }

  it('finds the rows of each key: several for a duplicate key, none for NULL', async () => {
    const customers = await snapshotOf(["SELECT unnest(['a', 'b', 'a', NULL, '', 'c', 'a']) AS id"], 'id')
    assert.deepEqual(
      ['a', 'b', '', 'c', 'd'].map(key => rowsOf(customers, key)),
      [[0, 2, 6], [1], [4], [5], []],
    )
    assert.deepEqual(valuesOf(customers, 'ID'), ['a', 'b', 'a', null, '', 'c', 'a'])
  })

  it('keeps all values of all types', async () => {
    const sql = `SELECT i AS id, i % 3 = 0 AS bo, (i - 50)::TINYINT AS ti, (i * 300 - 9000)::SMALLINT AS si, i * 1000000000 AS bi,
      i / 7::FLOAT AS f, -i / 3::DOUBLE AS d, repeat('é', i % 5) AS s, encode(i::VARCHAR) AS b, DATE '1969-12-01' + i::INT AS da,
      make_timestamptz(i * 86400000001 - 1) AS ts, (i - 50)::DECIMAL(5,2) AS d5, (i * -1234567)::DECIMAL(15,3) AS d15,
      (i * 12345678901)::DECIMAL(38,10) AS d38 FROM range(100) t(i)`
    const customers = await snapshotOf([sql], 'id', 'bigint')
    const first = Object.fromEntries(customers.columns.map(({ name }) => [name, valuesOf(customers, name)[7]]))
    assert.deepEqual(first, {
      id: 7n,
      bo: false,
      ti: -43,
      si: -6900,
      bi: 7_000_000_000n,
      f: 1,
      d: -7 / 3,
      s: 'éé',
      b: new TextEncoder().encode('7'),
      da: -24,
      ts: 7n * 86_400_000_001n - 1n,
      d5: -4300n,
      d15: -8_641_969_000n,
      d38: 86_419_752_307n * 10_000_000_000n,
    })
    assert.deepEqual(rowsOf(customers, 42n, 'bigint'), [42])
  })

  it('unites files whose columns differ', async () => {
    const customers = await snapshotOf(
      ["SELECT 1::INT AS id, 'x' AS a", "SELECT 2::BIGINT AS ID, 'y' AS b"],
      'id',
      'bigint',
    )
    assert.deepEqual(customers.columns, [
      { name: 'id', type: 'bigint' },
      { name: 'a', type: 'string' },
      { name: 'b', type: 'string' },
    ])
    assert.deepEqual(
      ['id', 'a', 'b'].map(name => valuesOf(customers, name)),
      [
        [1n, 2n],
        ['x', null],
        [null, 'y'],
      ],
    )
    assert.deepEqual(rowsOf(customers, 2n, 'bigint'), [1])
  })

  it('casts keys to the type of the join; one that cannot be cast never matches', async () => {
    const customers = await snapshotOf(["SELECT unnest(['007', '8', 'x', NULL, '7']) AS id"], 'id', 'bigint', 'string')
    assert.deepEqual(
      [7n, 8n, 0n].map(key => rowsOf(customers, key, 'bigint')),
      [[0, 4], [1], []],
    )
    assert.deepEqual(valuesOf(customers, 'id'), ['007', '8', 'x', null, '7'])
  })

  it('names the file whose types clash', async () => {
    await assert.rejects(snapshotOf(['SELECT 1 AS id', "SELECT 'one' AS id"], 'id'), (error: UnreadableFile) => {
      assert.ok(error instanceof UnreadableFile)
      assert.equal(error.message, 'customers/1: column id is string here and int in the other files')
      return true
    })
  })

  it('matches NaN with NaN and -0.0 with 0.0', async () => {
    const customers = await snapshotOf(["SELECT unnest(['NaN'::DOUBLE, -0.0, 1.5]) AS id"], 'id', 'double')
    assert.deepEqual(
      [Number.NaN, 0, -0, 1.5, 2].map(key => rowsOf(customers, key, 'double')),
      [[0], [1], [1], [2], []],
    )
  })

  it('opens at any place of a buffer', async () => {
    const bytes = await bytesOf(["SELECT unnest(['a', 'b']) AS id, 7::TINYINT AS n"], 'id')
    const shifted = new Uint8Array(bytes.length + 3)
    shifted.set(bytes, 3)
    const customers = openSnapshot(shifted.subarray(3))
    assert.deepEqual(rowsOf(customers, 'b'), [1])
    assert.deepEqual(valuesOf(customers, 'n'), [7, 7])
  })

  it('finds nobody if there are no customers, or none with a key', async () => {
    for (const sql of ["SELECT ''::VARCHAR AS id WHERE false", 'SELECT NULL::VARCHAR AS id']) {
      const customers = await snapshotOf([sql], 'id')
      const values = byteArrays(Int32Array.of(1, 0, 2), Uint8Array.of(0, 97, 98))
      assert.deepEqual([...customers.findAll(values)], [-1, -1, -1])
      assert.deepEqual(rowsOf(customers, ''), [])
    }
  })

  it('finds the empty key, wherever it is', async () => {
    const values = byteArrays(Int32Array.of(0, 1, 1), Uint8Array.of(97, 98))
    for (const [ids, found] of [
      ["['a', '']", [1, 0, -1]],
      ["['', 'a']", [0, 1, -1]],
      ["['']", [0, -1, -1]],
    ] as const) {
      const customers = await snapshotOf([`SELECT unnest(${ids}) AS id`], 'id')
      assert.deepEqual([...customers.findAll(values)], found)
    }
  })

  it('refuses bytes that are not a snapshot, a part of one, and one of another format', async () => {
    const bytes = await bytesOf(["SELECT unnest(['a', 'b', 'c']) AS id"], 'id')
    assert.throws(() => openSnapshot(new Uint8Array(100)), /^TypeError: not a dimension snapshot$/)
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(() => openSnapshot(bytes.slice(0, length)), /^TypeError: (not a dimension|.* that is cut short)/)
    }
    const other = bytes.slice()
    other[8] = 2
    assert.throws(() => openSnapshot(other), /^TypeError: a dimension snapshot of format 2 in place of 4$/)
  })
})
