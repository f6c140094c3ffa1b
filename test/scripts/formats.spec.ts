import assert from 'node:assert/strict'
import type { Json } from '@duckdb/node-api'
import { type TextFormat, textOf } from '../../scripts/terminal/formats.ts'

/** The text of rows that come in pages, and how many pages were asked for until each piece of it. */
async function written(
  format: TextFormat,
  pages: readonly (readonly (readonly Json[])[])[],
  width = Number.POSITIVE_INFINITY,
) {
  let asked = 0
  const source = async function* () {
    for (const page of pages) {
      asked++
      yield page
    }
  }
  const pieces: { text: string; asked: number }[] = []
  for await (const text of textOf(format, { columns: ['a', 'a'], pages: source() }, width)) pieces.push({ text, asked })
  return { text: pieces.map(({ text }) => text).join(''), pieces }
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => [from + i, null])

describe('the rows of a query', () => {
  it('are an array of objects as JSON, written page by page', async () => {
    const { text, pieces } = await written('json', [[[1, 'x']], [[2, null]]])
    assert.deepEqual(JSON.parse(text), [
      { a: 1, 'a:1': 'x' },
      { a: 2, 'a:1': null },
    ])
    assert.deepEqual(
      pieces.map(({ asked }) => asked),
      [1, 2, 2],
    )
    assert.equal((await written('json', [])).text, '[]\n')
  })

  it('are CSV with quotes where they are needed; NULL is not the empty text', async () => {
    const { text } = await written('csv', [[['x,"y"', null]], [['', 'a\nb']], [[[1, 'z'], true]]])
    assert.equal(text, 'a,a\n"x,""y""",\n"","a\nb"\n"[1,""z""]",true\n')
  })

  it('are all in a table where no terminal is, the first ones before the last are known', async () => {
    const { text, pieces } = await written('table', [numbers(0, 50), numbers(50, 100)])
    assert.equal(text.split('\n').length, 103)
    assert.equal(pieces[0]?.asked, 1)
  })

  it('are the first 20, the last 20 and their number on a terminal, the first ones at once', async () => {
    const { text, pieces } = await written('table', [numbers(0, 30), numbers(30, 60), numbers(60, 1000)], 80)
    const lines = text.trimEnd().split('\n')
    assert.equal(lines.length, 2 + 20 + 3 + 20 + 1)
    assert.match(lines[21] ?? '', /^19 /)
    assert.match(lines[25] ?? '', /^980 /)
    assert.equal(lines.at(-1), '1,000 rows (40 shown)')
    assert.equal(pieces[0]?.asked, 2)
  })

  it('says how many columns a narrow terminal has room for', async () => {
    const wide = (rows: number) => [Array.from({ length: rows }, () => ['x'.repeat(30), 'y'.repeat(30)])]
    const last = async (rows: number, width: number) =>
      (await written('table', wide(rows), width)).text.trimEnd().split('\n').at(-1)
    assert.equal(await last(2, 20), '2 rows')
    assert.equal(await last(2, 12), '2 rows, 2 columns (1 shown)')
    assert.equal(await last(100, 12), '100 rows (40 shown), 2 columns (1 shown)')
  })

  it('are all on a terminal where they are 40', async () => {
    const { text } = await written('table', [numbers(0, 40)], 80)
    assert.equal(text.trimEnd().split('\n').length, 43)
    assert.match(text, /\n40 rows\n$/)
  })
})
