import { Refusal } from '../../functions/base/refusal.ts'
import { findDeltaEnd } from '../../functions/readers/delta/delta-log.ts'
import { readWholeLog } from '../../functions/readers/whole-log.ts'
import { defineCommand, oneOf } from '../command-line/command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../lakes/open-lake.ts'
import { print } from '../terminal/print.ts'

export default defineCommand(
  {
    purpose:
      "Lists the committed silver files, for readers that know neither the Delta table nor Athena's partitions nor the log of " +
      "Spark's file sink; docs/readers.md has the lines for each engine.",
    options: {
      ...ANY_LAKE_OPTIONS,
      format: {
        type: 'string',
        default: 'keys',
        value: 'keys|uris|json|delta',
        help: 'keys, URIs, JSON with sizes and rows, or where the Delta table is, with its version',
      },
      json: { type: 'boolean', default: false, help: 'the same as --format json' },
    },
  },
  async values => {
    const format = values.json ? 'json' : oneOf('format', values.format, ['keys', 'uris', 'json', 'delta'])
    const { store, layout, uri } = await openAnyLake(values)
    const { log } = await readWholeLog(store, layout)
    if (format === 'delta') {
      const end = await findDeltaEnd(store, layout, log.state)
      if (!end)
        throw new Refusal('there is no Delta table: the next run makes it, unless it is switched off (--delta off)')
      const { version, table } = end
      return print(`${uri}${layout.roots.silver}\nversion ${version} of ${log.state.version}, table ${table}`)
    }
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
