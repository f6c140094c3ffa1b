import { command, options } from './command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from './open-lake.ts'
import { count, table } from './text.ts'
import { rebuildLog } from './upkeep/rebuild.ts'

const USAGE = 'npm run rebuild -- [--lake DIR | --stage NAME] [--dry-run]'

await command(async () => {
  const { values } = options(USAGE, { ...ANY_LAKE_OPTIONS, 'dry-run': { type: 'boolean', default: false } })
  const lake = await openAnyLake(values)
  const { commits, notes } = await rebuildLog({ ...lake, dryRun: values['dry-run'] })
  const rows = commits.map(commit => {
    const { version, operation, batch, attempt } = commit
    return [version, operation, batch, attempt, commit.operation === 'abandon' ? null : commit.rows.written]
  })
  console.log(table(['version', 'operation', 'batch', 'attempt', 'rows'], rows))
  for (const note of notes) console.log(`- ${note}`)
  console.log(
    values['dry-run']
      ? `dry run: a log of ${count(commits.length)} commits would be written`
      : `the log has ${count(commits.length)} commits again: the next run tells readers`,
  )
})
