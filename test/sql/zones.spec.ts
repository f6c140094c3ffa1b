import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { parseTimestamp } from '../../functions/sql/evaluate/datetime-text.ts'

/** Zones after a time, and the time in Spark; see test/parity/zones.py. */
const fixture = new URL('../parity/fixtures/zones.json', import.meta.url)
const answers: readonly (readonly [zone: string, micros: number | null])[] = JSON.parse(await readFile(fixture, 'utf8'))

describe('parseTimestamp()', () => {
  it(`reads ${answers.length} zones as Spark does`, () => {
    assert.ok(answers.length > 500)
    const wrong = answers.flatMap(([zone, micros]) => {
      const own = parseTimestamp(`2014-07-05 07:15:00${zone}`)
      return (own === null ? null : Number(own)) === micros ? [] : [`${zone}: ${own}, Spark ${micros}`]
    })
    assert.deepEqual(wrong, [])
  })
})
