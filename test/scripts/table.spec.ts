import assert from 'node:assert/strict'
import { table, terminalWidth } from '../../scripts/terminal/table.ts'

const lines = (text: string) => text.split('\n')

describe('table()', () => {
  it('puts numbers to the right, and no blanks at the ends of lines', () => {
    const expected = ['name   n', '────  ──', 'a      1', 'bb    20']
    const rows = [
      ['a', 1],
      ['bb', 20],
    ]
    assert.deepEqual(lines(table(['name', 'n'], rows)), expected)
    assert(lines(table(['a', 'b'], [['', '']])).every(line => line === line.trimEnd()))
  })

  it('counts two columns for East Asian and emoji characters', () => {
    const rows = [
      ['日本語', 1],
      ['✅ok', 2],
      ['plain', 3],
    ]
    assert.deepEqual(lines(table(['text', 'n'], rows)).slice(2), ['日本語  1', '✅ok    2', 'plain   3'])
  })

  it('cuts texts, and leaves columns out, to fit a narrow terminal; numbers stay whole', () => {
    const rows = [['x'.repeat(50), 1234567, 'y'.repeat(50)]]
    assert.deepEqual(lines(table(['a', 'n', 'b'], rows, 40)).at(-1), 'xxxxxxxxxxxxx…  1234567  yyyyyyyyyyyyy…')
    assert.deepEqual(lines(table(['a', 'n', 'b'], rows, 20)).at(-1), 'xxxxxxx…  1234567  …')
    for (const width of [20, 40, 60])
      for (const line of lines(table(['a', 'n', 'b'], rows, width))) assert(line.length <= width)
  })

  it('cuts no id of the columns that have them', () => {
    const rows = [['RK0WIK1HEV228I', 'y'.repeat(50)]]
    assert.equal(lines(table(['review', 'bronze'], rows, 24, ['review'])).at(-1), 'RK0WIK1HEV228I  yyyyyyy…')
  })

  it('cuts nothing where no terminal is', () => {
    assert.equal(terminalWidth({ isTTY: false, columns: 80 }), Number.POSITIVE_INFINITY)
    assert.equal(terminalWidth({ isTTY: true, columns: 80 }), 80)
    assert.equal(lines(table(['a'], [['x'.repeat(500)]], Number.POSITIVE_INFINITY)).at(-1), 'x'.repeat(500))
  })

  it('shows what would move a terminal as dots, and NULL for what is not there', () => {
    assert.equal(lines(table(['a', 'b'], [['x\u001b[2Jy\n', null]])).at(-1), 'x\\u001b[2Jy\\u000a  NULL')
  })
})
