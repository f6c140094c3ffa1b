import assert from 'node:assert/strict'
import { parquetReadObjects } from 'hyparquet'
import { Layout } from '../../../functions/lake/layout.ts'
import { FoldedLog } from '../../../functions/log/fold.ts'
import { needCommit, readLog } from '../../../functions/log/read.ts'
import { deltaTable } from '../../../functions/readers/delta/delta-log.ts'
import type { Column } from '../../../functions/sql/types.ts'
import { batchCommit, putLog } from '../../support/commits.ts'
import { readDelta } from '../../support/delta-reader.ts'
import { MemoryStore } from '../../support/memory-store.ts'

const layout = new Layout()

/** A log of appends in which every seventh commit writes the batch before it again. */
async function logOf(commits: number): Promise<MemoryStore> {
  const store = new MemoryStore(() => 0)
  const isReplace = (version: number) => version % 7 === 6
  await putLog(
    store,
    layout,
    Array.from({ length: commits }, (_, version) => {
      const columns: Column[] = [
        { name: 'id', type: 'string' },
        ...(version > 60 ? [{ name: 'n', type: 'bigint' } as const] : []),
      ]
      const { batch } = batchCommit(isReplace(version) ? version - 1 : version, [])
      const operation = isReplace(version) ? 'replace' : 'append'
      const query = { sha256: 'q', sql: '', comment: version > 80 ? 'reviews' : '' }
      return batchCommit(version, [`b${version}`], { operation, batch, schema: columns, query })
    }),
  )
  return store
}

async function tell(store: MemoryStore, slice: number, check = false): Promise<void> {
  const reader = await deltaTable({ store, layout, slice }).open()
  const options = { log: (await readLog(store, layout)).state, check, news: false }
  while (!(await reader.tell(options)).complete);
}

describe('a checkpoint of the Delta log', () => {
  it('is the versions up to it, and lies at most 110 versions before the end', async () => {
    for (const commits of [99, 101, 250]) {
      const store = await logOf(commits)
      await tell(store, 60)
      const read = await readDelta(store, layout)
      const checkpoints = [...store.objects.keys()].filter(key => key.endsWith('.checkpoint.parquet'))
      assert.deepEqual(checkpoints, commits === 99 ? [] : [layout.deltaCheckpoint(commits - 1)])
      for (const key of checkpoints) await store.delete(key)
      assert.deepEqual(read, await readDelta(store, layout))
      assert.equal(read?.files.size, commits - Math.floor(commits / 7))
    }
  })

  it('says what the protocol asks for, and no tombstone', async () => {
    const store = await logOf(101)
    await tell(store, 500)
    const { buffer: file } = await store.get(layout.deltaCheckpoint(100))
    const [first, second, ...adds] = await parquetReadObjects({ file })
    assert.deepEqual(first, {
      protocol: {
        minReaderVersion: 1,
        minWriterVersion: 7,
        readerFeatures: undefined,
        writerFeatures: ['inCommitTimestamp', 'silversmith'],
      },
      metaData: undefined,
      add: undefined,
    })
    assert.equal(second?.metaData.description, 'reviews')
    assert.match(second?.metaData.schemaString, /"name":"n","type":"long"/)
    assert(adds.every(({ add, protocol, metaData }) => add && !protocol && !metaData))
    const last = JSON.parse(new TextDecoder().decode(await store.get(layout.deltaLastCheckpoint)))
    const sizeInBytes = (await store.head(layout.deltaCheckpoint(100)))?.size
    assert.deepEqual(last, { version: 100, size: adds.length + 2, sizeInBytes, numOfAddFiles: adds.length })
  })

  it('is written again when it, or the hint that names it, is gone', async () => {
    const store = await logOf(150)
    await tell(store, 500)
    const before = new Map([...store.objects].map(([key, { bytes }]) => [key, bytes]))
    for (const key of [layout.deltaCheckpoint(149), layout.deltaLastCheckpoint]) {
      await store.delete(key)
      await tell(store, 500, true)
      assert.deepEqual(new Map([...store.objects].map(([each, { bytes }]) => [each, bytes])), before)
    }
  })

  it('follows each hundred versions when they come one by one', async () => {
    const store = await logOf(230)
    const log = new FoldedLog()
    for (let version = 0; version < 230; version++) {
      log.apply(await needCommit(store, layout, version))
      await (await deltaTable({ store, layout }).open()).tell({ log, check: false, news: true })
    }
    const checkpoints = [...store.objects.keys()].filter(key => key.endsWith('.checkpoint.parquet'))
    assert.deepEqual(checkpoints, [layout.deltaCheckpoint(100), layout.deltaCheckpoint(200)])
  })
})
