import assert from 'node:assert/strict'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { openPackable, takeAll } from '../../../functions/maintain/compact/pack-files.ts'
import { MemoryStore } from '../../support/memory-store.ts'

const NOW = Date.UTC(2026, 10, 26)

/** A store with a file of INT32 columns of one row for each list of names, and what the log says of the files. */
async function filesOf(...columns: readonly (readonly string[])[]) {
  const store = new MemoryStore(() => NOW)
  const files = []
  for (const [i, names] of columns.entries()) {
    const columnData = names.map(name => ({ name, type: 'INT32' as const, data: [i] }))
    const bytes = new Uint8Array(parquetWriteBuffer({ columnData }))
    await store.put(`silver/${i}.parquet`, bytes)
    files.push({ key: `${i}.parquet`, size: bytes.length, rows: 1 })
  }
  return { store, files }
}

describe('openPackable()', () => {
  it('names a file that is gone, or of another size than the log says', async () => {
    const { store, files } = await filesOf(['a'])
    const [first] = files
    assert(first)
    const other = openPackable(store, 'silver/', [{ ...first, size: first.size + 1 }])
    await assert.rejects(other, {
      message: `silver/0.parquet: it has ${first.size} bytes, the log says ${first.size + 1}`,
    })
    await store.delete('silver/0.parquet')
    await assert.rejects(openPackable(store, 'silver/', files), { message: 'silver/0.parquet: it is gone' })
  })
})

describe('takeAll()', () => {
  const refused = async (...columns: readonly (readonly string[])[]) => {
    const { store, files } = await filesOf(...columns)
    return takeAll(await openPackable(store, 'silver/', files), NOW)
  }

  it('takes all columns in their order', async () => {
    const { output } = await refused(['b', 'a'], ['b', 'a'])
    assert.deepEqual(
      output.map(({ name, type }) => [name, type]),
      [
        ['b', 'int'],
        ['a', 'int'],
      ],
    )
  })

  it('refuses files of different columns, and names one', async () => {
    await assert.rejects(refused(['a', 'b'], ['a']), {
      message: 'silver/1.parquet: it has other columns than the batch',
    })
    await assert.rejects(refused(['a', 'b'], ['b', 'a']), { name: 'UnreadableFile', message: /^silver\/1\.parquet/ })
  })

  it('refuses names that a query may not write, and says which', async () => {
    await assert.rejects(refused(['a`b']), {
      name: 'UnreadableFile',
      message: /^silver\/0\.parquet: its columns can't be written again: .*a`b/,
    })
  })
})
