import { readWholeLog } from '../../functions/readers/whole-log.ts'
import { defineCommand, oneOf } from '../command-line/command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../lakes/open-lake.ts'
import { print } from '../terminal/print.ts'

export default defineCommand(
  {
    purpose:
      "Lists the committed silver files, for readers that know neither Athena's partitions nor the log of Spark's file sink.",
    options: {
      ...ANY_LAKE_OPTIONS,
      format: {
        type: 'string',
        default: 'keys',
        value: 'keys|uris|json',
        help: 'keys, URIs, or JSON with sizes and rows',
      },
      json: { type: 'boolean', default: false, help: 'the same as --format json' },
    },
  },
  async values => {
    const format = values.json ? 'json' : oneOf('format', values.format, ['keys', 'uris', 'json'])
    const { store, layout, uri } = await openAnyLake(values)
    const { log } = await readWholeLog(store, layout)
    const files = [...log.state.batches.values()].flatMap(({ batch, ingestDate, location, silver }) =>
      silver.map(({ key, size, rows }) => ({
        key: layout.roots.silver + location + key,
        size,
        rows,
        ingestDate,
        batch,
      })),
    )
    if (format === 'json') return print(JSON.stringify(files))
    for (const { key } of files) print(format === 'keys' ? key : uri + key)
  },
)
