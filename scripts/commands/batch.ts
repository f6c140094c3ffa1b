import { Refusal, UsageError } from '../../functions/base/refusal.ts'
import { bytes, count, listed, many } from '../../functions/base/text.ts'
import { isBatchId } from '../../functions/lake/ids.ts'
import { type BatchFacts, describeBatch } from '../../functions/maintain/batch/describe-batch.ts'
import type { BronzeFile } from '../../functions/protocol/commit.ts'
import { countsOf } from '../../functions/protocol/state.ts'
import { readWholeLog } from '../../functions/readers/whole-log.ts'
import { defineCommand, factsJson, JSON_OPTION, wholeNumber } from '../command-line/command.ts'
import { sameLake } from '../command-line/same-lake.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../lakes/open-lake.ts'
import { reasonLines, rowsLine } from '../summary/summary.ts'
import { print } from '../terminal/print.ts'
import { table } from '../terminal/table.ts'

export default defineCommand(
  {
    purpose:
      'Shows one batch: its commits, rows, items and files, the files that were left out and why, and how its query differs ' +
      'from the batch before.',
    operand: { form: 'BATCH_ID', noun: 'batch id' },
    options: {
      ...ANY_LAKE_OPTIONS,
      limit: { type: 'string', default: '50', value: 'N', help: 'the most items and files to show' },
      ...JSON_OPTION,
    },
  },
  async (values, id) => {
    const limit = wholeNumber('limit', values.limit)
    if (!isBatchId(id)) {
      throw new UsageError(
        `${id} is not a batch id such as 20261124T071500Z-3f9a12cd: npx silversmith history lists them`,
      )
    }
    const where = sameLake(values)
    const lake = await openAnyLake(values)
    const { state } = (await readWholeLog(lake.store, lake.layout)).log
    const facts = await describeBatch(lake, state, id)
    if (!facts) throw new Refusal(`the log has no batch ${id}: npx silversmith history${where} lists them`)
    print(
      values.json
        ? factsJson(facts)
        : textOf(facts, { root: `${lake.uri}${lake.layout.roots.silver}`, limit, where }, id),
    )
  },
)

const FILE_COLUMNS = ['bronze file', 'read', 'written', 'unmatched', 'filtered', 'size']

/** The rules that rows of a file break: how many rows, and the first of them by their numbers. */
function brokenIn(broken: BronzeFile['broken'] = []): string {
  return broken.map(({ name, violated, rows }) => `${name} ${count(violated)} (row ${rows.join(', ')})`).join('; ')
}

interface Shown {
  /** The silver root's URI. */
  readonly root: string
  readonly limit: number
  /** The option that names the lake. */
  readonly where: string
}

function textOf(
  { commit, packedInto, absorbed, versions, before, waiting, items }: BatchFacts,
  { root, limit, where }: Shown,
  asked: string,
): string {
  const {
    batch,
    operation,
    committedAt,
    attempt,
    execution,
    location,
    customers,
    dimensions = [],
    bronze,
    rules,
  } = commit
  const { files, bytesRead, bytesWritten } = countsOf(commit)
  const itemRows = items
    .slice(0, limit)
    .map(({ silver, rows, bytes: size, files: sources }) => [silver, rows, bytes(size), listed(sources, 2)])
  const fileRows = bronze
    .slice(0, limit)
    .map(({ key, size, rows, broken }) => [
      ...[key, rows.read, rows.written, rows.unmatched, rows.filtered, bytes(size)],
      ...(rules ? [rows.rejected ?? 0, brokenIn(broken)] : []),
    ])
  const more = (shown: number, all: number) =>
    all > shown ? [`and ${count(all - shown)} more: --limit shows them`] : []
  return [
    ...(packedInto === null ? [] : [`${asked} was packed into ${packedInto}, which is shown:`]),
    `batch      ${batch} (${operation}, version ${commit.version}, ${committedAt})`,
    ...(versions.length > 1 ? [`versions   ${versions.join(', ')}: it was written again`] : []),
    ...(absorbed.length > 0 ? [`holds      ${many(absorbed.length, 'other batch')} too: ${listed(absorbed, 3)}`] : []),
    `attempt    ${attempt}`,
    `execution  ${execution}`,
    `silver     ${root}${location}`,
    `customers  ${customers ? `${many(customers.rows, 'row')}, ${customers.snapshot}` : 'none: the query does not join them'}`,
    ...dimensions.map(({ name, rows, snapshot }) => `${name.padEnd(10)} ${many(rows, 'row')}, ${snapshot}`),
    `files      ${many(files, 'bronze file')}, ${bytes(bytesRead)} → ${many(items.length, 'silver file')}, ${bytes(bytesWritten)}`,
    ...rowsLine(commit),
    ...waitingLines(waiting, where),
    ...reasonLines(commit),
    '',
    table(['item', 'rows', 'size', 'from'], itemRows),
    ...more(itemRows.length, items.length),
    ...(bronze.length > 0
      ? ['', table([...FILE_COLUMNS, ...(rules ? ['rejected', 'rules broken, and where first'] : [])], fileRows)]
      : []),
    ...more(fileRows.length, bronze.length),
    '',
    ...queryLines(commit.query.sql, before),
  ].join('\n')
}

/** What became of the reviews that a batch has parked. */
function waitingLines(waiting: number | null, where: string): string[] {
  if (waiting === null) return []
  if (waiting === 0) return ['parked     none of its reviews is still waiting: what was unmatched has its customer']
  return [
    `parked     of the unmatched ${many(waiting, 'review')} wait for their customer: npx silversmith parked${where}`,
  ]
}

function queryLines(sql: string, before: BatchFacts['before']): string[] {
  if (before && before.difference.length > 0)
    return [`query      differs from that of batch ${before.batch}:`, ...before.difference]
  return [`query      ${before ? `that of batch ${before.batch} too` : 'that of the first batch'}`, sql.trimEnd()]
}
