import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { castTo } from '../../../functions/sql/evaluate/cast.ts'
import { pathType, pathValue } from '../../../functions/sql/schema/path-types.ts'
import { parseType, printType } from '../../../functions/sql/type-text.ts'

/** The texts of a column's segments, its type and its values in Spark; see test/parity/path_types.py. */
type Answer = readonly [values: readonly (string | null)[], type: string, texts: readonly (string | null)[]]

const fixture = new URL('../../parity/fixtures/path-types.json', import.meta.url)
const answers: readonly Answer[] = JSON.parse(await readFile(fixture, 'utf8'))

describe('pathType() and pathValue()', () => {
  it(`type and read ${answers.length} partition columns as Spark does`, () => {
    assert.ok(answers.length > 100)
    for (const [values, type, texts] of answers) {
      const found = pathType(values.filter(value => value !== null))
      // Spark has no type for a column that is NULL in all paths; here it is a text
      assert.equal(printType(found), type === 'void' ? 'string' : type, values.join(' | '))
      const asText = castTo(found, 'string')
      const own = values.map(value => {
        const read = pathValue(value, found)
        assert.notEqual(read, undefined, `${value} as ${type}`)
        return read === null || read === undefined || !asText ? null : asText(read)
      })
      assert.deepEqual(own.map(String).sort(), texts.map(String).sort(), values.join(' | '))
    }
  })

  it('refuses what a declared type would round or cut', () => {
    for (const [text, type] of [
      ['1.5', 'int'],
      ['1.5', 'decimal(20,0)'],
      ['1.25', 'decimal(5,1)'],
      ['123', 'decimal(2,0)'],
      ['nan', 'double'],
      ['soon', 'date'],
    ] as const) {
      assert.equal(pathValue(text, parseType(type)), undefined, `${text} as ${type}`)
    }
    assert.equal(pathValue('1.50', parseType('decimal(5,1)')), 15n)
    assert.equal(pathValue('1e2', parseType('decimal(5,1)')), 1000n)
    assert.equal(pathValue('2014', 'date'), 16071)
  })
})
