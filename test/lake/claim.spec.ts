import assert from 'node:assert/strict'
import { claimLake, readClaim } from '../../functions/lake/claim.ts'
import { Layout } from '../../functions/lake/layout.ts'
import { MemoryStore } from '../support/memory-store.ts'

const layout = new Layout()
const running = (...executions: string[]) => ({
  isRunning: async (execution: string) => executions.includes(execution),
})

describe('claimLake()', () => {
  it('is held by the first, and by the first again', async () => {
    const store = new MemoryStore()
    assert.deepEqual(await claimLake(store, layout, 'a', running('a', 'b')), { held: true })
    assert.deepEqual(await claimLake(store, layout, 'b', running('a', 'b')), { held: false, by: 'a' })
    assert.deepEqual(await claimLake(store, layout, 'a', running('a', 'b')), { held: true })
  })

  it('is taken over at once from an execution that has ended', async () => {
    const store = new MemoryStore()
    await claimLake(store, layout, 'a', running('a'))
    assert.deepEqual(await claimLake(store, layout, 'b', running('b')), { held: true })
    assert.equal((await readClaim(store, layout))?.execution, 'b')
  })

  it('has one holder among many that take over the same dead claim', async () => {
    const store = new MemoryStore()
    await claimLake(store, layout, 'dead', running())
    const names = Array.from({ length: 10 }, (_, i) => `execution-${i}`)
    const outcomes = await Promise.all(names.map(name => claimLake(store, layout, name, running(...names))))
    assert.equal(outcomes.filter(({ held }) => held).length, 1)
    const holder = names[outcomes.findIndex(({ held }) => held)]
    for (const outcome of outcomes) if (!outcome.held) assert.equal(outcome.by, holder)
  })

  it('gives nothing on a claim that is no claim', async () => {
    for (const text of ['', 'null', '{}', '{"execution": 5}', '{"execu', '[]']) {
      const store = new MemoryStore()
      await store.put(layout.claim, new TextEncoder().encode(text))
      assert.deepEqual(await claimLake(store, layout, 'a', running('a')), { held: true }, text)
    }
  })
})
