import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import { sha256OfBlocks } from '../../functions/base/bytes.ts'
import { StoreUnavailable } from '../../functions/base/errors.ts'
import { Layout, parseLogKey } from '../../functions/lake/layout.ts'
import type { FoldedLog } from '../../functions/log/fold.ts'
import { readLog } from '../../functions/log/read.ts'
import { openLogSnapshot, pruneLogSnapshots, writeLogSnapshot } from '../../functions/log/snapshot.ts'
import type { Commit } from '../../functions/protocol/commit.ts'
import { FORMAT } from '../../functions/protocol/format.ts'
import { batchCommit, putLog } from '../support/commits.ts'
import { MemoryStore } from '../support/memory-store.ts'
import { sealedLog } from '../support/sealed-log.ts'
import { unhandledIn } from '../support/unhandled.ts'

const layout = new Layout()
const version = { key: 'bronze/reviews/old.parquet', etag: '"old"' }

/** A log in which everything has happened that a log remembers. */
function eventfulLog(): Commit[] {
  const waits = (key: string) => ({
    ...{
      key,
      etag: `"${key}"`,
      size: 9,
      rows: 2,
      snapshot: 'customers',
      join: 'join',
      since: 'then',
      bronze: [version],
    },
  })
  const { rows: _, snapshot: __, join: ___, ...taken } = waits('taken')
  const counts = { read: 2, filtered: 0, nullKey: 0, unmatched: 0, matched: 2, written: 2 }
  const { batch, attempt, committedAt, execution } = batchCommit(1, [])
  return [
    batchCommit(0, ['a', 'b'], {
      parked: ['waits', 'taken', 'void'].map(waits),
      reviews: [{ name: 'early', type: 'int' }],
      customers: { snapshot: 'customers', rows: 1, files: [] },
    }),
    { format: FORMAT, version: 1, operation: 'abandon', batch, attempt, committedAt, execution },
    batchCommit(2, ['c'], {
      unparked: [{ ...taken, silver: 'part-00000.parquet', rows: counts }],
      superseded: [{ ...version, parked: ['void', 'elsewhere'] }],
      quarantined: [{ key: 'bad', etag: '"bad"', size: 1, modified: 'then', reason: 'cut short' }],
      deferred: [{ key: 'deadly', etag: '"deadly"', reason: 'its worker died', died: true }],
      query: { sha256: 'q', sql: 'SELECT 1', comment: 'What it is' },
      schema: [{ name: 'stars', type: 'int' }],
    }),
  ]
}

/** What a state knows. */
function known(state: FoldedLog) {
  return { ...state, takenBy: ['taken', 'waits', 'void'].map(key => state.takenBy(key)) }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}

/** The snapshots' names, in order. */
function snapshots(store: MemoryStore) {
  return [...store.objects.keys()].sort().flatMap(key => {
    const { version, snapshot: sha256 } = parseLogKey(key) ?? {}
    return version === undefined || sha256 === undefined ? [] : [{ version, sha256, key }]
  })
}

async function eventful(): Promise<MemoryStore> {
  const store = new MemoryStore()
  await putLog(store, layout, eventfulLog())
  return store
}

/** Puts lines as a snapshot whose name fits its bytes, and opens it. */
async function openLines(store: MemoryStore, at: number, lines: readonly string[]) {
  const bytes = gzipSync(lines.map(line => `${line}\n`).join(''))
  const sha256 = await sha256OfBlocks(new Uint8Array(bytes))
  await store.put(layout.logSnapshot(at, sha256), bytes)
  return openLogSnapshot(store, layout, { version: at, sha256 }, true)
}

async function linesOf(store: MemoryStore): Promise<string[]> {
  const [{ key } = { key: '' }] = snapshots(store)
  return gunzipSync(await store.get(key))
    .toString()
    .trimEnd()
    .split('\n')
}

describe('a snapshot', () => {
  it('keeps everything that the log knows', async () => {
    for (const [store, suspects] of [
      [await eventful(), [['deadly', '"deadly"']]],
      [await sealedLog(3), []],
    ] as const) {
      const log = await readLog(store, layout)
      await writeLogSnapshot(store, layout, log)
      const again = await readLog(store, layout)
      assert.deepEqual([again.snapshot, log.snapshot], [2, -1])
      assert.deepEqual(known(again.state), known(log.state))
      assert.deepEqual(await collect(again.bronze()), await collect(log.bronze()))
      assert.deepEqual([...again.state.suspects], suspects)
    }
  })

  it('gives everything but the batches to a run that needs none', async () => {
    const store = await eventful()
    const log = await readLog(store, layout)
    await writeLogSnapshot(store, layout, log)
    const again = await readLog(store, layout, { batches: false })
    const all = known(log.state)
    const nobody = [undefined, undefined, undefined]
    assert.deepEqual(known(again.state), { ...all, batches: new Map(), takenBy: nobody })
    assert.deepEqual(await collect(again.bronze()), await collect(log.bronze()))
  })

  it('is made of lines that an earlier version can read: suspects only if there are some', async () => {
    for (const [store, has] of [
      [await eventful(), true],
      [await sealedLog(3), false],
    ] as const) {
      await writeLogSnapshot(store, layout, await readLog(store, layout))
      const [header = ''] = await linesOf(store)
      assert.equal('suspects' in JSON.parse(header), has)
    }
  })

  it('is whole whatever its size: characters and lines cross the blocks it is compressed in', async () => {
    const store = new MemoryStore()
    const keys = Array.from({ length: 2500 }, (_, i) => `日本/${createHash('sha256').update(`${i}`).digest('hex')}`)
    await putLog(store, layout, [batchCommit(0, keys)])
    const log = await readLog(store, layout)
    await writeLogSnapshot(store, layout, log)
    const [{ key } = { key: '' }] = snapshots(store)
    assert((await store.get(key)).length > 1 << 16)
    const again = await readLog(store, layout)
    assert.equal(again.snapshot, 0)
    assert.deepEqual(
      (await collect(again.bronze())).map(file => file.key),
      keys.sort(),
    )
  })

  it('is not opened if its first line is not ours', async () => {
    const store = await sealedLog(3)
    await writeLogSnapshot(store, layout, await readLog(store, layout))
    const [header = '', ...lines] = await linesOf(store)
    assert(await openLines(store, 2, [header, ...lines]))
    const other = { ...JSON.parse(header), format: 3 }
    for (const first of ['null', '1', '"text"', '{}', JSON.stringify(other)]) {
      assert.equal(await openLines(store, 2, [first, ...lines]), undefined, first)
    }
    assert.equal(await openLines(store, 2, []), undefined, 'no line at all')
  })

  it('of an earlier version names the one snapshot that its batches were joined with, or none', async () => {
    const store = await sealedLog(3)
    await writeLogSnapshot(store, layout, await readLog(store, layout))
    const [header = '', ...lines] = await linesOf(store)
    const { snapshots: _, ...earlier } = JSON.parse(header)
    for (const [customers, expected] of [
      ['hash', ['hash']],
      [null, []],
    ] as const) {
      const opened = await openLines(store, 2, [JSON.stringify({ ...earlier, customers }), ...lines])
      assert.deepEqual(opened?.state.snapshots, expected)
    }
  })

  it('is not opened if it is gone, or is not what its name says', async () => {
    const store = await sealedLog(3)
    await writeLogSnapshot(store, layout, await readLog(store, layout))
    const [name] = snapshots(store)
    assert(name && (await openLogSnapshot(store, layout, name, true)))
    const [header = '', ...lines] = await linesOf(store)
    const text = `${[header, ...lines.reverse()].join('\n')}\n`
    await store.put(name.key, gzipSync(text))
    assert.equal(await openLogSnapshot(store, layout, name, true), undefined)
    await store.delete(name.key)
    assert.equal(await openLogSnapshot(store, layout, name, true), undefined)
  })

  it('is not opened under the name of another version', async () => {
    const store = await sealedLog(3)
    await writeLogSnapshot(store, layout, await readLog(store, layout))
    const lines = await linesOf(store)
    assert(await openLines(store, 2, lines))
    assert.equal(await openLines(store, 1, lines), undefined)
  })

  it('is not opened without the commit that it ends with', async () => {
    const store = await sealedLog(3)
    await writeLogSnapshot(store, layout, await readLog(store, layout))
    await store.delete(layout.commit(2))
    const [name] = snapshots(store)
    assert(name)
    assert.equal(await openLogSnapshot(store, layout, name, true), undefined)
  })

  it('is not opened if it is gone, whatever becomes of the commit that is read at the same time', async () => {
    const store = await sealedLog(3)
    const { get } = store
    store.get = async (...call) => {
      if (call[0] === layout.commit(2)) throw new StoreUnavailable('503')
      await setImmediate() // the commit has failed
      return get.apply(store, call)
    }
    const name = { version: 2, sha256: 'a'.repeat(64) }
    const unhandled = await unhandledIn(async () =>
      assert.equal(await openLogSnapshot(store, layout, name, true), undefined),
    )
    assert.deepEqual(unhandled, [])
  })

  it('is not skipped because the store is unavailable', async () => {
    const store = await sealedLog(3)
    await writeLogSnapshot(store, layout, await readLog(store, layout))
    const { get } = store
    store.get = async (...call) => {
      if (call[0].includes('.snapshot.')) throw new StoreUnavailable('503')
      return get.apply(store, call)
    }
    await assert.rejects(readLog(store, layout), { name: 'StoreUnavailable' })
  })
})

describe('pruneSnapshots()', () => {
  /** A listing of a log with snapshots at some versions; what they hold does not matter. */
  async function withSnapshots(commits: number, ...versions: number[]): Promise<MemoryStore> {
    const store = new MemoryStore()
    for (let at = 0; at < commits; at++) await store.put(layout.commit(at), new Uint8Array(1))
    for (const at of versions) await store.put(layout.logSnapshot(at, 'a'.repeat(64)), new Uint8Array(1))
    return store
  }
  const versions = (store: MemoryStore) => snapshots(store).map(({ version }) => version)

  it('removes those before a version, and nothing else', async () => {
    const store = await withSnapshots(70, 0, 20, 40, 60)
    await pruneLogSnapshots(store, layout, 40)
    assert.deepEqual(versions(store), [40, 60])
    assert.equal(store.objects.size, 72)
  })

  it('removes nothing if there was none before', async () => {
    const store = await withSnapshots(25, 20)
    await pruneLogSnapshots(store, layout, -1)
    assert.deepEqual(versions(store), [20])
  })

  it('lists only the part of a long log where there may be some', async () => {
    const store = await withSnapshots(500, 99, 100, 299, 300, 480)
    let listed = 0
    const { list } = store
    store.list = async function* (...call) {
      for await (const info of list.apply(store, call)) {
        listed++
        yield info
      }
    }
    await pruneLogSnapshots(store, layout, 300)
    assert.deepEqual(versions(store), [99, 300, 480])
    assert(listed <= 205, `${listed}`)
  })
})
