import assert from 'node:assert/strict'
import { Layout } from '../../functions/lake/layout.ts'
import type { BronzeEntry } from '../../functions/log/bronze-entries.ts'
import type { Log } from '../../functions/log/fold.ts'
import { readLog } from '../../functions/log/read.ts'
import { writeLogSnapshot } from '../../functions/log/snapshot.ts'
import type { Commit } from '../../functions/protocol/commit.ts'
import { batchCommit } from '../support/commits.ts'
import { Faults, faultyStore } from '../support/faulty-store.ts'
import { MemoryStore } from '../support/memory-store.ts'

const layout = new Layout()

/** Counts what is read of it. */
class CountingStore extends MemoryStore {
  reads: string[] = []
  override get(...call: Parameters<MemoryStore['get']>) {
    this.reads.push(call[0])
    return super.get(...call)
  }
}

/** Answers as late as a store over a network. */
class SlowStore extends MemoryStore {
  override async get(...call: Parameters<MemoryStore['get']>) {
    await new Promise(done => setTimeout(done, 3))
    return super.get(...call)
  }
}

async function append(store: MemoryStore, ...commits: Commit[]): Promise<void> {
  for (const commit of commits) {
    await store.put(layout.commit(commit.version), new TextEncoder().encode(JSON.stringify(commit)))
  }
}

async function bronze(log: Log): Promise<BronzeEntry[]> {
  const entries: BronzeEntry[] = []
  for await (const entry of log.bronze()) entries.push(entry)
  return entries
}

/** What a log means, comparable. */
async function meaning(log: Log) {
  const { version, schema, batches, parked, abandoned, superseded } = log.state
  return { version, schema, batches, parked, abandoned, superseded, bronze: await bronze(log) }
}

function sampleCommits(count: number): Commit[] {
  return Array.from({ length: count }, (_, version): Commit => {
    if (version % 17 === 5) {
      const { attempt, batch, committedAt, execution } = batchCommit(version, [])
      return { format: 1, version, operation: 'abandon', attempt: `${attempt}`, batch, committedAt, execution }
    }
    // keys in no order, so that snapshots and tails interleave
    return batchCommit(version, [`bronze/reviews/${(version * 7919) % 5003}.parquet`])
  })
}

describe('readLog()', () => {
  it('reads an empty lake as an empty log', async () => {
    const log = await readLog(new MemoryStore(), layout)
    assert.equal(log.state.version, -1)
    assert.deepEqual(await bronze(log), [])
  })

  it('can leave a snapshot half-read, however slowly the store answers', async () => {
    const store = new SlowStore()
    const keys = Array.from({ length: 300 }, (_, i) => `bronze/reviews/${i}-${Math.sin(i)}.parquet`)
    for (let version = 0; version < 100; version++) await append(store, batchCommit(version, keys.splice(0, 3)))
    await writeLogSnapshot(store, layout, await readLog(store, layout))
    // what goes wrong in a stream goes wrong later, where nobody can catch it
    for (let round = 0; round < 20; round++) await readLog(store, layout)
  })

  it('gets the same meaning from a snapshot and its tail as from all commits', async () => {
    const commits = sampleCommits(70)
    for (const at of [0, 1, 19, 40, 69]) {
      const [plain, cached] = [new MemoryStore(), new MemoryStore()]
      await append(plain, ...commits)
      await append(cached, ...commits.slice(0, at + 1))
      await writeLogSnapshot(cached, layout, await readLog(cached, layout))
      await append(cached, ...commits.slice(at + 1))
      const log = await readLog(cached, layout)
      assert.equal(log.snapshot, at)
      assert.deepEqual(await meaning(log), await meaning(await readLog(plain, layout)))
    }
  })

  it('reads only the newest snapshot and the tail', async () => {
    const store = new CountingStore()
    await append(store, ...sampleCommits(65))
    await writeLogSnapshot(store, layout, await readLog(store, layout))
    await append(store, ...sampleCommits(68).slice(65))
    store.reads = []
    await readLog(store, layout)
    const snapshots = store.reads.filter(key => key.includes('.snapshot.'))
    assert.equal(snapshots.length, 1)
    assert.deepEqual(
      store.reads.filter(key => key.endsWith('.json')),
      [64, 65, 66, 67].map(version => layout.commit(version)), // 64 proves that the snapshot is of this log
    )
  })

  it('finds the end of a long log without listing it', async () => {
    class ListingStore extends MemoryStore {
      listed = 0
      override async *list(...call: Parameters<MemoryStore['list']>) {
        for await (const info of super.list(...call)) {
          this.listed++
          yield info
        }
      }
    }
    for (const length of [249, 250, 251, 252, 999, 1000, 3777]) {
      const store = new ListingStore()
      await append(store, ...sampleCommits(length))
      const before = await readLog(store, layout)
      assert.equal(before.state.version, length - 1)
      await writeLogSnapshot(store, layout, before)
      store.listed = 0
      const log = await readLog(store, layout)
      assert.deepEqual([log.state.version, log.snapshot], [length - 1, length - 1])
      assert(store.listed <= 600, `${store.listed} keys listed of ${length}`)
    }
  }).timeout(60_000)

  it('looks for the end of the log only if no version near it is known', async () => {
    const memory = new MemoryStore()
    await append(memory, ...sampleCommits(300))
    let looks = 0
    const store = faultyStore(
      memory,
      new Faults(({ name }) => {
        if (name === 'head') looks++
        return undefined
      }),
    )
    const expected = await meaning(await readLog(store, layout))
    assert(looks > 0)
    looks = 0
    for (const near of [0, 200, 299]) {
      assert.deepEqual(await meaning(await readLog(store, layout, { near })), expected)
    }
    assert.equal(looks, 0)
  })

  it('reads a long log from its beginning if no snapshot near its end is intact', async () => {
    const store = new MemoryStore()
    await append(store, ...sampleCommits(600))
    const expected = await meaning(await readLog(store, layout))
    await store.put(layout.logSnapshot(590, 'a'.repeat(64)), new Uint8Array(1))
    const log = await readLog(store, layout)
    assert.equal(log.snapshot, -1)
    assert.deepEqual(await meaning(log), expected)
  })

  const damages: [string, (store: MemoryStore, snapshot: string) => Promise<void>][] = [
    ['missing', async (store, snapshot) => store.delete(snapshot)],
    [
      'half-written',
      async (store, snapshot) => {
        const bytes = await store.get(snapshot)
        await store.put(snapshot, bytes.slice(0, bytes.length >> 1))
      },
    ],
    [
      'altered',
      async (store, snapshot) => {
        const bytes = await store.get(snapshot)
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
        await store.put(snapshot, bytes)
      },
    ],
    ['empty', async (store, snapshot) => void (await store.put(snapshot, new Uint8Array(0)))],
    [
      'of another log',
      async (store, snapshot) => {
        const other = new MemoryStore()
        await append(other, ...sampleCommits(60).map(commit => ({ ...commit, execution: 'other' })))
        await writeLogSnapshot(other, layout, await readLog(other, layout))
        await store.delete(snapshot)
        for (const [key, { bytes }] of other.objects) if (key.includes('.snapshot.')) await store.put(key, bytes)
      },
    ],
  ]
  for (const [name, damage] of damages) {
    it(`skips a snapshot that is ${name} for an older one or the whole log`, async () => {
      for (const older of [true, false]) {
        const store = new MemoryStore()
        const commits = sampleCommits(60)
        await append(store, ...commits.slice(0, 30))
        if (older) await writeLogSnapshot(store, layout, await readLog(store, layout))
        await append(store, ...commits.slice(30))
        const expected = await meaning(await readLog(store, layout))
        await writeLogSnapshot(store, layout, await readLog(store, layout))
        const newest = [...store.objects.keys()]
          .filter(key => key.includes('.snapshot.'))
          .sort()
          .at(-1)
        await damage(store, newest ?? '')
        const log = await readLog(store, layout)
        assert.equal(log.snapshot, older ? 29 : -1)
        assert.deepEqual(await meaning(log), expected)
      }
    })
  }

  it('refuses a log with a gap', async () => {
    const store = new MemoryStore()
    const commits = sampleCommits(5)
    await append(store, ...commits.filter(({ version }) => version !== 2))
    await assert.rejects(readLog(store, layout), { name: 'BrokenLog', message: /0002\.json is missing/ })
  })

  it('refuses another format', async () => {
    const store = new MemoryStore()
    await store.put(layout.commit(0), new TextEncoder().encode('{"format":3,"version":0}'))
    await assert.rejects(readLog(store, layout), {
      name: 'BrokenLog',
      message: /has format 3, this version reads 1 and 2/,
    })
  })

  it('refuses an operation that it does not know', async () => {
    const store = new MemoryStore()
    await store.put(layout.commit(0), new TextEncoder().encode('{"format":1,"version":0,"operation":"sort"}'))
    await assert.rejects(readLog(store, layout), {
      name: 'FormatMismatch',
      message: /0000\.json is of an operation that this version does not know, "sort": use a newer version/,
    })
  })
})
