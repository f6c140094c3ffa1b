import { existsSync } from 'node:fs'
import { isData } from '../functions/lake/keys.ts'
import { readLog } from '../functions/log/read.ts'
import type { BronzeInput } from '../functions/planning/batch-plan.ts'
import { prepareQuery } from '../functions/planning/prepare-query.ts'
import { explain, explanationText } from '../functions/query/explain.ts'
import { command, options, UsageError } from './command.ts'
import { readSettings, SETTINGS_OPTIONS } from './local-settings.ts'
import { openLake } from './open-lake.ts'

const USAGE =
  'npm run explain -- [--lake DIR] [--sql FILE] [--bronze FILE] [--reviews-view NAME] [--customers-view NAME] [--format text|json]'
/** The bronze files whose columns are looked at. */
const FILES = 1000

await command(async () => {
  const { values } = options(USAGE, {
    ...SETTINGS_OPTIONS,
    lake: { type: 'string', default: 'lake' },
    format: { type: 'string', default: 'text' },
  })
  if (values.format !== 'text' && values.format !== 'json') throw new UsageError('--format must be text or json')
  if (!existsSync(values.lake))
    throw new UsageError(`there is no lake ${values.lake}: run npm start first, or use --lake`)
  const lake = await openLake(values)
  const { store, layout } = lake
  const bronze: BronzeInput[] = []
  for await (const { key, etag, size, modified } of store.list(layout.roots.reviews)) {
    if (isData(key, layout.roots.reviews)) bronze.push({ key, etag, size, modified: new Date(modified).toISOString() })
    if (bronze.length === FILES) break
  }
  const { state } = await readLog(store, layout)
  const { query } = readSettings(values)
  const time = new Date().toISOString()
  const prepared = await prepareQuery(bronze, [], { store, layout, state, time, query })
  const table = { database: 'silver', table: 'reviews' }
  const explanation = explain(prepared.query, table, `s3://your-bucket/${layout.roots.silver}`)
  console.log(values.format === 'json' ? JSON.stringify(explanation, null, 2) : explanationText(explanation))
})
