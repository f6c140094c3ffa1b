import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { JUDGES } from './judges.ts'

describe('the specs that judge mutants', () => {
  it('are there: mocha passes over those that are not', () => {
    const paths = Object.values(JUDGES).flatMap(specs => specs.map(spec => `test/${spec}.spec.ts`))
    assert.deepEqual(
      [...Object.keys(JUDGES), ...paths].filter(path => !existsSync(path)),
      [],
    )
  })

  it('are of the files that CONTRIBUTING.md lists', () => {
    const rows = readFileSync('CONTRIBUTING.md', 'utf8').matchAll(/^\| `(functions\/\S+\.ts)` \|/gm)
    assert.deepEqual([...rows].map(([, file]) => file).sort(), Object.keys(JUDGES).sort())
  })
})
