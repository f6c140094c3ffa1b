import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Layout } from '../functions/lake/layout.ts'
import { command, options, UsageError } from './command.ts'
import { DirectoryStore } from './directory-store.ts'
import { openAthena, readJson } from './local-athena.ts'
import { readCatalog } from './local-catalog.ts'
import { table } from './text.ts'

const USAGE = 'npm run --silent query -- [--lake DIR] [--format json|table] "SELECT … FROM silver.reviews …"'

await command(async () => {
  const { values, positionals } = options(USAGE, {
    lake: { type: 'string', default: 'lake' },
    format: { type: 'string', default: 'table' },
  })
  const [sql, ...rest] = positionals
  if (sql === undefined || rest.length > 0) throw new UsageError(`one statement is needed: usage: ${USAGE}`)
  if (values.format !== 'json' && values.format !== 'table') throw new UsageError('--format must be json or table')
  const root = resolve(values.lake)
  const layout = new Layout()
  if (!existsSync(join(root, layout.roots.silver))) {
    throw new UsageError(
      `${values.lake} has no ${layout.roots.silver} yet: run npm start -- --lake ${values.lake} first`,
    )
  }
  const { table: catalog } = await readCatalog(new DirectoryStore(root), layout)
  const connection = await openAthena(root, layout, catalog)
  const { columns, rows } = await readJson(connection, sql)
  connection.closeSync()
  if (values.format === 'table') console.log(table(columns, rows))
  else console.log(JSON.stringify(rows.map(row => Object.fromEntries(columns.map((name, i) => [name, row[i]])))))
})
