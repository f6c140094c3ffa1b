import assert from 'node:assert/strict'
import fc from 'fast-check'
import { InvalidQuery } from '../../functions/sql/invalid.ts'
import { compile, refusal } from '../support/compile-query.ts'

const FROM = 'FROM bronze_reviews'

describe('hostile SQL', () => {
  it('is refused where it nests too deep, without a stack overflow', async () => {
    const deep = 30_000
    for (const sql of [
      `SELECT ${'('.repeat(deep)}1${')'.repeat(deep)} ${FROM}`,
      `SELECT ${'upper('.repeat(deep)}'x'${')'.repeat(deep)} ${FROM}`,
      `SELECT ${'NOT '.repeat(deep)}true ${FROM}`,
      `SELECT ${'- '.repeat(deep)}1 ${FROM}`,
      `SELECT ${'CASE WHEN true THEN '.repeat(deep / 10)}1 ${FROM}`,
      `SELECT x FROM ${'(SELECT x FROM '.repeat(deep / 10)}bronze_reviews`,
      `SELECT x FROM ${'('.repeat(deep)}bronze_reviews`,
      `SELECT CAST(x AS ${'array<'.repeat(deep / 10)}int) ${FROM}`,
    ]) {
      assert.match(await refusal(sql), /nested more than 250 levels deep/, sql.slice(0, 40))
    }
  })

  it('is refused where one row of operators is too long', async () => {
    assert.match(await refusal(`SELECT ${'star_rating + '.repeat(50_000)}1 ${FROM}`), /the text has \d+ characters/)
    assert.match(
      await refusal(`SELECT ${'star_rating + '.repeat(1_100)}1 ${FROM}`),
      /more than 400 operators in one row/,
    )
  })

  it('is refused where nesting and rows of operators multiply', async () => {
    let expression = 'star_rating'
    for (let i = 0; i < 20; i++) expression = `(${expression}${' + star_rating'.repeat(200)})`
    assert.match(await refusal(`SELECT ${expression} ${FROM}`), /grows too large/)
  })

  it('takes long chains of AND, OR and ||', async () => {
    const query = await compile(
      `SELECT ${"review_id || 'x' || ".repeat(500)}'y' AS x ${FROM} WHERE ${'star_rating = 1 OR '.repeat(3_000)} star_rating = 2`,
    )
    assert.equal(query.output.length, 1)
  })

  it('is refused where names double an expression with every use', async () => {
    let names = `a0 AS (SELECT review_id AS x ${FROM})`
    for (let i = 1; i <= 40; i++) names += `, a${i} AS (SELECT x || x AS x FROM a${i - 1})`
    assert.match(await refusal(`WITH ${names} SELECT x FROM a40`), /grows too large/)
  })

  it('is refused where WITH queries or NOT IN double a static query with every use', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `a${i + 1} AS (SELECT x.customer_id FROM a${i} x, a${i} y)`)
    const first = 'a0 AS (SELECT DISTINCT customer_id FROM bronze_customers)'
    assert.match(
      await refusal(
        `WITH ${[first, ...names].join(', ')} SELECT review_id FROM bronze_reviews WHERE customer_id IN (SELECT * FROM a30)`,
      ),
      /grow too large/,
    )
    const nested = Array.from({ length: 40 }).reduce<string>(
      inner => `SELECT customer_id FROM bronze_customers WHERE customer_id NOT IN (${inner})`,
      'SELECT customer_id FROM bronze_customers',
    )
    assert.match(
      await refusal(`SELECT review_id FROM bronze_reviews WHERE customer_id NOT IN (${nested})`),
      /grows? too large/,
    )
  })

  it('is refused where it is longer than Athena would take', async () => {
    assert.match(
      await refusal(`SELECT 1 ${FROM} ${'-'.repeat(300_000)}`),
      /the text has 300\d+ characters; at most 262144 are read/,
    )
  })

  it('compiles or is an InvalidQuery, whatever the text', async () => {
    const words =
      'SELECT FROM WHERE JOIN LEFT ON USING AND OR NOT IN IS NULL CASE WHEN THEN END CAST AS INT ( ) , . * = < + - || :: [ ] 1 1.5 \'a\' "b" `c` r c bronze_reviews bronze_customers customer_id star_rating upper substring split like rlike exists with date'.split(
        ' ',
      )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 3 })), { maxLength: 30 }),
        async parts => {
          try {
            await compile(`SELECT ${parts.join(' ')} FROM bronze_reviews r`)
          } catch (error) {
            assert.ok(error instanceof InvalidQuery, String(error))
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('does not take names of Object.prototype for columns or functions', async () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      assert.match(await refusal(`SELECT ${name} ${FROM}`), /unknown column/)
      assert.match(await refusal(`SELECT ${name}(1) ${FROM}`), /unknown function/)
      assert.match(await refusal(`SELECT CAST(1 AS ${name}) ${FROM}`), /is not a type/)
    }
  })
})
