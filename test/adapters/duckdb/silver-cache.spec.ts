import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { SilverCache } from '../../../functions/adapters/duckdb/silver-cache.ts'
import type { ObjectInfo } from '../../../functions/lake/store.ts'
import { MemoryStore } from '../../support/memory-store.ts'

const PLACE = { uri: 's3://course/someone/', folder: 'silver/reviews/' }
const DAY = 'ingest_date=2026-11-24/batch=20261124T071500Z-3f9a12cd/1/'

describe('the cache of silver files', () => {
  let folder: string
  let store: MemoryStore
  let gets: string[]
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'silversmith-'))
    gets = []
    store = new (class extends MemoryStore {
      override get(key: string, options?: Parameters<MemoryStore['get']>[1]) {
        gets.push(key)
        return super.get(key, options)
      }
    })()
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  async function object(name: string, text: string): Promise<ObjectInfo> {
    const key = `silver/reviews/${DAY}${name}`
    await store.put(key, new TextEncoder().encode(text))
    return (await store.head(key)) ?? assert.fail()
  }
  const files = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter(each => each.isFile())

  it('fetches each version once, below the partition it belongs to', async () => {
    const cache = new SilverCache(folder)
    const first = await object('part-00000.parquet', 'one')
    const [path = ''] = await cache.fetch(store, PLACE, [first])
    assert.equal(readFileSync(path, 'utf8'), 'one')
    assert.match(
      path,
      /\/ingest_date=2026-11-24\/batch=20261124T071500Z-3f9a12cd\/1\/[0-9a-f]{24}-part-00000\.parquet$/,
    )
    assert.deepEqual(await cache.fetch(store, PLACE, [first]), [path])
    assert.equal(gets.length, 1)
    const [other = ''] = await cache.fetch(store, PLACE, [await object('part-00000.parquet', 'two')])
    assert.equal(readFileSync(other, 'utf8'), 'two')
    assert.notEqual(other, path)
    await assert.rejects(cache.fetch(store, { ...PLACE, uri: 's3://course/else/' }, [first]), { name: 'ObjectChanged' })
    assert.equal(files().length, 2, 'what fails leaves nothing')
  })

  it('removes what was not used for longest, and never what is asked for or was used just now', async () => {
    const cache = new SilverCache(folder, 10)
    const [a, b, c] = [await object('a', 'aaaa'), await object('b', 'bbbb'), await object('c', 'cccc')]
    const [pathA = '', pathB = ''] = await cache.fetch(store, PLACE, [a, b])
    await cache.fetch(store, PLACE, [c])
    assert.equal(files().length, 3, 'another query may still be reading them')
    utimesSync(pathA, new Date(0), new Date(1000))
    utimesSync(pathB, new Date(0), new Date(0))
    const [pathC = ''] = await cache.fetch(store, PLACE, [c])
    assert.deepEqual([pathA, pathB, pathC].map(existsSync), [true, false, true])
    utimesSync(pathA, new Date(0), new Date(0))
    await cache.fetch(store, PLACE, [a, b])
    assert.deepEqual([pathA, pathB].map(existsSync), [true, true])
  })

  it('refuses more than it may hold before it fetches anything', async () => {
    const cache = new SilverCache(folder, 7)
    const wanted = [await object('a', 'aaaa'), await object('b', 'bbbb')]
    await assert.rejects(cache.fetch(store, PLACE, wanted), {
      name: 'Refusal',
      message:
        /^this query needs 8 B of silver files, and 7 B may be kept in .*: ask for less by WHERE .*SILVERSMITH_CACHE_BYTES$/,
    })
    assert.deepEqual(gets, [])
  })

  it('keeps every key inside of it', async () => {
    const hostile = ['../../../../../x', './../y', 'a/../../z', '..', 'con\0', 'quote\'";DROP']
    const objects = await Promise.all(hostile.map(name => object(name, name)))
    const paths = await new SilverCache(folder).fetch(store, PLACE, objects)
    for (const [i, path] of paths.entries()) {
      assert(!relative(folder, path).startsWith('..'), path)
      assert.equal(readFileSync(path, 'utf8'), hostile[i])
    }
    assert.equal(new Set(paths).size, hostile.length)
  })
})
