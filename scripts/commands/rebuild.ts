import { codecs } from '../../functions/adapters/codecs.ts'
import { Refusal } from '../../functions/base/refusal.ts'
import { many } from '../../functions/base/text.ts'
import { rebuildLog } from '../../functions/maintain/rebuild/rebuild.ts'
import { defineCommand, factsJson, JSON_OPTION } from '../command-line/command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../lakes/open-lake.ts'
import { print } from '../terminal/print.ts'
import { table } from '../terminal/table.ts'

export default defineCommand(
  {
    purpose:
      'Restores a lost or broken log from the silver files, whose footers hold their results. Stop the schedule first. ' +
      'Prints each choice, and what can no longer be known.',
    options: {
      ...ANY_LAKE_OPTIONS,
      'dry-run': { type: 'boolean', default: false, help: 'only show what would be written' },
      ...JSON_OPTION,
    },
  },
  async values => {
    const lake = await openAnyLake(values)
    // looked at before anything is written: a log of nothing would take away what Spark's readers, and a takeover, go by
    const found = await rebuildLog({ ...lake, codecs: codecs(), dryRun: true })
    if (found.commits.length === 0) {
      throw new Refusal(
        `there is nothing to rebuild: ${found.notes.join('; ')}; for a Spark job's silver: npx silversmith takeover`,
      )
    }
    const { commits, notes } = values['dry-run']
      ? found
      : await rebuildLog({ ...lake, codecs: codecs(), dryRun: false })
    if (values.json) return print(factsJson({ dryRun: values['dry-run'], commits, notes }))
    const rows = commits.map(commit => {
      const { version, operation, batch, attempt } = commit
      return [version, operation, batch, attempt, commit.operation === 'abandon' ? null : commit.rows.written]
    })
    print(table(['version', 'operation', 'batch', 'attempt', 'rows'], rows))
    for (const note of notes) print(`- ${note}`)
    print(
      values['dry-run']
        ? `dry run: a log of ${many(commits.length, 'commit')} would be written`
        : `the log has ${many(commits.length, 'commit')} again: the next run publishes it`,
    )
  },
)
