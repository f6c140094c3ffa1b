import { defineCommand, oneOf } from '../command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../open-lake.ts'
import { refuseWriting, uniqueNames } from '../query/statement.ts'
import { table } from '../table.ts'
import { print } from '../terminal/print.ts'

export default defineCommand(
  {
    purpose:
      'Asks one SELECT of silver.reviews, as Athena would show it: published batches only. On a lake in a directory ' +
      'DuckDB stands in for Athena, and reads nothing but the published files.',
    operand: { form: '"SELECT … FROM silver.reviews …"', noun: 'statement' },
    options: {
      ...ANY_LAKE_OPTIONS,
      format: { type: 'string', default: 'table', value: 'table|json', help: 'how the rows are shown' },
    },
  },
  async (values, sql) => {
    const format = oneOf('format', values.format, ['table', 'json'])
    refuseWriting(sql)
    const { query } = await openAnyLake(values)
    const { columns, rows } = await query(sql)
    // a plan is a drawing of many lines, which no cell can hold
    if (format === 'table' && columns[0] === 'explain_key') return print(rows.map(([, plan]) => plan).join('\n'))
    if (format === 'table') return print(table(columns, rows))
    const names = uniqueNames(columns)
    print(JSON.stringify(rows.map(row => Object.fromEntries(names.map((name, i) => [name, row[i]])))))
  },
)
