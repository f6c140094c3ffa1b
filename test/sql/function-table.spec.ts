import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { TABLE } from '../../functions/sql/calls/table.ts'
import { parseParameters } from '../../functions/sql/typing/parameters.ts'
import { functionReference } from '../support/function-reference.ts'

const TYPES = ['boolean', 'int', 'bigint', 'double', 'string', 'date', 'timestamp']
const RULES = [
  'wider',
  'wider without text',
  'wider of branches',
  'same',
  'length',
  'round',
  'floor',
  'sum',
  'product',
  'division',
  'remainder',
]
const KINDS = [
  ...TYPES,
  'any',
  'number',
  'text',
  'days',
  'index',
  'pattern',
  'like',
  'format',
  'parse format',
  'unit',
  'date unit',
]

describe('the function table', () => {
  it('has each name once', () => {
    const names = TABLE.flatMap(definition => definition.names)
    assert.deepEqual(
      names.filter((name, i) => names.indexOf(name) !== i),
      [],
    )
  })

  it('has results and parameters that the typing knows', () => {
    for (const { names, parameters, result } of TABLE) {
      assert.ok([...TYPES, ...RULES].includes(result), `${names[0]} gives ${result}`)
      for (const { kind } of parseParameters(parameters)) {
        assert.ok(KINDS.includes(kind.replace(/^(constant|only) /, '')), `${names[0]} takes ${kind}`)
      }
    }
  })

  it('is what docs/sql.md lists (UPDATE_DOCS=1 writes it there)', async () => {
    const path = new URL('../../docs/sql.md', import.meta.url)
    const text = await readFile(path, 'utf8')
    const updated = text.replace(/(?<=<!-- functions -->\n).*?(?=\n<!-- end of functions -->)/s, () =>
      functionReference(),
    )
    if (process.env.UPDATE_DOCS === '1') await writeFile(path, updated)
    else assert.equal(text, updated)
  })
})
