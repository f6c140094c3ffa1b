import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { Layout } from '../../functions/lake/layout.ts'
import { commitAbandon, commitBatch } from '../../functions/log/append.ts'
import { checkLog } from '../../functions/log/check.ts'
import { needCommit, readLog } from '../../functions/log/read.ts'
import { writeLogSnapshot } from '../../functions/log/snapshot.ts'
import { FORMAT } from '../../functions/protocol/format.ts'
import { batchCommit, batchDraft, putLog } from '../support/commits.ts'
import { MemoryStore } from '../support/memory-store.ts'
import { exchange, flip, sampleLog, sealedLog } from '../support/sealed-log.ts'

const layout = new Layout()
const start = { version: -1, attempt: '', schema: [] }
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const encode = (text: string) => new TextEncoder().encode(text)

describe('the chain over the log', () => {
  it('ties each commit to the one before and to itself, as docs/protocol.md says', async () => {
    const store = new MemoryStore()
    await commitBatch(store, layout, batchDraft(1, ['a']), start)
    const { batch, attempt } = batchDraft(2, [])
    const abandon = {
      format: FORMAT,
      operation: 'abandon',
      batch,
      attempt,
      committedAt: 'now',
      execution: 'v',
    } as const
    await commitAbandon(store, layout, abandon, 0)
    await commitBatch(store, layout, batchDraft(3, ['c']), start)
    let previous: string | null = null
    for (const version of [0, 1, 2]) {
      const bytes = await store.get(layout.commit(version))
      const commit = JSON.parse(new TextDecoder().decode(bytes))
      assert.equal(commit.previous, previous)
      assert.equal(commit.sha256, sha256(bytes.subarray(0, -77)))
      previous = sha256(bytes)
    }
    assert.deepEqual(await checkLog(store, layout), [])
  })

  it('notices any changed byte of a commit that is read', async () => {
    const store = await sealedLog(3)
    for (const version of [0, 2]) {
      const key = layout.commit(version)
      const good = await store.get(key)
      for (let at = 0; at < good.length; at++) {
        await flip(store, key, at)
        await assert.rejects(readLog(store, layout), { name: 'BrokenLog' }, `byte ${at} of version ${version}`)
        await store.put(key, good)
      }
    }
  })

  it('lets no commit of another log into it, at its beginning, within it or at its end', async () => {
    for (const version of [0, 1, 2]) {
      const store = await sealedLog(3)
      await exchange(store, version)
      const known = Math.max(1, version) // nothing comes before the first that it could contradict
      await assert.rejects(readLog(store, layout), {
        name: 'BrokenLog',
        message: new RegExp(`0${known}\\.json: it does not follow the commit before it`),
      })
    }
  })

  it('ties the commits after a snapshot to it', async () => {
    const store = await sealedLog(3)
    await writeLogSnapshot(store, layout, await readLog(store, layout))
    const entries = await putLog(store, layout, sampleLog(5))
    assert.equal((await readLog(store, layout)).snapshot, 2)
    await putLog(store, layout, [{ ...sampleLog(4)[3], ...entries[3]?.commit, execution: 'other' } as never])
    await assert.rejects(readLog(store, layout), { name: 'BrokenLog', message: /3\.json: it does not follow/ })
  })

  it('begins in a log of an earlier version with the next commit, and never ends', async () => {
    const store = new MemoryStore()
    await putLog(store, layout, sampleLog(2), 2)
    const { state } = await readLog(store, layout)
    const seen = { version: 1, attempt: state.attempt, schema: state.schema }
    const outcome = await commitBatch(store, layout, batchDraft(2, ['key-2']), seen)
    assert(outcome.outcome === 'committed')
    assert.equal(outcome.commit.previous, sha256(await store.get(layout.commit(1))))
    assert.deepEqual(await checkLog(store, layout), [])
    await store.put(layout.commit(3), encode(JSON.stringify(batchCommit(3, ['key-3']))))
    const message = /3\.json: it has no checksum, and the commit before it has one/
    await assert.rejects(readLog(store, layout), { name: 'BrokenLog', message })
    await assert.rejects(commitBatch(store, layout, batchDraft(4, ['d']), seen), { name: 'BrokenLog', message })
  })

  it('is broken by a commit that lost its checksum', async () => {
    const store = await sealedLog(1)
    const { sha256: _, ...commit } = JSON.parse(new TextDecoder().decode(await store.get(layout.commit(0))))
    await store.put(layout.commit(0), encode(JSON.stringify(commit)))
    const message = /0000\.json was altered \(it lost its checksum\): restore it from a backup/
    await assert.rejects(readLog(store, layout), { name: 'BrokenLog', message })
  })

  it('is checked when committing: nothing is put after a commit that does not follow', async () => {
    for (const [from, seen] of [
      [1, start],
      [2, { version: 1, attempt: batchCommit(1, []).attempt, schema: [] }],
    ] as const) {
      const store = await sealedLog(3)
      await exchange(store, from)
      await assert.rejects(commitBatch(store, layout, batchDraft(9, ['z']), seen), { name: 'BrokenLog' })
      assert.equal(await store.head(layout.commit(3)), undefined)
    }
  })
})

describe('needCommit()', () => {
  it('says what to do about a missing commit', async () => {
    const store = await sealedLog(2)
    assert.equal((await needCommit(store, layout, 1)).version, 1)
    await assert.rejects(needCommit(store, layout, 2), {
      name: 'BrokenLog',
      message: /0002\.json is missing: restore it from a backup, or npx silversmith rebuild$/,
    })
  })
})
