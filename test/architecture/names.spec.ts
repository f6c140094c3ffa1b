import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'

const EXPORT = /^export (?:async )?(?:abstract )?(?:function\*?|const|interface|type|class) (\w+)/gm

describe('exported names', () => {
  it('each mean one thing', () => {
    const places = new Map<string, string[]>()
    for (const file of globSync('{functions,scripts}/**/*.ts')) {
      for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(EXPORT)) {
        places.set(name, [...(places.get(name) ?? []), file])
      }
    }
    assert(places.size > 500)
    assert.deepEqual(
      [...places].filter(([, files]) => files.length > 1),
      [],
    )
  })
})
