import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compareKeys } from '../../../functions/lake/keys.ts'
import type { ObjectInfo } from '../../../functions/lake/store.ts'
import type { BronzeEntry } from '../../../functions/log/bronze-entries.ts'
import { findCandidates } from '../../../functions/pipeline/plan/candidates.ts'
import type { ExecutionInput } from '../../../functions/protocol/input.ts'

const root = 'bronze/reviews/'
const at = (hour: number) => Date.UTC(2026, 10, 24, hour)
const object = (name: string, changes: Partial<ObjectInfo> = {}): ObjectInfo => {
  return { key: root + name, size: 10, etag: '"1"', modified: at(7), ...changes }
}
const settled = (name: string, changes: Partial<BronzeEntry> = {}): BronzeEntry => {
  return { key: root + name, size: 10, etag: '"1"', modified: new Date(at(7)).toISOString(), batch: 'b', ...changes }
}

async function* each<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items
}

function find(
  objects: ObjectInfo[],
  entries: BronzeEntry[],
  options: {
    input?: ExecutionInput
    files?: number
    bytes?: number
    since?: string
    briefly?: boolean
    isCommitted?: (key: string) => boolean
  } = {},
) {
  const sorted = <T extends { key: string }>(list: T[]) => each([...list].sort((a, b) => compareKeys(a.key, b.key)))
  return findCandidates({
    store: {},
    listing: sorted(objects),
    settled: sorted(entries),
    root,
    isCommitted: options.isCommitted ?? null,
    input: options.input ?? {},
    since: options.since ?? null,
    briefly: options.briefly ?? false,
    caps: { maxFilesPerBatch: options.files ?? 1000, maxBytesPerBatch: options.bytes ?? 1e9 },
  })
}

const names = (files: readonly { key: string }[]) => files.map(({ key }) => key.slice(root.length))

describe('findCandidates()', () => {
  it('takes what the log has not settled', async () => {
    const found = await find([object('a.parquet'), object('b.parquet'), object('c.parquet')], [settled('b.parquet')])
    assert.deepEqual(names(found.files), ['a.parquet', 'c.parquet'])
    assert.deepEqual(found.backlog, { files: 2, bytes: 20, oldest: '2026-11-24T07:00:00.000Z' })
  })

  it('ignores what is not data, and counts it', async () => {
    const noData = ['_SUCCESS', '_x/a.parquet', '.a.parquet', 'd/.hidden/a.parquet', 'a.csv', 'd/_a.parquet', 'marker/']
    const found = await find(
      [...noData, 'd/a.parquet', 'x=_y/b.parquet'].map(name => object(name)),
      [],
    )
    assert.deepEqual(names(found.files), ['d/a.parquet', 'x=_y/b.parquet'])
    assert.equal(found.ignored, 1) // hidden names and folders' markers are nobody's data
    assert.deepEqual(found.ignoredKeys, [`${root}a.csv`])
  })

  it('names the first three of what is not data', async () => {
    const keys = ['1.csv', '2.csv', '3.csv', '4.csv'].map(name => root + name)
    for (const count of [0, 3, 4]) {
      const objects = keys.slice(0, count).map(key => ({ ...object(''), key }))
      const { ignored, ignoredKeys } = await find(objects, [])
      assert.deepEqual([ignored, ignoredKeys], [count, keys.slice(0, Math.min(count, 3))])
    }
  })

  it('reports settled files that have changed and leaves them alone', async () => {
    const found = await find([object('a.parquet', { etag: '"2"' }), object('b.parquet')], [settled('a.parquet')])
    assert.deepEqual(names(found.files), ['b.parquet'])
    assert.deepEqual(found.changed, [{ key: `${root}a.parquet`, etag: '"2"', batch: 'b' }])
    assert.equal(found.changedCount, 1)
  })

  it('tries a quarantined file again when its etag is another, or when asked to', async () => {
    const objects = [object('new.parquet'), object('same.parquet'), object('other.parquet', { etag: '"2"' })]
    const entries = ['same.parquet', 'other.parquet'].map(name => settled(name, { reason: 'cut short' }))
    assert.deepEqual(names((await find(objects, entries)).files), ['new.parquet', 'other.parquet'])
    const asked = await find(objects, entries, { input: { quarantined: true } })
    assert.deepEqual(names(asked.files), ['other.parquet', 'same.parquet'])
  })

  it('narrows by the time a file was written, from inclusive, to exclusive', async () => {
    const objects = [6, 7, 8].map(hour => object(`${hour}.parquet`, { modified: at(hour) }))
    const input = { modifiedFrom: new Date(at(7)).toISOString(), modifiedTo: new Date(at(8)).toISOString() }
    assert.deepEqual(names((await find(objects, [], { input })).files), ['7.parquet'])
  })

  it('stops at the caps and says how many wait, but always takes one', async () => {
    const objects = ['a', 'b', 'c'].map(name => object(`${name}.parquet`))
    const byFiles = await find(objects, [], { files: 2 })
    assert.deepEqual([names(byFiles.files), byFiles.waiting], [['a.parquet', 'b.parquet'], 1])
    const byBytes = await find(objects, [], { bytes: 25 })
    assert.deepEqual([names(byBytes.files), byBytes.waiting], [['a.parquet', 'b.parquet'], 1])
    const huge = await find(objects, [], { bytes: 5 })
    assert.deepEqual([names(huge.files), huge.waiting], [['a.parquet'], 2])
  })

  it('says after which key the next listing begins, so that it meets every file that waits', async () => {
    const objects = ['a', 'b', 'c', 'd'].map(name => object(`${name}.parquet`))
    const entries = [settled('a.parquet')]
    assert.equal((await find([], [])).next, null)
    assert.equal((await find(objects, entries)).next, `${root}d.parquet`)
    assert.equal((await find(objects, entries, { files: 1 })).next, `${root}b.parquet`)
    assert.equal((await find(objects, [...entries, settled('c.parquet')], { files: 1 })).next, `${root}c.parquet`)
    assert.equal((await find(objects, [], { bytes: 20 })).next, `${root}b.parquet`)
  })

  it('lists no further than to the first file that waits, when it is brief', async () => {
    const seen: string[] = []
    const objects = ['a', 'b', 'c', 'd', 'e'].map(name => object(`${name}.parquet`))
    const listing = async function* () {
      for (const each of objects) {
        seen.push(each.key)
        yield each
      }
    }
    let closed = false
    const entries = async function* () {
      try {
        yield settled('0.parquet')
        yield settled('z.parquet')
      } finally {
        closed = true
      }
    }
    const caps = { maxFilesPerBatch: 2, maxBytesPerBatch: 1e9 }
    const options = { store: {}, root, isCommitted: null, input: {}, since: null, caps, briefly: true }
    const found = await findCandidates({ ...options, listing: listing(), settled: entries() })
    assert.deepEqual(names(found.files), ['a.parquet', 'b.parquet'])
    assert.deepEqual([found.waiting, found.next, seen.length], [1, `${root}b.parquet`, 4])
    assert(closed, 'the entries are left open')
  })

  it("leaves and counts what the log of Spark's sink does not have, settled or not", async () => {
    const objects = ['a', 'b', 'c'].map(name => object(`${name}.parquet`))
    const isCommitted = (key: string) => key !== `${root}b.parquet`
    const found = await find(objects, [settled('b.parquet', { etag: '"0"' })], { isCommitted })
    assert.deepEqual([names(found.files), found.uncommitted, found.changedCount], [['a.parquet', 'c.parquet'], 1, 0])
    assert.equal((await find(objects, [])).uncommitted, 0)
  })

  it('leaves files alone that were written before a time, not at it', async () => {
    const objects = [6, 7, 8].map(hour => object(`${hour}.parquet`, { modified: at(hour) }))
    const since = new Date(at(7)).toISOString()
    assert.deepEqual(names((await find(objects, [], { since })).files), ['7.parquet', '8.parquet'])
  })

  it('knows since when the oldest new file waits, wherever it stands in the listing', async () => {
    for (const hours of [
      [8, 6, 7],
      [6, 7, 8],
      [7, 8, 6],
    ]) {
      const objects = hours.map((hour, i) => object(`${i}.parquet`, { modified: at(hour) }))
      assert.equal((await find(objects, [], { files: 1 })).backlog.oldest, new Date(at(6)).toISOString())
    }
  })

  it('names 100 changed files and counts all; a reprocess has all named', async () => {
    const all = Array.from({ length: 103 }, (_, i) => `${String(i).padStart(3, '0')}.parquet`)
    const objects = all.map(name => object(name, { etag: '"2"' }))
    const entries = all.map(name => settled(name))
    const found = await find(objects, entries)
    assert.deepEqual([found.changed.length, found.changedCount], [100, 103])
    const asked = await find(objects, entries, { input: { reprocess: { changed: true } } })
    assert.deepEqual([asked.changed.length, asked.changedCount], [103, 103])
    assert.equal(
      (
        await find(
          all.map(name => object(name)),
          entries,
        )
      ).changedCount,
      0,
    )
  })

  it('takes every key once over any sequence of listings and settlements', async () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 4 })
      .map(text => `k${text.replaceAll('/', '')}.parquet`)
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(name),
        fc.uniqueArray(name),
        fc.integer({ min: 1, max: 5 }),
        async (old, fresh, files) => {
          const entries = old.map(each => settled(each))
          const objects = [...new Set([...old, ...fresh])].map(each => object(each))
          const taken: string[] = []
          for (;;) {
            const found = await find(objects, entries, { files })
            if (found.files.length === 0) break
            taken.push(...names(found.files))
            entries.push(...names(found.files).map(each => settled(each)))
          }
          assert.deepEqual(taken.sort(), fresh.filter(each => !old.includes(each)).sort())
        },
      ),
    )
  })
})
