import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { TABLE } from '../../functions/sql/calls/table.ts'
import { InvalidQuery } from '../../functions/sql/invalid.ts'
import { parse } from '../../functions/sql/parse/statement.ts'
import { resolveQuery } from '../../functions/sql/resolve/select.ts'
import { columns, NOW } from '../support/compile-query.ts'

/** Expressions and the names that Spark gives them without AS; see test/parity/names.py. */
const fixture = new URL('../parity/fixtures/names.json', import.meta.url)
const answers: readonly (readonly [expression: string, name: string])[] = JSON.parse(await readFile(fixture, 'utf8'))

const COLUMNS = columns(
  's string, u string, i int, j int, l bigint, x double, y double, f float, n decimal(10,2), b boolean, c boolean, d date, e date, t timestamp, z binary, k tinyint, h smallint, tags array<string>, a array<int>, aa array<array<int>>, m map<string,int>, g struct<lat:double,city:string>, items array<struct<sku:string,n:int>>',
)

/** The name of the one column of a query, or null where it is refused. */
function nameHere(expression: string): string | null {
  const sql = `SELECT ${expression} FROM t`
  const views = [
    { view: 'reviews', name: 't', columns: COLUMNS },
    { view: 'customers', name: 'customers', columns: [] },
  ] as const
  try {
    return (
      resolveQuery(parse(sql), { sql, now: NOW, views, common: new Map(), statics: new Map(), newId: () => '' })
        .selected[0]?.name ?? null
    )
  } catch (error) {
    if (error instanceof InvalidQuery) return null
    throw error
  }
}

/** Functions that have a name of their own in the table only for what is written in another way, or no column as a result. */
const UNWRITTEN = /^(\w+-.*|timestamp(add|diff)|and|or|not|in|case|like|rlike|negative|positive|div|\W+)$/

describe('the name of a column without AS', () => {
  const here = new Map(answers.map(([expression]) => [expression, nameHere(expression)]))
  const known = answers.filter(([expression]) => here.get(expression) !== null)

  it(`is Spark's, for ${known.length} expressions and calls`, () => {
    assert.ok(known.length > 450, String(known.length))
    const wrong = known.filter(([expression, name]) => here.get(expression) !== name)
    assert.deepEqual(
      wrong.map(([expression, name]) => `${expression}: ${here.get(expression)}, Spark ${name}`),
      [],
    )
  })

  it('is held for each function of the table', () => {
    const called = new Set(known.flatMap(([expression]) => /^(\w+)\(/.exec(expression)?.[1]?.toLowerCase() ?? []))
    const names = TABLE.flatMap(definition => definition.names).filter(name => !UNWRITTEN.test(name))
    assert.deepEqual(
      names.filter(name => !called.has(name)),
      [],
    )
  })
})
