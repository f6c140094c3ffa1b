import assert from 'node:assert/strict'
import { FormatMismatch } from '../../functions/base/errors.ts'
import { readBatchPlan } from '../../functions/protocol/plan.ts'
import { decodeTypes, encodeTypes } from '../../functions/protocol/type-json.ts'
import { encodeLiteral } from '../../functions/sql/literal.ts'
import { decimalType } from '../../functions/sql/types.ts'
import { makeCall } from '../../functions/sql/typing/make-call.ts'
import { Duck } from '../support/duckdb.ts'
import { World } from '../support/world.ts'

describe('encodeTypes()', () => {
  it('writes the types of columns and expressions as text, and decodeTypes() reads them', () => {
    const price = { op: 'column', view: 'reviews', name: 'price', type: decimalType(10, 2) } as const
    const expr = makeCall('+', [price, encodeLiteral(150n, decimalType(3, 2))], decimalType(11, 2))
    const value = { expr, columns: [{ name: 'type', type: { kind: 'array', element: 'int' } }], none: null }
    const text = JSON.stringify(encodeTypes(value))
    assert.equal(
      text,
      '{"expr":{"op":"call","name":"+","args":[{"op":"column","view":"reviews","name":"price","type":"decimal(10,2)"},' +
        '{"op":"literal","value":"150","type":"decimal(3,2)"}],"type":"decimal(11,2)"},' +
        '"columns":[{"name":"type","type":"array<int>"}],"none":null}',
    )
    assert.deepEqual(decodeTypes(JSON.parse(text), 'x'), value)
  })
})

describe('what a run persists', () => {
  let duck: Duck
  before(async () => {
    duck = await Duck.open()
  })
  after(() => duck.close())

  async function run(): Promise<World> {
    const world = new World({ sql: 'SELECT id, price, tags FROM bronze_reviews WHERE price > 1.5' })
    const rows = "SELECT 1 AS id, 2.5::DECIMAL(9,2) AS price, [{'a:b': 1}] AS tags"
    await world.store.put('bronze/reviews/1.parquet', await duck.parquet(rows))
    await world.run()
    return world
  }

  it('holds types as text: no object has the kind of a type', async () => {
    const { store } = await run()
    let seen = 0
    for await (const { key } of store.list('silver/')) {
      const text = new TextDecoder().decode(await store.get(key))
      assert.doesNotMatch(text, /"kind":"(decimal|array|map|struct)"/, key)
      if (text.includes('"type":"array<struct<`a:b`:int>>"') && text.includes('"type":"decimal(9,2)"')) seen++
    }
    assert.ok(seen >= 3, `${seen} of plan, commit and footer`)
  })

  it('is refused as another version’s if a plan has a type that this code does not have', async () => {
    const { store } = await run()
    for await (const { key } of store.list('silver/')) {
      if (!key.endsWith('query.json')) continue
      const text = new TextDecoder().decode(await store.get(key))
      await store.put(key, new TextEncoder().encode(text.replaceAll('decimal(9,2)', 'interval')))
      await assert.rejects(
        readBatchPlan(store, key),
        new FormatMismatch(`${key}: "interval" is not a type of a column: another version of the code wrote it`),
      )
      return
    }
    assert.fail('there is no plan')
  })
})
