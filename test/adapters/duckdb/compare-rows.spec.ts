import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareRows } from '../../../functions/adapters/duckdb/compare-rows.ts'
import { literal } from '../../../functions/adapters/duckdb/local-athena.ts'
import type { Column } from '../../../functions/sql/types.ts'
import { Duck } from '../../support/duckdb.ts'

describe('compareRows()', () => {
  let folder: string
  let duck: Duck
  let files = 0
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'silversmith-'))
    duck = await Duck.open()
  })
  after(() => {
    duck.close()
    rmSync(folder, { recursive: true })
  })

  async function file(select: string): Promise<string> {
    const path = join(folder, `it's [${++files}].parquet`)
    await duck.run(`COPY (${select}) TO ${literal(path)} (FORMAT parquet)`)
    return path
  }
  async function compare(before: string, after: string, columns: readonly Column[], key?: readonly string[]) {
    const [old, now] = [await file(before), await file(after)]
    return compareRows({ before: [old], after: [now], columns, key, sample: 10, scratch: join(folder, 'duckdb') })
  }
  const ID = { name: 'review_id', type: 'string' } as const

  it('takes rows that are equal for the same, each once, and pairs the rest by the key', async () => {
    const columns = [ID, { name: 'n', type: 'int' }] as const
    const told = await compare(
      "SELECT * FROM (VALUES ('a', 1), ('a', 1), ('a', 2), ('b', 1), ('c', 1), (NULL, 1)) AS t(review_id, n)",
      "SELECT * FROM (VALUES ('a', 2), ('a', 3), ('b', NULL), ('c', 1), ('d', 1), (NULL, 2)) AS t(review_id, n)",
      columns,
    )
    const { sample, ...counts } = told
    assert.deepEqual(counts, {
      ...{ before: 6, after: 6, same: 2, changed: 2, gone: 2, added: 2, key: ['review_id'] },
      columns: [{ name: 'n', rows: 2, wasNull: 0, isNull: 1 }],
    })
    assert.deepEqual(sample, {
      changed: [
        { key: { review_id: 'a' }, before: { n: 1 }, after: { n: 3 } },
        { key: { review_id: 'b' }, before: { n: 1 }, after: { n: null } },
      ],
      gone: [
        { review_id: 'a', n: 1 },
        { review_id: null, n: 1 },
      ],
      added: [
        { review_id: 'd', n: 1 },
        { review_id: null, n: 2 },
      ],
    })
  })

  it('compares every type, nested ones too, and what a side lacks as NULL', async () => {
    const columns: readonly Column[] = [
      ID,
      ...(['double', 'timestamp', 'binary', 'date'] as const).map(type => ({ name: type, type })),
      { name: 'list', type: { kind: 'struct', fields: [] } },
      { name: 'extra', type: 'bigint' },
    ]
    const row = (double: string, list: string) =>
      `SELECT 'a' AS review_id, ${double}::DOUBLE AS double, TIMESTAMP '2026-01-01 00:00:00.000001' AS timestamp, 'x'::BLOB AS binary,
        DATE '1500-01-01' AS date, {'a': [1, NULL], 'm': MAP {'k': ${list}}} AS list`
    const same = await compare(row("'NaN'", '1'), row("'NaN'", '1'), columns)
    assert.deepEqual([same.same, same.changed], [1, 0])
    const {
      changed,
      columns: differing,
      sample,
    } = await compare(row("'NaN'", '1'), `${row('0.1', '2')}, 7::BIGINT AS extra`, columns)
    assert.deepEqual([changed, differing.map(({ name }) => name)], [1, ['double', 'list', 'extra']])
    assert.deepEqual(sample.changed[0]?.after, {
      double: 0.1,
      list: { a: [1, null], m: [{ key: 'k', value: 2 }] },
      extra: 7,
    })
  })

  it('knows rows by the first column that is unique where there is no review_id, or by none', async () => {
    const columns = ['kind', 'code', 'n'].map(name => ({ name, type: 'int' }) as const)
    const rows = (values: string) => `SELECT * FROM (VALUES ${values}) AS t(kind, code, n)`
    const byCode = await compare(rows('(1, 1, 1), (1, 2, 1)'), rows('(1, 1, 2), (1, 2, 2)'), columns)
    assert.deepEqual([byCode.key, byCode.changed], [['code'], 2])
    const byAsked = await compare(rows('(1, 1, 1), (2, 2, 1)'), rows('(1, 1, 2), (2, 2, 2)'), columns, ['kind', 'code'])
    assert.deepEqual([byAsked.key, byAsked.changed], [['kind', 'code'], 2])
    const byNone = await compare(rows('(1, 1, 1), (1, 1, 2)'), rows('(1, 1, 3), (1, 1, 4)'), columns, [])
    assert.deepEqual([byNone.key, byNone.changed, byNone.gone, byNone.added], [[], 0, 2, 2])
    const all = await compare(rows('(1, 1, 1), (1, 1, 1)'), rows('(1, 1, 3), (1, 1, 3)'), columns)
    assert.deepEqual([all.key, all.gone, all.added, all.sample.changed], [[], 2, 2, []])
  })

  it('is not misled by the names of columns', async () => {
    const names = ['review_id', 'o', 'n', 'net', 'place', 'is_old', 'a"b', "it's", 'select', 'compared', 'count']
    const columns = names.map(name => ({ name, type: 'int' }) as const)
    const row = (value: number) =>
      `SELECT ${names.map((name, i) => `${i === 0 ? 1 : value} AS "${name.replaceAll('"', '""')}"`).join(', ')}`
    const { changed, columns: differing } = await compare(row(1), row(2), columns)
    assert.deepEqual([changed, differing.map(({ name }) => name)], [1, names.slice(1)])
  })

  it('compares nothing with nothing, and with something', async () => {
    const columns = [ID]
    const scratch = join(folder, 'duckdb')
    const none = await compareRows({ before: [], after: [], columns, key: undefined, sample: 5, scratch })
    assert.deepEqual([none.before, none.after, none.same], [0, 0, 0])
    const one = await compareRows({
      ...{ before: [], after: [await file("SELECT 'a' AS review_id")], columns, key: undefined, sample: 5, scratch },
    })
    assert.deepEqual([one.added, one.sample.added], [1, [{ review_id: 'a' }]])
  })
}).timeout(60_000)
