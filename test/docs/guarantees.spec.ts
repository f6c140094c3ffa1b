import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'

describe('docs/guarantees.md', () => {
  it('names a test that exists under each promise', () => {
    const text = readFileSync('docs/guarantees.md', 'utf8')
    const promises =
      text
        .split('## What is not promised')[0]
        ?.split(/\n\n(?=\*\*)/)
        .slice(1) ?? []
    assert(promises.length > 15)
    for (const promise of promises) {
      const tests = [...promise.matchAll(/^- (test\/\S+\.spec\.ts): (.+(?:\n {2}.+)*)$/gm)]
      assert(tests.length > 0, `a promise without a test: ${promise.slice(0, 80)}`)
      for (const [, file = '', name = ''] of tests) {
        const source = readFileSync(file, 'utf8').replaceAll("\\'", "'")
        assert(source.includes(name.replaceAll(/\s+/g, ' ')), `${file} has no test "${name}"`)
      }
    }
  })
})
