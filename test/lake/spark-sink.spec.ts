import assert from 'node:assert/strict'
import { readCommitted } from '../../functions/lake/read-spark-sink.ts'
import { printSink } from '../../functions/lake/spark-sink.ts'
import { MemoryStore } from '../support/memory-store.ts'

const root = 'bronze/reviews/'
const file = (path: string) => ({ path: `file:///old/place/reviews/${path}`, size: 1, modificationTime: 1 })

async function sink(entries: Record<string, string>): Promise<MemoryStore> {
  const store = new MemoryStore()
  for (const [name, text] of Object.entries(entries)) {
    await store.put(`${root}_spark_metadata/${name}`, new TextEncoder().encode(text))
  }
  return store
}

describe('readCommitted()', () => {
  it('is null if Spark left no log', async () => {
    assert.equal(await readCommitted(new MemoryStore(), root), null)
  })

  it('takes the files of the newest compact entry and of those after it, wherever the sink was', async () => {
    const store = await sink({
      '8': printSink([file('gone.parquet')]),
      '9.compact': printSink([file('a.parquet'), file('day=2024-01-01/b%20c.parquet')]),
      '10': printSink([file('d.parquet')]),
      '.10.crc': 'not text',
    })
    const isCommitted = await readCommitted(store, root)
    assert(isCommitted)
    for (const name of ['a.parquet', 'day=2024-01-01/b c.parquet', 'd.parquet']) assert(isCommitted(root + name), name)
    for (const name of ['gone.parquet', 'e.parquet', 'b c.parquet', 'day=2024-01-02/b c.parquet', 'copies/a.parquet']) {
      assert(!isCommitted(root + name), name)
    }
  })

  it('leaves out what the log says was deleted', async () => {
    const lines = printSink([file('a.parquet'), file('b.parquet')])
    const deleted = lines.split('\n').at(1)?.replace('"add"', '"delete"')
    const store = await sink({ '0': `${lines}\n${deleted}` })
    const isCommitted = await readCommitted(store, root)
    assert(isCommitted && !isCommitted(`${root}a.parquet`) && isCommitted(`${root}b.parquet`))
  })

  for (const [name, entries] of Object.entries({
    'with a gap': { '0': printSink([]), '2': printSink([]) },
    'of another version': { '0': 'v2\n{}' },
    'that is cut': { '0': printSink([file('a.parquet')]).slice(0, -10) },
  })) {
    it(`refuses a log ${name}, and says what to do`, async () => {
      await assert.rejects(readCommitted(await sink(entries), root), {
        name: 'BrokenSinkLog',
        message: /--ignore-spark-metadata/,
      })
    })
  }
})
