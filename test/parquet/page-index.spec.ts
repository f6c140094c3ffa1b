import assert from 'node:assert/strict'
import { parquetMetadata, readColumnIndex, readOffsetIndex } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { columnsOf, leavesOf, readFooter } from '../../functions/parquet/metadata/footer.ts'
import { readPageHeader } from '../../functions/parquet/metadata/page-header.ts'
import { ThriftReader } from '../../functions/parquet/metadata/thrift-reader.ts'
import { column, equal, joinQuery, literal, withFilter } from '../support/compiled-queries.ts'
import { customersOf, joined } from '../support/joining.ts'
import { sourceOf } from '../support/lake-files.ts'

describe('the page index of a silver file', () => {
  const rows = Array.from({ length: 500 }, (_, i) => i)
  // Small row groups are merged, unless the whole body is copied.
  const bronze = (rowGroupSize: number) =>
    new Uint8Array(
      parquetWriteBuffer({
        pageSize: 300,
        rowGroupSize,
        columnData: [
          { name: 'id', type: 'INT32', data: rows, nullable: false, columnIndex: true },
          { name: 'customer_id', type: 'STRING', data: rows.map(i => `k${i % 5}`), columnIndex: true },
          {
            name: 'flag',
            type: 'STRING',
            data: rows.map(i => (i % 7 === 0 ? null : i % 2 ? 'N' : 'Y')),
            columnIndex: true,
          },
          { name: 'text', type: 'STRING', encoding: 'PLAIN', data: rows.map(i => `text ${i}`), columnIndex: true },
        ],
      }),
    )
  const customersFile = sourceOf(
    'customers',
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'customer_id', type: 'STRING', data: ['k0', 'k1', 'k2', 'k3', 'k4'] },
          { name: 'name', type: 'STRING', data: ['Ann', null, 'Bob', 'Cid', 'Dee'] },
        ],
      }),
    ),
  )

  for (const path of ['append', 'copy', 'rewrite', 'merge'] as const) {
    it(`points at the pages and bounds their values after ${path}`, async () => {
      const source = sourceOf('f', bronze(path === 'append' ? 200 : 1000))
      const all = joinQuery(columnsOf(await readFooter(source)), columnsOf(await readFooter(customersFile)))
      const shaped = path === 'copy' ? { ...all, output: all.output.toReversed() } : all
      const query = path === 'rewrite' ? withFilter(shaped, equal(column('reviews', 'flag'), literal('Y'))) : shaped
      const customers = await customersOf([customersFile], query)
      // appended is what has row groups that are not small
      const options = path === 'append' ? { smallRows: 200 } : {}
      const { silver } = await joined(query, customers, path === 'merge' ? [source, source] : [source], options)
      const footer = await readFooter(sourceOf('silver', silver))
      const schema = parquetMetadata(silver).schema.filter(element => element.type)
      let pages = 0
      for (const group of footer.rowGroups) {
        for (const [leaf, chunk] of group.columns.entries()) {
          const { offsetIndex, columnIndex } = chunk
          const element = schema[leaf]
          assert.ok(offsetIndex && element, `${leavesOf(footer.schema)[leaf]?.element.name} has an offset index`)
          const view = (section: { offset: number; length: number }) => ({
            view: new DataView(silver.buffer, section.offset, section.length),
            offset: 0,
          })
          const { page_locations: locations } = readOffsetIndex(view(offsetIndex))
          let row = 0
          for (const { offset, compressed_page_size: size, first_row_index: first } of locations) {
            const reader = new ThriftReader(silver, Number(offset))
            const header = readPageHeader(reader)
            assert.equal(Number(first), row)
            assert.equal(reader.offset + header.compressed - Number(offset), size)
            row += header.entries
            pages++
          }
          assert.equal(row, group.rows)
          assert.ok(columnIndex)
          const index = readColumnIndex(view(columnIndex), element)
          assert.equal(index.min_values.length, locations.length)
          index.null_pages.forEach((isNull, i) => {
            const [min, max] = [index.min_values[i], index.max_values[i]]
            if (!isNull) assert.ok(min !== undefined && max !== undefined && min <= max)
          })
        }
      }
      assert.ok(pages > footer.rowGroups.length * query.output.length || path === 'merge' || path === 'rewrite')
    })
  }
})
