import assert from 'node:assert/strict'
import type { Expr } from '../../../functions/sql/expr.ts'
import { sparkFunctions } from '../../support/spark-functions.ts'
import type { Cell } from '../cells.ts'
import { readFunctionAnswers, wrongBlocks } from './answers.ts'
import { argumentColumns, argumentDigest, BLOCK, ROWS_IN_FULL } from './arguments.ts'
import { evaluateCall, isAlike, readCalls } from './calls.ts'
import { CallCounts, ENOUGH } from './counts.ts'
import { FEW } from './few.ts'
import { shownRow } from './shown.ts'

const { spark, arguments: asked, answers } = await readFunctionAnswers()
const calls = await readCalls()
const columns = argumentColumns()
const { there } = await sparkFunctions()

describe(`functions beside Spark ${spark}`, () => {
  const counts = new CallCounts(columns, there)
  after(() => {
    console.log(`    parity: ${counts.summary()} equal to Spark`)
  })

  it('have the arguments that Spark was asked about', () => {
    assert.equal(
      argumentDigest(columns),
      asked,
      'run test/parity/functions/ask.ts: the arguments are not those of the answers',
    )
  })

  for (const { sql, tolerance } of calls) {
    it(sql, async () => {
      const answer = answers[sql]
      assert.ok(answer, 'run test/parity/functions/ask.ts: there is no answer of Spark')
      const { expr, type, nullable, cells } = await evaluateCall(sql, columns)
      assert.equal(type, answer.type)
      assert.ok(nullable || !cells.includes(null), 'is said never to be NULL')
      const wrong = answer.cells.flatMap((wanted, row) => {
        const cell = cells[row] ?? null
        if (isAlike(cell, wanted, tolerance)) return []
        return `${shownRow(columns, expr, row)}: ${JSON.stringify(cell)}, and Spark has ${JSON.stringify(wanted)}`
      })
      assert.equal(
        wrong.length,
        0,
        `${wrong.length} of the first ${ROWS_IN_FULL} rows differ\n${wrong.slice(0, 5).join('\n')}`,
      )
      const [block, ...more] = wrongBlocks(cells, answer, tolerance)
      if (block !== undefined) assert.fail(`${more.length + 1} blocks differ; ${shownBlock(sql, block, expr, cells)}`)
      counts.add(sql, expr)
    })
  }

  it(`are each compared on ${ENOUGH} different arguments, but for those that have no more`, () => {
    assert.deepEqual(counts.few(), [...FEW.keys()].sort())
  })
})

/** What is known of a block without Spark's answers, and how to get those. */
function shownBlock(sql: string, first: number, expr: Expr, cells: readonly Cell[]): string {
  const ours = cells
    .slice(first, first + BLOCK)
    .map((cell, i) => `${shownRow(columns, expr, first + i)}: ${JSON.stringify(cell)}`)
  const command = `PYSPARK_PYTHON=.venv/bin/python node test/parity/functions/ask.ts '${sql.replaceAll("'", "'\\''")}'`
  return `ours to rows ${first} to ${first + BLOCK - 1}:\n${ours.join('\n')}\n${command}\nshows which of them Spark has otherwise`
}
