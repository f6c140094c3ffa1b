import assert from 'node:assert/strict'
import { type ColumnRef, evaluator } from '../../../functions/sql/evaluate.ts'
import type { Expr } from '../../../functions/sql/expr.ts'
import { printType } from '../../../functions/sql/type-text.ts'
import { compile } from '../../support/compile-query.ts'
import { type Cell, encodeCell } from '../cells.ts'
import { argumentColumn, readCalls, readFunctionAnswers } from './answers.ts'

const { spark, arguments: columns, answers } = await readFunctionAnswers()
const calls = await readCalls()
const args = Object.entries(columns).map(([name, cells]) => ({ name, ...argumentColumn(cells) }))
const refs: ColumnRef[] = args.map(({ name }) => ({ view: 'reviews', name }))
const rows = Array.from({ length: args[0]?.values.length ?? 0 }, (_, row) =>
  args.map(({ values }) => values[row] ?? null),
)

describe(`functions beside Spark ${spark}`, () => {
  let equal = 0
  const names = new Set<string>()
  after(() => {
    console.log(`    parity: ${equal} calls of ${names.size} functions and operators equal to Spark`)
  })

  for (const { sql, tolerance } of calls) {
    it(sql, async () => {
      const answer = answers[sql]
      assert.ok(answer, 'run test/parity/functions/spark.py: there is no answer of Spark')
      const { output } = await compile(`SELECT ${sql} AS result FROM bronze_reviews`, args)
      const [column] = output
      assert.ok(column)
      assert.equal(printType(column.type), answer.type)
      const evaluate = evaluator(column.expr, refs)
      const wrong: string[] = []
      for (const [i, row] of rows.entries()) {
        const cell = encodeCell(evaluate(row), column.type)
        const wanted = answer.cells[i] ?? null
        if (cell === null) assert.ok(column.nullable, 'is said never to be NULL')
        if (isAlike(cell, wanted, tolerance)) equal++
        else wrong.push(`${shown(column.expr, row)}: ${JSON.stringify(cell)}, and Spark has ${JSON.stringify(wanted)}`)
      }
      assert.equal(wrong.length, 0, `${wrong.length} rows differ\n${wrong.slice(0, 5).join('\n')}`)
      namesIn(column.expr).forEach(name => {
        names.add(name)
      })
      names.add(/^\w+(?=\()/.exec(sql)?.[0] ?? sql)
    })
  }
})

/** Doubles may be so many units in the last place away. */
function isAlike(cell: Cell, wanted: Cell, tolerance: number): boolean {
  if (cell === wanted) return true
  if (typeof cell === 'object') return JSON.stringify(cell) === JSON.stringify(wanted)
  if (tolerance === 0 || typeof cell !== 'number' || typeof wanted !== 'number') return false
  return Math.abs(cell - wanted) <= tolerance * 2 ** -52 * Math.abs(wanted)
}

function namesIn(expr: Expr): string[] {
  return expr.op === 'call' ? [expr.name, ...expr.args.flatMap(namesIn)] : []
}

/** The values of the columns that the expression reads. */
function shown(expr: Expr, row: readonly unknown[]): string {
  const used = new Set(columnNames(expr))
  return args.flatMap(({ name }, i) => (used.has(name) ? [`${name} = ${print(row[i])}`] : [])).join(', ')
}

function columnNames(expr: Expr): string[] {
  if (expr.op === 'column') return [expr.name]
  return expr.op === 'call' ? expr.args.flatMap(columnNames) : []
}

function print(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(print).join(', ')}]`
  return value instanceof Uint8Array
    ? Buffer.from(value).toString('hex')
    : typeof value === 'string'
      ? JSON.stringify(value)
      : String(value)
}
