import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { TABLE } from '../../functions/sql/calls/table.ts'
import { functionReference } from '../support/function-reference.ts'

describe('the function table', () => {
  it('has each name once', () => {
    const names = TABLE.flatMap(definition => definition.names)
    assert.deepEqual(
      names.filter((name, i) => names.indexOf(name) !== i),
      [],
    )
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
