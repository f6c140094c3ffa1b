import { extname } from 'node:path'
import { refuseWriting } from '../../functions/adapters/duckdb/statement.ts'
import { UsageError } from '../../functions/base/refusal.ts'
import { userPath } from '../command-line/caller.ts'
import { defineCommand, oneOf } from '../command-line/command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../lakes/open-lake.ts'
import { TEXT_FORMATS, textOf } from '../terminal/formats.ts'
import { terminalWidth } from '../terminal/table.ts'
import { printPieces, replaceFile, savePieces } from '../terminal/write-text.ts'

const FORMATS = [...TEXT_FORMATS, 'parquet'] as const

export default defineCommand(
  {
    purpose:
      'Runs one SELECT over silver.reviews, as Athena would: it sees published batches only. On a lake in a directory ' +
      'DuckDB stands in for Athena, and reads only published files. silver.batches, silver.files, silver.parked, ' +
      'silver.quarantined and silver.rejected show the log, also for a stage. Rows are written as they arrive; a table ' +
      'on a terminal shows the first 20, the last 20 and their number.',
    operand: { form: '"SELECT … FROM silver.reviews …"', noun: 'statement' },
    options: {
      ...ANY_LAKE_OPTIONS,
      format: {
        type: 'string',
        value: FORMATS.join('|'),
        help: "the output format; default: by the output file's name, or table without one",
      },
      json: { type: 'boolean', default: false, help: 'the same as --format json' },
      output: { type: 'string', value: 'FILE', help: 'write the rows to this file; parquet needs it' },
    },
  },
  async (values, sql) => {
    const format = readFormat(values)
    refuseWriting(sql)
    const { stream, writeParquet } = await openAnyLake(values)
    const file = values.output === undefined ? undefined : userPath(values.output)
    if (format === 'parquet') {
      if (file === undefined) throw new UsageError('--format parquet needs --output FILE')
      await replaceFile(file, draft => writeParquet(sql, draft))
    } else if (file !== undefined) {
      const rows = await stream(sql)
      await savePieces(textOf(format, rows, Number.POSITIVE_INFINITY), file)
    } else await printPieces(textOf(format, await stream(sql), terminalWidth()))
  },
)

function readFormat({
  format,
  json,
  output,
}: {
  readonly format?: string | undefined
  readonly json: boolean
  readonly output?: string | undefined
}): (typeof FORMATS)[number] {
  if (format !== undefined) return oneOf('format', format, FORMATS)
  if (json) return 'json'
  if (output === undefined) return 'table'
  const found = FORMATS.find(each => extname(output).toLowerCase() === `.${each}`)
  if (!found)
    throw new UsageError(`--output ${output}: its name does not say the format: write --format ${FORMATS.join('|')}`)
  return found
}
