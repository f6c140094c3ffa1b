import type { ChangedRow, RowCells, RowDifference } from '../../../functions/adapters/duckdb/compare-rows.ts'
import { bytes, count, duration, many } from '../../../functions/base/text.ts'
import type { Rows } from '../../../functions/protocol/commit.ts'
import { printType } from '../../../functions/sql/type-text.ts'
import type { Column } from '../../../functions/sql/types.ts'
import { goneLines } from '../../summary/doubts.ts'
import type { Workload } from '../../summary/price.ts'
import { table, terminalWidth } from '../../terminal/table.ts'
import type { BatchDifference } from './compare-batches.ts'

/** What would become of one batch, in lines. */
export function batchText(difference: BatchDifference, width = terminalWidth()): string {
  const { batch } = difference
  if (difference.refused !== null) return `batch      ${batch}\nrefused    ${difference.refused}\n`
  const { rows, counts, waiting } = difference
  const lines = [
    `batch      ${batch}`,
    `rows       ${arrow(rows.before, rows.after)}: ${rowWords(rows)}`,
    ...countLines(counts.before, counts.after),
    ...(waiting.before === waiting.after ? [] : [`waiting    ${arrow(waiting.before, waiting.after)} reviews`]),
  ]
  if (rows.columns.length > 0) {
    const cells = rows.columns.map(({ name, rows, wasNull, isNull }) => [name, rows, wasNull, isNull])
    lines.push('', table(['column', 'changed', 'was NULL', 'now NULL'], cells, width))
  }
  const { changed, gone, added } = rows.sample
  if (changed.length > 0)
    lines.push('', shown('changed', changed, rows.changed), changedTable(changed, rows.key, width))
  if (gone.length > 0) lines.push('', shown('gone', gone, rows.gone), rowTable(gone, rows.key, width))
  if (added.length > 0) lines.push('', shown('added', added, rows.added), rowTable(added, rows.key, width))
  return `${lines.join('\n')}\n`
}

function arrow(before: number, after: number): string {
  return `${count(before)} → ${count(after)}`
}

function rowWords({
  same,
  changed,
  gone,
  added,
  key,
}: Pick<RowDifference, 'same' | 'changed' | 'gone' | 'added' | 'key'>): string {
  if (changed + gone + added === 0) return 'all the same'
  const by = key.length > 0 ? ` (by ${key.join(', ')})` : ''
  return `${count(same)} the same, ${count(changed)} changed${by}, ${count(gone)} gone, ${count(added)} added`
}

const COUNTS = [
  ['generated', 'generated'],
  ['filtered', 'filtered'],
  ['rejected', 'rejected'],
  ['nullKey', 'no key'],
  ['unmatched', 'unmatched'],
  ['matched', 'matched'],
] as const

/** The counts of the rows that were read which would be others. */
function countLines(before: Rows, after: Rows): string[] {
  const others = COUNTS.flatMap(([name, word]) => {
    const [old = 0, now = 0] = [before[name], after[name]]
    return old === now ? [] : [`${word} ${arrow(old, now)}`]
  })
  return others.length === 0 ? [] : [`read       ${others.join(', ')}`]
}

function shown(what: string, rows: readonly unknown[], all: number): string {
  return rows.length === all ? `${what}:` : `${what}, ${count(rows.length)} of ${count(all)}:`
}

/** Old and new values side by side, a line for each that differs. */
function changedTable(rows: readonly ChangedRow[], key: readonly string[], width: number): string {
  const cells = rows.flatMap(({ key: values, before, after }) =>
    Object.keys(before).map((name, i) => [
      ...key.map(each => (i === 0 ? values[each] : '')),
      ...[name, before[name], after[name]],
    ]),
  )
  return table([...key, 'column', 'before', 'after'], cells, width, key)
}

/** Whole rows, those columns first by which they are known. */
function rowTable(rows: readonly RowCells[], key: readonly string[], width: number): string {
  const others = Object.keys(rows[0] ?? {}).filter(name => !key.includes(name))
  const columns = [...key, ...others]
  const cells = rows.map(row => columns.map(name => row[name]))
  return table(columns, cells, width, key)
}

/** What comes behind the batches. */
export interface DiffEnd {
  readonly differences: readonly BatchDifference[]
  readonly added: readonly Column[]
  readonly gone: readonly string[]
  readonly ddl: string | null
  /** The batches that were compared, and all of the log, each with what it takes to write them again. */
  readonly costs: readonly { readonly work: Workload; readonly usd: number; readonly milliseconds: number }[]
  /** The options that the command for it is given. */
  readonly where: string
  /** Whether the query has to be deployed before. */
  readonly isStage: boolean
}

/** The sum of the batches, the columns, and what it takes to do it. */
export function endText({ differences, added, gone, ddl, costs, where, isStage }: DiffEnd): string {
  const lines: string[] = []
  const rows = differences.flatMap(each => (each.refused === null ? [each.rows] : []))
  if (rows.length > 1) {
    const sum = (name: 'before' | 'after' | 'same' | 'changed' | 'gone' | 'added') =>
      rows.reduce((total, each) => total + each[name], 0)
    const all = { same: sum('same'), changed: sum('changed'), gone: sum('gone'), added: sum('added') }
    lines.push(
      `in all     ${many(rows.length, 'batch')}, rows ${arrow(sum('before'), sum('after'))}: ${rowWords({ ...all, key: [] })}`,
    )
  }
  if (added.length > 0) {
    lines.push(`new        ${added.map(({ name, type }) => `${name} ${printType(type)}`).join(', ')}`)
  }
  if (ddl !== null) lines.push(`DDL        ${ddl}`)
  lines.push(...goneLines(gone))
  for (const { work, usd, milliseconds } of costs) {
    const price = `about $${usd < 0.01 ? usd.toFixed(4) : usd.toFixed(2)} at AWS list prices`
    lines.push(
      `to write ${many(work.passes, 'batch')} again: ${many(work.files, 'file')}, ${bytes(work.bytes)}, about ${duration(milliseconds)} of joining here, ${price}`,
    )
  }
  const differs = differences.some(
    each => each.refused === null && each.rows.same < Math.max(each.rows.before, each.rows.after),
  )
  lines.push(
    differs
      ? `nothing was written; to do it: ${isStage ? 'deploy the query, then ' : ''}npx silversmith backfill${where} --reprocess --all, or --batch ID`
      : 'nothing was written, and nothing would change in these batches',
  )
  return lines.join('\n')
}
