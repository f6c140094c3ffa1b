import assert from 'node:assert/strict'
import { parquetMetadata } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { writeSilver } from '../../functions/engine/join/silver.ts'
import { columnsOf, readFooter } from '../../functions/parquet/metadata/footer.ts'
import { readPageHeader } from '../../functions/parquet/metadata/page-header.ts'
import { ThriftReader } from '../../functions/parquet/metadata/thrift-reader.ts'
import { joinQuery } from '../support/compiled-queries.ts'
import { codecs, customersOf } from '../support/joining.ts'
import { sourceOf } from '../support/lake-files.ts'
import { MemoryWriter } from '../support/memory-lake.ts'
import { World } from '../support/world.ts'

/** A file whose stars are damaged: the page's header is sound, what it holds is not. */
function damaged(rows = 3): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      codec: 'SNAPPY',
      columnData: [
        { name: 'review_id', type: 'STRING', data: Array.from({ length: rows }, (_, i) => `r${i}`) },
        { name: 'customer_id', type: 'STRING', data: Array.from({ length: rows }, () => '1') },
        { name: 'stars', type: 'INT32', data: Array.from({ length: rows }, (_, i) => i) },
      ],
    }),
  )
  const chunk = parquetMetadata(bytes.buffer).row_groups[0]?.columns[2]?.meta_data ?? assert.fail()
  const reader = new ThriftReader(bytes, Number(chunk.data_page_offset))
  readPageHeader(reader)
  bytes.fill(0xff, reader.offset, reader.offset + 4)
  return bytes
}

describe('the same bytes', () => {
  it('get the same verdict in a batch, though one file is alone when the other has been left out', async () => {
    const world = new World()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    for (const name of ['a', 'b']) await world.store.put(`bronze/reviews/${name}.parquet`, damaged())
    await world.run()
    assert.deepEqual(await world.silver(), [])
    const settled = await world.settled()
    assert.equal(settled.length, 2)
    for (const line of settled) assert.match(line, /a run of values is cut short$/)
  })

  it('get it alone in a batch too', async () => {
    const world = new World()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    await world.store.put('bronze/reviews/a.parquet', damaged())
    await world.addReviews('b', [{ review_id: 'b', customer_id: '1', stars: 5 }])
    await world.run()
    await world.store.put('bronze/reviews/c.parquet', damaged())
    await world.run()
    assert.equal((await world.silver()).length, 1)
  })

  it('are looked at in row groups that are only copied where verifyPages is on', async () => {
    const source = sourceOf('f', damaged(60))
    const customers = sourceOf(
      'c',
      new Uint8Array(
        parquetWriteBuffer({
          columnData: [
            { name: 'customer_id', type: 'STRING', data: ['1'] },
            { name: 'name', type: 'STRING', data: ['one'] },
          ],
        }),
      ),
    )
    const query = joinQuery(columnsOf(await readFooter(source)), columnsOf(await readFooter(customers)))
    const snapshot = await customersOf([customers], query)
    const write = (verifyPages: boolean) => {
      const silver = new MemoryWriter(new Map([['f', damaged(60)]]))
      const request = { query, dimensions: [snapshot], sources: [source], silver, parked: null, metadata: () => ({}) }
      return writeSilver(request, codecs, { smallRows: 10, verifyPages })
    }
    await write(false)
    await assert.rejects(write(true), { name: 'UnreadableFile', key: 'f' })
  })
})
