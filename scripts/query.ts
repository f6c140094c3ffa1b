import { command, options, UsageError } from './command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from './open-lake.ts'
import { table } from './text.ts'

const USAGE =
  'npm run --silent query -- [--lake DIR | --stage NAME] [--format json|table] "SELECT … FROM silver.reviews …"'

await command(async () => {
  const { values, positionals } = options(USAGE, {
    ...ANY_LAKE_OPTIONS,
    format: { type: 'string', default: 'table' },
  })
  const [sql, ...rest] = positionals
  if (sql === undefined || rest.length > 0) throw new UsageError(`one statement is needed: usage: ${USAGE}`)
  if (values.format !== 'json' && values.format !== 'table') throw new UsageError('--format must be json or table')
  const { query } = await openAnyLake(values)
  const { columns, rows } = await query(sql)
  if (values.format === 'table') console.log(table(columns, rows))
  else console.log(JSON.stringify(rows.map(row => Object.fromEntries(columns.map((name, i) => [name, row[i]])))))
})
