import { readLog } from '../functions/log/read.ts'
import { command, options, UsageError } from './command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from './open-lake.ts'

const USAGE = 'npm run --silent files -- [--lake DIR | --stage NAME] [--format keys|uris|json]'

/** The committed files of silver, for readers that know neither Athena's partitions nor Spark's sink log. */
await command(async () => {
  const { values } = options(USAGE, { ...ANY_LAKE_OPTIONS, format: { type: 'string', default: 'keys' } })
  const { store, layout, uri } = await openAnyLake(values)
  const { state } = await readLog(store, layout)
  const files = [...state.batches.values()].flatMap(({ batch, ingestDate, location, silver }) =>
    silver.map(({ key, size, rows }) => ({ key: layout.roots.silver + location + key, size, rows, ingestDate, batch })),
  )
  if (values.format === 'json') return console.log(JSON.stringify(files))
  if (values.format !== 'keys' && values.format !== 'uris') throw new UsageError('--format must be keys, uris or json')
  for (const { key } of files) console.log(values.format === 'keys' ? key : uri + key)
})
