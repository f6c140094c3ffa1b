import { UsageError } from '../../functions/base/refusal.ts'
import { isData } from '../../functions/lake/keys.ts'
import { readLog } from '../../functions/log/read.ts'
import { explain, explanationText } from '../../functions/maintain/explain.ts'
import { prepareQuery } from '../../functions/pipeline/plan/prepare-query.ts'
import type { BronzeInput } from '../../functions/protocol/plan.ts'
import { defineCommand, oneOf } from '../command-line/command.ts'
import { LAKE_OPTIONS, openLake } from '../lakes/open-lake.ts'
import { QUERY_OPTIONS, readQuery, sameAgain, withQueryNamed } from '../local/local-settings.ts'
import { doubtLines, findDoubts, goneColumns } from '../summary/doubts.ts'
import { findOtherQuery, otherQueryLines } from '../summary/other-query.ts'
import { print } from '../terminal/print.ts'

/** The bronze files whose columns are looked at. */
const FILES = 1000

export default defineCommand(
  {
    purpose:
      'Shows what silver.sql does with the bronze files of a lake: columns and types, what is copied, looked up and ' +
      'computed, the conditions, the join, and the DDL for Athena. Joins nothing.',
    options: {
      ...LAKE_OPTIONS,
      ...QUERY_OPTIONS,
      format: { type: 'string', default: 'text', value: 'text|json', help: 'the output format' },
      json: { type: 'boolean', default: false, help: 'the same as --format json' },
    },
  },
  async values => {
    const format = values.json ? 'json' : oneOf('format', values.format, ['text', 'json'])
    const text = await readQuery(values)
    const { store, layout, root, uri } = await openLake(values)
    const bronze: BronzeInput[] = []
    for await (const { key, etag, size, modified } of store.list(layout.roots.reviews)) {
      if (isData(key, layout.roots.reviews))
        bronze.push({ key, etag, size, modified: new Date(modified).toISOString() })
      if (bronze.length === FILES) break
    }
    const { state } = await readLog(store, layout)
    if (bronze.length === 0 && state.reviews.length === 0) {
      throw new UsageError(`there are no Parquet files under ${layout.roots.reviews} whose columns can be read`)
    }
    const time = new Date().toISOString()
    const context = { store, layout, state, time, query: async () => text, ignoreSparkMetadata: false }
    const prepared = await withQueryNamed(values, () => prepareQuery(bronze, [], context))
    const table = { database: 'silver', table: 'reviews' }
    const explanation = explain(
      prepared.query,
      table,
      `${root === null ? uri : 's3://your-bucket/'}${layout.roots.silver}`,
    )
    const otherQuery = findOtherQuery(state, prepared.query.sha256)
    const newest = await findDoubts({ store, layout }, state)
    const doubts = newest && { ...newest, gone: goneColumns(state.schema, prepared.query) }
    if (format === 'json') return print(JSON.stringify({ ...explanation, otherQuery, doubts }, null, 2))
    const lines = [...otherQueryLines(otherQuery, values.sql ?? 'silver.sql', sameAgain(values)), ...doubtLines(doubts)]
    print([explanationText(explanation), ...lines].join('\n'))
  },
)
