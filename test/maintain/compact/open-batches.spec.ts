import assert from 'node:assert/strict'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { FoldedLog } from '../../../functions/log/fold.ts'
import { divide, type OpenBatch } from '../../../functions/maintain/compact/open-batches.ts'
import { openPackable } from '../../../functions/maintain/compact/pack-files.ts'
import { batchCommit } from '../../support/commits.ts'
import { MemoryStore } from '../../support/memory-store.ts'

/** Batches, each of files with the given columns, of so many bronze files each. */
async function batchesOf(
  sources: number,
  ...batches: readonly (readonly (readonly string[])[])[]
): Promise<OpenBatch[]> {
  const store = new MemoryStore()
  const state = new FoldedLog()
  const open: OpenBatch[] = []
  for (const [version, files] of batches.entries()) {
    const silver = []
    for (const [i, names] of files.entries()) {
      const columnData = names.map(name => ({ name, type: 'INT32' as const, data: [1] }))
      const bytes = new Uint8Array(parquetWriteBuffer({ columnData }))
      await store.put(`${version}/${i}`, bytes)
      silver.push({ key: `${i}`, size: bytes.length, rows: 1 })
    }
    const keys = Array.from({ length: sources }, (_, i) => `${version}-${i}`)
    const commit = batchCommit(version, keys, { silver })
    state.apply(commit)
    const batch = state.batches.get(commit.batch)
    assert(batch)
    open.push({ batch, commit, files: await openPackable(store, `${version}/`, silver) })
  }
  return open
}

const versions = (parts: readonly (readonly OpenBatch[])[]) => parts.map(part => part.map(({ batch }) => batch.version))

describe('divide()', () => {
  it('puts batches together whose files have the same columns; one whose own differ is alone', async () => {
    const batches = await batchesOf(1, [['a'], ['a']], [['a', 'b']], [['a'], ['b']], [['a']], [['b', 'a']])
    assert.deepEqual(versions(await divide(batches)), [[0, 3], [1], [2], [4]])
    assert.deepEqual(versions(await divide(batches.slice(2, 3))), [[2]])
  })

  it('leaves no more together than can be joined again at once', async () => {
    const batches = await batchesOf(2000, [['a']], [['a']], [['a']], [['a']], [['a']])
    assert.deepEqual(versions(await divide(batches)), [[0, 1], [2, 3], [4]])
  })

  it('puts no more together than is packed at once', async () => {
    const batches = await batchesOf(1, [['a']], [['a']], [['a']], [['a'], ['a']])
    const size = batches[0]?.files[0]?.size ?? 0
    assert.deepEqual(versions(await divide(batches, size * 2)), [[0, 1], [2], [3]])
    assert.deepEqual(versions(await divide(batches, size * 5)), [[0, 1, 2, 3]])
  })
})
