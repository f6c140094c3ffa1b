import { needCommit } from '../../functions/log/read.ts'
import type { Commit } from '../../functions/protocol/commit.ts'
import { countsOf } from '../../functions/protocol/state.ts'
import { readWholeLog } from '../../functions/readers/whole-log.ts'
import { defineCommand, factsJson, JSON_OPTION, wholeNumber } from '../command-line/command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../lakes/open-lake.ts'
import { print } from '../terminal/print.ts'
import { table } from '../terminal/table.ts'

/** In the order of what people look for: a narrow terminal leaves out the last ones. */
const COLUMNS = [
  ...['version', 'batch', 'operation', 'written', 'parked', 'quarantined', 'read', 'unmatched', 'filtered', 'no key'],
  ...['matched', 'files', 'committed'],
] as const

export default defineCommand(
  {
    purpose: 'Shows the commits, newest last, with their files and row counts.',
    options: {
      ...ANY_LAKE_OPTIONS,
      last: { type: 'string', default: '50', value: 'N', help: 'the most commits to show' },
      ...JSON_OPTION,
    },
  },
  async values => {
    const last = wholeNumber('last', values.last)
    const { store, layout } = await openAnyLake(values)
    const { state } = (await readWholeLog(store, layout)).log
    if (state.version < 0 && !values.json) return print('the log is empty: no run has committed anything yet')
    const commits: Facts[] = []
    for (let version = Math.max(0, state.version + 1 - last); version <= state.version; version++) {
      commits.push(factsOf(await needCommit(store, layout, version)))
    }
    if (values.json) return print(factsJson(commits))
    const rows = commits.map(({ version, batch, operation, rows, parked, quarantined, files, committedAt }) => [
      ...[version, batch, operation, rows?.written, parked, quarantined, rows?.read, rows?.unmatched, rows?.filtered],
      ...[rows?.nullKey, rows?.matched, files, committedAt.slice(0, 19)],
    ])
    print(
      table(
        COLUMNS,
        rows.map(row => row.map(value => value ?? null)),
      ),
    )
  },
)

type Facts = Pick<Commit, 'version' | 'operation' | 'batch' | 'attempt' | 'committedAt' | 'execution'> &
  Partial<Pick<ReturnType<typeof countsOf>, 'rows' | 'parked' | 'quarantined' | 'files'>>

/** What is told of a commit; an `abandon` has no counts. */
function factsOf(commit: Commit): Facts {
  const { version, operation, batch, attempt, committedAt, execution } = commit
  const subject = { version, operation, batch, attempt, committedAt, execution }
  if (commit.operation === 'abandon') return subject
  const { rows, parked, quarantined, files } = countsOf(commit)
  return { ...subject, rows, parked, quarantined, files }
}
