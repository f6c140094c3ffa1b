import assert from 'node:assert/strict'
import { StoreUnavailable } from '../../functions/base/errors.ts'
import { Layout } from '../../functions/lake/layout.ts'
import { checkLog } from '../../functions/log/check.ts'
import { readLog } from '../../functions/log/read.ts'
import { writeLogSnapshot } from '../../functions/log/snapshot.ts'
import { NO_ROWS } from '../../functions/protocol/commit.ts'
import { batchCommit, putLog } from '../support/commits.ts'
import { MemoryStore } from '../support/memory-store.ts'
import { exchange, flip, sampleLog, sealedLog } from '../support/sealed-log.ts'

const layout = new Layout()
const encode = (text: string) => new TextEncoder().encode(text)

describe('checkLog()', () => {
  const faults: [string, (store: MemoryStore) => Promise<unknown>, RegExp][] = [
    ['missing', store => store.delete(layout.commit(4)), /^\S+0004\.json is missing: restore it from a backup/],
    ['garbled', store => store.put(layout.commit(4), encode('{"format"')), /^\S+0004\.json was altered or cut/],
    [
      'altered',
      store => flip(store, layout.commit(4), 200),
      /^\S+0004\.json was altered or cut \(its checksum does not match\)/,
    ],
    ['of another log', store => exchange(store, 4), /^\S+0004\.json: it does not follow the commit before it/],
    [
      'another version',
      async store => store.put(layout.commit(4), await store.get(layout.commit(3))),
      /^\S+0004\.json says it is version 3/,
    ],
  ]
  for (const [what, damage, says] of faults) {
    it(`names a commit below a snapshot that is ${what}, which no run reads`, async () => {
      const store = await sealedLog(40)
      await writeLogSnapshot(store, layout, await readLog(store, layout))
      await damage(store)
      assert.equal((await readLog(store, layout)).state.version, 39)
      const [first = '', ...others] = await checkLog(store, layout)
      assert.match(first, says)
      for (const other of others) assert.match(other, /0005\.json: it does not follow/)
    })
  }

  it('names each of several, and a snapshot after the end', async () => {
    const store = await sealedLog(40)
    await writeLogSnapshot(store, layout, await readLog(store, layout))
    for (const version of [3, 17, 39]) await store.delete(layout.commit(version))
    const found = (await checkLog(store, layout)).map(fault => /(\d+)\.json/.exec(fault)?.[1])
    assert.deepEqual(found.map(Number), [3, 17, 39])
  })

  it('finds nothing in an empty log, and in one of an earlier version', async () => {
    assert.deepEqual(await checkLog(new MemoryStore(), layout), [])
    const store = new MemoryStore()
    await putLog(store, layout, sampleLog(20), 20)
    assert.deepEqual(await checkLog(store, layout), [])
  })

  it('names what no run can have written', async () => {
    const store = new MemoryStore()
    await putLog(store, layout, [batchCommit(0, ['a']), batchCommit(1, ['a'])])
    const [fault = ''] = await checkLog(store, layout)
    assert.match(fault, /the log has bronze file a in two batches/)
  })

  it('reads up to the last commit, however many there are', async () => {
    for (const count of [1, 15, 16, 17, 32, 33]) {
      const store = await sealedLog(count)
      await flip(store, layout.commit(count - 1), 200)
      assert.equal((await checkLog(store, layout)).length, 1, `${count} commits`)
    }
  })

  it('names rows that are taken in twice', async () => {
    const file = { key: 'parked', etag: '"parked"', size: 1, since: 'now', bronze: [], silver: 'part-00000.parquet' }
    const unparked = [{ ...file, rows: NO_ROWS }]
    const store = new MemoryStore()
    await putLog(store, layout, [batchCommit(0, ['a'], { unparked }), batchCommit(1, ['b'], { unparked })])
    const [fault = '', ...others] = await checkLog(store, layout)
    assert.match(fault, /^version 1 of the log takes in parked file parked, whose rows batch \S+ has taken in before/)
    assert.deepEqual(others, [])
  })

  it('skips what is neither a commit nor a snapshot', async () => {
    for (const count of [0, 3]) {
      const store = await sealedLog(count)
      await store.put(`${layout.log}README.txt`, encode('written by somebody'))
      assert.deepEqual(await checkLog(store, layout), [])
    }
  })

  it('blames no commit for a store that is unavailable', async () => {
    const store = await sealedLog(3)
    store.get = async () => {
      throw new StoreUnavailable('503')
    }
    await assert.rejects(checkLog(store, layout), { name: 'StoreUnavailable' })
  })
})
