import assert from 'node:assert/strict'
import { refusal } from './compile-query.ts'

/** Queries by what is wrong with them, each with the whole message that refuses it. */
export type Refusals = Readonly<Record<string, readonly (readonly [sql: string, message: string])[]>>

/** A suite in which each query is refused with its message. */
export function describeRefusals(name: string, all: Refusals): void {
  describe(name, () => {
    for (const [title, refusals] of Object.entries(all)) {
      describe(title, () => {
        for (const [sql, message] of refusals) {
          it(sql || '(nothing)', async () => assert.equal(await refusal(sql), message))
        }
      })
    }
  })
}
