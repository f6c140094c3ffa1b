import { readFile } from 'node:fs/promises'
import { type ColumnRef, evaluator } from '../../../functions/sql/evaluate.ts'
import type { Expr } from '../../../functions/sql/expr.ts'
import { printType } from '../../../functions/sql/type-text.ts'
import { compile } from '../../support/compile-query.ts'
import { type Cell, encodeCell } from '../cells.ts'
import type { ArgumentColumn } from './arguments.ts'

/** A call of calls.txt. */
export interface SparkCall {
  readonly sql: string
  /** How many units in the last place a double may be away from Spark's. */
  readonly tolerance: number
}

/** `abs(@) @ i x` stands for `abs(i)` and `abs(x)`. */
export async function readCalls(): Promise<SparkCall[]> {
  const text = await readFile(new URL('calls.txt', import.meta.url), 'utf8')
  return text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .flatMap(line => {
      const near = /^~\w+\(/.test(line)
      const [, call = line, choices = '@'] = /^(.+) @ (.+)$/.exec(line) ?? []
      return choices
        .split(' ')
        .map(choice => ({ sql: call.slice(near ? 1 : 0).replaceAll('@', () => choice), tolerance: near ? 2 : 0 }))
    })
}

/** What we answer to a call, row by row. */
export interface Evaluated {
  readonly expr: Expr
  readonly type: string
  readonly nullable: boolean
  readonly cells: readonly Cell[]
}

export async function evaluateCall(sql: string, columns: readonly ArgumentColumn[]): Promise<Evaluated> {
  const { output } = await compile(`SELECT ${sql} AS result FROM bronze_reviews`, columns)
  const [column] = output
  if (!column) throw new RangeError(`no output column of ${sql}`)
  const used = columns.filter(({ name }) => columnNames(column.expr).has(name))
  const refs: ColumnRef[] = used.map(({ name }) => ({ view: 'reviews', name }))
  const evaluate = evaluator(column.expr, refs)
  const cells = Array.from({ length: columns[0]?.values.length ?? 0 }, (_, i) =>
    encodeCell(evaluate(used.map(({ values }) => values[i] ?? null)), column.type),
  )
  return { expr: column.expr, type: printType(column.type), nullable: column.nullable, cells }
}

/** The columns that an expression reads. */
export function columnNames(expr: Expr): ReadonlySet<string> {
  return new Set(walk(expr).flatMap(part => (part.op === 'column' ? [part.name] : [])))
}

/** The functions and operators that an expression calls. */
export function callNames(expr: Expr): ReadonlySet<string> {
  return new Set(walk(expr).flatMap(part => (part.op === 'call' ? [part.name] : [])))
}

function walk(expr: Expr): Expr[] {
  if (expr.op === 'lambda') return [expr, ...walk(expr.body)]
  return expr.op === 'call' ? [expr, ...expr.args.flatMap(walk)] : [expr]
}

/** Cells are alike if they are equal, or doubles so many units in the last place apart. */
export function isAlike(cell: Cell, wanted: Cell, tolerance: number): boolean {
  if (cell === wanted) return true
  if (typeof cell === 'object') return JSON.stringify(cell) === JSON.stringify(wanted)
  if (tolerance === 0 || typeof cell !== 'number' || typeof wanted !== 'number') return false
  return Math.abs(cell - wanted) <= tolerance * 2 ** -52 * Math.abs(wanted)
}
