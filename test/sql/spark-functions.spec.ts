import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { MISSING, missingFunctions, sparkFunctions } from '../support/spark-functions.ts'

describe("Spark's scalar functions", () => {
  it('are there, or docs/sql.md says why not (UPDATE_DOCS=1 writes it there)', async () => {
    const { all, there } = await sparkFunctions()
    assert.deepEqual(
      all.filter(name => !there.includes(name)),
      MISSING.filter(name => all.includes(name)),
    )
    const path = new URL('../../docs/sql.md', import.meta.url)
    const text = await readFile(path, 'utf8')
    const updated = text.replace(/(?<=<!-- missing functions -->\n).*?(?=\n<!-- end of missing functions -->)/s, () =>
      missingFunctions(all, there),
    )
    if (process.env.UPDATE_DOCS === '1') await writeFile(path, updated)
    else assert.equal(text, updated)
  })
})
