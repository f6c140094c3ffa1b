import { command } from './command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from './open-lake.ts'
import { table } from './table.ts'
import { many } from './text.ts'
import { rebuildLog } from './upkeep/rebuild.ts'

const LINE = {
  name: 'npm run rebuild',
  purpose:
    'Writes a lost or broken log anew from the silver files, whose footers hold their results. Stop the schedule before. ' +
    'Prints each choice, and what can not be known any more.',
  options: {
    ...ANY_LAKE_OPTIONS,
    'dry-run': { type: 'boolean', default: false, help: 'only say what would be written' },
  },
} as const

await command(LINE, async values => {
  const lake = await openAnyLake(values)
  const { commits, notes } = await rebuildLog({ ...lake, dryRun: values['dry-run'] })
  if (commits.length === 0) return console.log(`there is nothing to rebuild: ${notes.join('; ')}`)
  const rows = commits.map(commit => {
    const { version, operation, batch, attempt } = commit
    return [version, operation, batch, attempt, commit.operation === 'abandon' ? null : commit.rows.written]
  })
  console.log(table(['version', 'operation', 'batch', 'attempt', 'rows'], rows))
  for (const note of notes) console.log(`- ${note}`)
  console.log(
    values['dry-run']
      ? `dry run: a log of ${many(commits.length, 'commit')} would be written`
      : `the log has ${many(commits.length, 'commit')} again: the next run tells readers`,
  )
})
