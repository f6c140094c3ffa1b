import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'

describe('functions/', () => {
  it('uses web-standard APIs only, outside of functions/adapters/', () => {
    const files = globSync('functions/**/*.ts').filter(file => !file.startsWith('functions/adapters/'))
    assert(files.length > 200)
    for (const file of files) {
      const source = readFileSync(file, 'utf8')
      const found =
        /from '(node:[^']*|@aws-sdk\/[^']*|@duckdb\/[^']*)'|\b(process\.\w+|Buffer\b|require\(|__dirname)/.exec(source)
      assert.equal(found?.[0], undefined, file)
    }
  })
})
