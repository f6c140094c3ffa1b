import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { evaluator } from '../../functions/sql/evaluate.ts'
import { compile, REVIEWS, refusal } from '../support/compile-query.ts'

const text = await readFile(new URL('../../docs/sql.md', import.meta.url), 'utf8')

/** Blocks of a language, each with the heading above it. */
function blocks(language: string): { heading: string; body: string }[] {
  const found: { heading: string; body: string }[] = []
  let heading = ''
  for (const part of text.matchAll(/^#+ (.*)$|^```(\S*)\n([\s\S]*?)^```$/gm)) {
    if (part[1] !== undefined) heading = part[1]
    else if (part[2] === language) found.push({ heading, body: part[3] ?? '' })
  }
  return found
}

describe('docs/sql.md', () => {
  for (const [i, { heading, body }] of blocks('sql').entries()) {
    it(`has a query ${i + 1} that compiles (${heading})`, async () => {
      await compile(body.includes('FROM') ? body : `SELECT ${body} FROM bronze_reviews r`)
    })
  }

  const kafka = blocks('kafka-sql')
  for (const { heading, body } of kafka) {
    it(`has a query over Kafka's columns that compiles (${heading})`, async () => {
      await compile(body, [
        ...REVIEWS,
        { name: 'value', type: 'binary' },
        { name: 'offset', type: 'bigint' },
        { name: 'timestamp', type: 'timestamp' },
        { name: 'current_timestamp', type: 'string' },
      ])
    })
  }

  /** Rows of two cells of code, under the headings `Expression` and `Value`. */
  const values = [...text.matchAll(/^\| `(.+?)` \| (?:`(.*?)`|(NULL)) \|/gm)]
  for (const [, expression = '', value = null] of values) {
    const sql = expression.replaceAll('\\|', '|')
    it(`says what ${sql} is`, async () => {
      const { output } = await compile(`SELECT CAST(${sql} AS string) AS x FROM bronze_reviews`)
      assert.ok(output[0])
      assert.equal(evaluator(output[0].expr, [])([]), value)
    })
  }

  const refused = [...text.matchAll(/^\| `(SELECT .+?)` \| refused: (.*) \|$/gm)]
  for (const [, sql = '', message = ''] of refused) {
    it(`says why ${sql} is refused`, async () => {
      const said = (await refusal(sql)).replace(/^silver.sql line \d+, column \d+: /, '')
      assert.equal(said, message.replaceAll('\\|', '|'))
    })
  }

  it('has examples of each kind', () => {
    assert.ok(blocks('sql').length >= 5 && kafka.length > 0 && values.length > 40 && refused.length > 10)
  })
})
