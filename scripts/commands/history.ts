import { count } from '../../functions/base/text.ts'
import { needCommit } from '../../functions/log/read.ts'
import type { Commit, RuleCount } from '../../functions/protocol/commit.ts'
import { countsOf } from '../../functions/protocol/state.ts'
import { readWholeLog } from '../../functions/readers/whole-log.ts'
import { defineCommand, factsJson, JSON_OPTION, wholeNumber } from '../command-line/command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../lakes/open-lake.ts'
import { print } from '../terminal/print.ts'
import { table } from '../terminal/table.ts'

/** In the order of what people look for: a narrow terminal leaves out the last ones. */
const COLUMNS: Readonly<Record<string, (facts: Facts) => string | number | undefined>> = {
  version: ({ version }) => version,
  batch: ({ batch }) => batch,
  operation: ({ operation }) => operation,
  'packed into': ({ packedInto }) => packedInto,
  written: ({ rows }) => rows?.written,
  parked: ({ parked }) => parked,
  quarantined: ({ quarantined }) => quarantined,
  rejected: ({ rows, rules }) => rules && (rows?.rejected ?? 0),
  read: ({ rows }) => rows?.read,
  generated: ({ rows }) => rows?.generated,
  unmatched: ({ rows }) => rows?.unmatched,
  filtered: ({ rows }) => rows?.filtered,
  'no key': ({ rows }) => rows?.nullKey,
  matched: ({ rows }) => rows?.matched,
  files: ({ files }) => files,
  committed: ({ committedAt }) => committedAt.slice(0, 19),
  'rules broken': ({ rules }) => rules && brokenRules(rules),
}

/** The columns that only commits of queries with rules have. */
const OF_RULES: readonly string[] = ['rejected', 'rules broken']

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
      const facts = factsOf(await needCommit(store, layout, version))
      const holder = state.holderOf(facts.batch)
      commits.push({ ...facts, ...(holder !== facts.batch && { packedInto: holder }) })
    }
    if (values.json) return print(factsJson(commits))
    const hasRules = commits.some(({ rules }) => rules)
    const hasMore = commits.some(({ rows }) => rows?.generated !== undefined)
    const hasPacked = commits.some(({ packedInto }) => packedInto !== undefined)
    const columns = Object.entries(COLUMNS).filter(
      ([name]) =>
        (hasRules || !OF_RULES.includes(name)) &&
        (hasMore || name !== 'generated') &&
        (hasPacked || name !== 'packed into'),
    )
    print(
      table(
        columns.map(([name]) => name),
        commits.map(facts => columns.map(([, cell]) => cell(facts) ?? null)),
      ),
    )
  },
)

type Facts = Pick<Commit, 'version' | 'operation' | 'batch' | 'attempt' | 'committedAt' | 'execution'> &
  Partial<Pick<ReturnType<typeof countsOf>, 'rows' | 'parked' | 'quarantined' | 'files' | 'rejected' | 'rules'>> & {
    /** The batch that its batch is a part of now, where that is another. */
    readonly packedInto?: string
  }

/** What is told of a commit; an `abandon` has no counts. */
function factsOf(commit: Commit): Facts {
  const { version, operation, batch, attempt, committedAt, execution } = commit
  const subject = { version, operation, batch, attempt, committedAt, execution }
  if (commit.operation === 'abandon') return subject
  const { rows, parked, quarantined, files, rejected, rules } = countsOf(commit)
  return { ...subject, rows, parked, quarantined, files, ...(commit.rules && { rejected, rules }) }
}

/** The rules that rows break, with how many. */
function brokenRules(rules: readonly RuleCount[]): string {
  return rules.flatMap(({ name, violated }) => (violated > 0 ? [`${name} ${count(violated)}`] : [])).join(', ')
}
