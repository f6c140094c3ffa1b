import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'

describe('functions/', () => {
  it('uses web-standard APIs only, outside of functions/runtime/', () => {
    const files = globSync('functions/**/*.ts').filter(file => !file.startsWith('functions/runtime/'))
    assert(files.length > 20)
    for (const file of files) {
      const source = readFileSync(file, 'utf8')
      const found = /from '(node:[^']*)'|\b(process\.\w+|Buffer\b|require\(|__dirname)/.exec(source)
      assert.equal(found?.[0], undefined, file)
    }
  })
})
