import assert from 'node:assert/strict'
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { SourceFile } from '../../../functions/engine/sources/source-file.ts'
import { column, joinQuery, output } from '../../support/compiled-queries.ts'
import { joined } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'

describe('values that no timestamp can hold', () => {
  const query = {
    ...joinQuery([{ name: 't', type: 'timestamp' }], []),
    dimensions: [],
    joins: [],
    output: [output('t', column('reviews', 't', 'timestamp'))],
  }
  const millis = (statistics: boolean, ...values: bigint[]) =>
    sourceOf(
      'f',
      new Uint8Array(
        parquetWriteBuffer({
          statistics,
          schema: [
            { name: 'root', num_children: 1 },
            { name: 't', type: 'INT64', repetition_type: 'OPTIONAL', converted_type: 'TIMESTAMP_MILLIS' },
          ],
          columnData: [{ name: 't', data: values.map(value => new Date(Number(value))) }],
        }),
      ),
    )
  const patched = async (source: SourceFile, value: bigint): Promise<SourceFile> => {
    // Date can't hold it: the value in the page is replaced.
    const bytes = await source.read({ start: 0, end: source.size })
    const view = new DataView(bytes.buffer)
    const magic = 1_234_567_890_123n
    for (let at = 0; at + 8 <= bytes.length; at++)
      if (view.getBigInt64(at, true) === magic) view.setBigInt64(at, value, true)
    return sourceOf('f', bytes)
  }

  for (const statistics of [true, false]) {
    it(`refuse the file, ${statistics ? 'with' : 'without'} statistics, even if it would only be copied`, async () => {
      const good = millis(statistics, 1_234_567_890_123n)
      const most = 9_223_372_036_854_775n
      await joined(query, null, [await patched(good, most)])
      for (const beyond of [most + 1n, -most - 1n]) {
        await assert.rejects(joined(query, null, [await patched(good, beyond)]), {
          name: 'UnreadableFile',
          message: 'f: column t has milliseconds beyond what a timestamp of microseconds can hold',
        })
      }
    })
  }
})
