import assert from 'node:assert/strict'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { columnsOf, leavesOf, openFile, readFooter } from '../../../functions/parquet/metadata/footer.ts'
import { ChunkReader } from '../../../functions/parquet/pages/chunk-reader.ts'
import { valueBytes } from '../../../functions/parquet/pages/plain-values.ts'
import { column, equal, joinQuery, literal, withFilter } from '../../support/compiled-queries.ts'
import { codecs, customersOf, joined } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'

const ROWS = Array.from({ length: 300 }, (_, i) => i)
const isKept = (i: number) => i % 3 === 0

/** Every value that lies in a file, in dictionaries and bounds too, whether a row has it or not. */
async function valuesIn(bytes: Uint8Array<ArrayBuffer>): Promise<Set<string>> {
  const { footer, read } = await openFile(sourceOf('silver', bytes))
  const values = new Set<string>()
  const text = new TextDecoder()
  for (const group of footer.rowGroups) {
    for (const [i, leaf] of leavesOf(footer.schema).entries()) {
      const chunk = group.columns[i] ?? assert.fail()
      if (chunk.type !== 'BYTE_ARRAY') continue
      const reader = new ChunkReader(await read(chunk), chunk, leaf, codecs)
      for (const page of reader.pages()) {
        const decoded = reader.decode(page).values
        if (decoded.kind === 'plain')
          for (let v = 0; v < decoded.count; v++) values.add(text.decode(valueBytes(decoded.plain, v)))
      }
      const { dictionary } = reader
      for (let v = 0; v < (dictionary?.count ?? 0); v++)
        if (dictionary) values.add(text.decode(valueBytes(dictionary, v)))
    }
  }
  // The footer and the page indexes are not compressed.
  for (const [secret] of text.decode(bytes.subarray(Math.max(0, bytes.length - 20_000))).matchAll(/secret \d+/g))
    values.add(secret)
  return values
}

describe('values of dropped rows', () => {
  for (const encoding of ['PLAIN', 'RLE_DICTIONARY'] as const) {
    for (const why of ['filtered', 'unmatched', 'merged'] as const) {
      it(`do not stay in the silver file: ${encoding}, ${why}`, async () => {
        const secrets = ROWS.map(i => (isKept(i) ? `kept ${i}` : `secret ${i}`))
        const source = sourceOf(
          'f',
          new Uint8Array(
            parquetWriteBuffer({
              columnData: [
                {
                  name: 'customer_id',
                  type: 'STRING',
                  data: ROWS.map(i => (why === 'unmatched' && !isKept(i) ? 'x' : 'k')),
                },
                { name: 'flag', type: 'STRING', data: ROWS.map(i => (isKept(i) ? 'Y' : 'N')) },
                { name: 'secret', type: 'STRING', encoding, data: secrets },
              ],
            }),
          ),
        )
        const customersFile = sourceOf(
          'c',
          new Uint8Array(
            parquetWriteBuffer({
              columnData: [
                { name: 'customer_id', type: 'STRING', data: ['k', 'other'] },
                { name: 'name', type: 'STRING', data: ['Ann', 'secret 1'] },
              ],
            }),
          ),
        )
        const all = joinQuery(columnsOf(await readFooter(source)), columnsOf(await readFooter(customersFile)))
        const query = why === 'unmatched' ? all : withFilter(all, equal(column('reviews', 'flag'), literal('Y')))
        const customers = await customersOf([customersFile], query)
        const { silver, counts } = await joined(query, customers, why === 'merged' ? [source, source] : [source])
        assert.equal(counts[0]?.written, 100)
        const left = [...(await valuesIn(silver))].filter(value => /secret|^N$|^x$|other/.test(value))
        assert.deepEqual(left, [])
      })
    }
  }
})
