import assert from 'node:assert/strict'
import { printType } from '../../functions/sql/type-text.ts'
import type { SqlType } from '../../functions/sql/types.ts'
import { resolveOver, runStatic, type Table } from '../engine/static/run-static.ts'
import { encodeCell } from './cells.ts'
import { type LakeFile, readLake, viewColumns } from './lake.ts'
import { readAnswers, readQueries } from './queries.ts'

const queries = (await readQueries()).filter(({ kind }) => kind === 'static')
const answers = await readAnswers('static.json')

describe(`parity of queries over static tables with Spark ${answers.spark}`, () => {
  let tables: Readonly<Record<string, Table>>
  let equal = 0
  before(async () => {
    const { reviews, tables: files } = await readLake()
    tables = { reviews: tableOf(reviews), customers: tableOf(files.customers ?? []) }
  })
  after(() => {
    console.log(`    parity: ${equal} of ${queries.length} static queries equal to Spark`)
  })

  for (const { name, sql } of queries) {
    it(name, async () => {
      const answer = answers.queries[name]
      assert.ok(answer && 'rows' in answer, 'run test/parity/expect.py: there is no answer of Spark')
      const { columns } = resolveOver(sql, tables)
      const types = columns.map(({ operand }) => operand.type)
      assert.deepEqual(
        columns.map(({ name }, i) => `${name} ${printType(types[i] ?? 'void')}`),
        answer.schema.map(([name, type]) => `${name} ${type}`),
      )
      const rows = await runStatic(sql, tables)
      const cells = rows.map(row => JSON.stringify(row.map((value, i) => encodeCell(value, typeOf(types[i])))))
      assert.deepEqual(cells.sort(), answer.rows.map(row => JSON.stringify(row)).sort())
      equal++
    })
  }
})

/** A column of NULLs alone has no type, and nothing but NULLs. */
function typeOf(type: SqlType | 'void' | undefined): SqlType {
  return type === undefined || type === 'void' ? 'string' : type
}

/** All rows of some files, with the columns of all and of their paths. */
function tableOf(files: readonly LakeFile[]): Table {
  const columns = viewColumns(files)
  const rows = files.flatMap(({ columns: own, rows, path }) => {
    const places = columns.map(({ name }) => own.findIndex(column => column.name === name))
    return rows.map(row => columns.map(({ name }, i) => path?.[name] ?? row[places[i] ?? -1] ?? null))
  })
  return { columns, rows }
}
